"""The assistant as it is run: through the gateway's Socket.IO."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Tuple

import psutil

from bot.launch.model import train_into
from tests.bench.measure import Figures, measure
from tests.chat_client import ChatClient
from tests.stack import Stack


def training_seconds() -> float:
    """How long a training takes when the sentence embeddings are known, as after a change of some sentences."""
    folder = Path(tempfile.mkdtemp())
    try:
        started = time.perf_counter()
        train_into(folder / "bench.tar.gz", force=True)
        return time.perf_counter() - started
    finally:
        shutil.rmtree(folder)


async def figures() -> Tuple[Figures, float]:
    """Figures and the memory of the rasa process in MB after the load."""
    stack = Stack(Path(tempfile.mkdtemp()) / "var")
    try:
        stack.start()
        result = await measure(lambda: ChatClient(stack.base_url).open())
        return result, memory(stack.pid("rasa"))
    finally:
        stack.stop()
        shutil.rmtree(stack.var.parent)


def memory(pid: int) -> float:
    """Resident memory of a process and its children, in MB."""
    process = psutil.Process(pid)
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 2**20
