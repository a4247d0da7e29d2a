#!/usr/bin/env bash
# Everything that can be judged without running the program: style, types, import rules, data.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin

echo "style"
$bin/ruff check -q .
$bin/ruff format -q --check .
echo "types"
$bin/mypy
echo "imports"
$bin/lint-imports --no-cache | tail -n 12
echo "catalogue"
$bin/python -W ignore -m bot.catalogue.check
echo "training data"
PYTHONWARNINGS=ignore TQDM_DISABLE=1 $bin/rasa data validate --fail-on-warnings --data data/nlu data/rules data/stories
