#!/usr/bin/env bash
# Everything that can be judged without running the program: style, types, import rules, data.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin

echo "ruff";        $bin/ruff check -q . && $bin/ruff format -q --check .
echo "mypy";        $bin/mypy
echo "imports";     $bin/lint-imports --no-cache
echo "catalogue";   $bin/python -m bot.catalogue.check
echo "training data"
$bin/rasa data validate --fail-on-warnings --data data/nlu data/rules data/stories 2>&1 | tail -n 20
