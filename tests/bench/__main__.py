"""`make bench`: ours and the stock configuration in one run, as one table, kept in docs/benchmarks.md.

`make bench B=ours` measures ours alone, in some minutes, and keeps nothing: the stock training takes much longer.
"""

import asyncio
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import List, Tuple

import tests.conftest  # noqa: F401  the throw-away secrets of the processes under test
from bot import clock
from bot.settings import ROOT
from tests.bench import ours, stock_assistant
from tests.bench.measure import Figures

PAGE = ROOT / "docs" / "benchmarks.md"

HEAD = """\
# Benchmarks

Written by `make bench` on {day}. Both assistants have the same training data, domain, actions and machine (2 cores),
and run one after the other. *Stock* is `tests/bench/stock`: JiebaTokenizer, CountVectors, DIET (100 epochs),
Memoization, TED and RulePolicy behind Rasa's REST channel. Ours is measured through the whole gateway: Socket.IO,
message log, inbox, `/turns`, action server and back.

| figure | ours | stock | ours / stock | target |
|---|---|---|---|---|
"""


def main() -> None:
    """Measure what was asked for."""
    if sys.argv[1:] == ["ours"]:
        measure_ours()
    else:
        measure_both()


def measure_ours() -> None:
    """Print the figures of ours."""
    seconds = ours.training_seconds()
    figures, memory = asyncio.run(ours.figures())
    print(*(f"{name:<12}{value:10.1f}" for name, value in asdict(figures).items()), sep="\n")
    print(f"training    {seconds:10.1f} s\nmemory      {memory:10.1f} MB")


def measure_both() -> None:
    """Measure both, print the table, keep it."""
    folder = Path(tempfile.mkdtemp())
    try:
        training = (ours.training_seconds(), stock_assistant.train(folder))
        own, own_memory = asyncio.run(ours.figures())
        stock, stock_memory = asyncio.run(stock_assistant.figures(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    page = HEAD.format(day=clock.today()) + "".join(_rows(own, stock, training, (own_memory, stock_memory)))
    PAGE.write_text(page, encoding="utf-8")
    print(page)


def _rows(own: Figures, stock: Figures, training: Tuple[float, float], memory: Tuple[float, float]) -> List[str]:
    growth = (own.turn_200 / own.turn_10, stock.turn_200 / stock.turn_10)
    return [
        _row("message p50, 1 conversation", "ms", own.single_p50, stock.single_p50, "≤ 1/2"),
        _row("message p95, 1 conversation", "ms", own.single_p95, stock.single_p95, "≤ 1/3"),
        _row("message p50, 20 conversations", "ms", own.crowd_p50, stock.crowd_p50, ""),
        _row("message p95, 20 conversations", "ms", own.crowd_p95, stock.crowd_p95, ""),
        _row("throughput, 20 conversations", "messages/s", own.throughput, stock.throughput, "≥ 4"),
        _row("training time", "s", *training, "≤ 1/4"),
        _row("memory of the rasa process", "MB", *memory, "≤ 1/2"),
        f"| latency at turn 200 / at turn 10 | {growth[0]:.2f} | {growth[1]:.2f} | | ours ≤ 1.2 |\n",
    ]


def _row(name: str, unit: str, own: float, stock: float, target: str) -> str:
    return f"| {name} ({unit}) | {own:.1f} | {stock:.1f} | {own / stock:.2f} | {target} |\n"


main()
