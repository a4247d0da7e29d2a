# The index of the project: `make help`.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export OMP_NUM_THREADS := 1
export TF_CPP_MIN_LOG_LEVEL := 3

.PHONY: help setup run test lint bench seed lock

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## make or refresh the Python environment (.venv) from requirements.lock
	@bash scripts/setup.sh

run: setup  ## start the assistant: http://localhost:8000
	@$(PYTHON) -W ignore -m bot run

test: setup  ## run the tests; T=path for a part, SERVICES=1 for PostgreSQL, Redis and RabbitMQ too
	@$(PYTHON) -W ignore -m bot train
	@$(PYTHON) -m pytest $(T)

lint: setup  ## style, types, import rules, training data
	@bash scripts/lint.sh

bench: setup  ## measure speed against the stock configuration, print a table; B=ours is quick
	@$(PYTHON) -W ignore -m bot train
	@$(PYTHON) -W ignore -m tests.bench $(B)

seed: setup  ## put a demonstration customer with a policy into the database
	@$(PYTHON) -W ignore -m bot seed

lock: setup  ## resolve pyproject.toml anew into requirements.lock
	@PATH=".uv/bin:$$PATH" uv pip compile -q pyproject.toml --extra dev --python-version 3.10 --generate-hashes --no-header --no-emit-index-url --upgrade -o requirements.lock
