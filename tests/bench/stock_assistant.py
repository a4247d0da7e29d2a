"""Rasa's stock configuration on the same data, spoken to through its own REST channel."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, List, Tuple

import httpx

from bot.ids import new_id
from bot.launch.model import TRAINING_DATA
from bot.settings import ROOT
from tests.bench.measure import Figures, measure
from tests.bench.ours import memory
from tests.stack import Stack, free_ports

STOCK = Path(__file__).with_name("stock")
READY_SECONDS = 300


class RestCustomer:
    """A customer of the REST channel."""

    def __init__(self, base_url: str) -> None:
        self.http = httpx.AsyncClient(base_url=base_url, timeout=120, trust_env=False)
        self.sender = new_id()

    async def say(self, text: str) -> List[Dict[str, object]]:
        """Say it; the answer is the body."""
        answer = await self.http.post("/webhooks/rest/webhook", json={"sender": self.sender, "message": text})
        answer.raise_for_status()
        return list(answer.json())

    async def close(self) -> None:
        """Leave."""
        await self.http.aclose()


def train(folder: Path) -> float:
    """Train the stock model into `folder`; returns the seconds."""
    started = time.perf_counter()
    _rasa("train", "--config", STOCK / "config.yml", "--data", *TRAINING_DATA, "--out", folder, "--force").wait()
    return time.perf_counter() - started


async def figures(folder: Path) -> Tuple[Figures, float]:
    """Figures and the memory of the rasa process in MB, with the model that `train` made in `folder`."""
    stack = Stack(folder / "var")
    port = free_ports(1)[0]
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(
        f"action_endpoint:\n  url: http://127.0.0.1:{stack.ports['actions']}/webhook\n"
        f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder / 'trackers.db'}\n"
    )
    (folder / "credentials.yml").write_text("rest:\n")
    try:
        # the gateway is there for its database, which the actions read and write
        stack.start("actions", "gateway")
        server = _rasa(
            "run", "-i", "127.0.0.1", "-p", port, "--model", folder, "--endpoints", endpoints,
            "--credentials", folder / "credentials.yml", environment=stack.environment("rasa"),
        )  # fmt: skip
        try:
            _wait(port)
            result = await measure(lambda: _customer(f"http://127.0.0.1:{port}"))
            return result, memory(server.pid)
        finally:
            server.terminate()
            server.wait()
    finally:
        stack.stop()
        shutil.rmtree(stack.var)


async def _customer(base_url: str) -> RestCustomer:
    return RestCustomer(base_url)


def _wait(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/version", trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise TimeoutError("the stock assistant did not come up")


def _rasa(*arguments: object, environment: Dict[str, str] | None = None) -> "subprocess.Popen[bytes]":
    rasa = Path(sys.executable).with_name("rasa")
    # the one thread that suits our pipeline is not forced on TensorFlow
    own = {name: value for name, value in (environment or os.environ).items() if name != "OMP_NUM_THREADS"}
    return subprocess.Popen([str(rasa), *map(str, arguments)], cwd=ROOT, env=own)
