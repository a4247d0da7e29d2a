"""A Rasa process that is killed at any moment: every message moves the dialogue exactly once."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import httpx
import pytest

from bot.channels.rasa.tracker_store import HeyuTrackerStore
from bot.settings import ROOT
from tests.channels.rasa.action_server import ActionServer
from tests.channels.rasa.client import HEADERS, stored_events

MESSAGES = 12


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """Rasa in a process of its own, started again on the same port after each kill."""

    def __init__(self, forks: "subprocess.Popen[str]") -> None:
        self.forks = forks
        self.port = free_port()
        self.pid: Optional[int] = None
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}/webhooks/heyu", headers=HEADERS, timeout=30)

    def start(self) -> None:
        """Start it and wait until it takes turns."""
        self.forks.stdin.write(f"{self.port}\n")
        self.forks.stdin.flush()
        self.pid = int(self.forks.stdout.readline())
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if self.client.get("/health").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise TimeoutError("rasa did not start")

    def kill(self) -> None:
        """kill -9."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)

    def post(self, message_id: str) -> Optional[httpx.Response]:
        """One message; None when the process died meanwhile."""
        body = {"conversation_id": "c", "message_id": message_id, "kind": "text", "text": "both"}
        try:
            return self.client.post("/turns", json=body)
        except httpx.TransportError:
            return None


@pytest.fixture
def process(model: Path, actions: ActionServer, own_var_dir: Path) -> Iterator[Process]:
    environment = {**os.environ, "HEYU_ACTIONS_URL": actions.url, "HEYU_VAR_DIR": str(own_var_dir)}
    command = [sys.executable, "-m", "tests.channels.rasa.forks", str(model)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as forks:
        running = Process(forks)
        try:
            running.start()
            yield running
        finally:
            running.kill()
            running.client.close()
            forks.stdin.close()


def turns(events: List[Dict[str, Any]]) -> List[List[str]]:
    """For each message of the tracker: its id and what followed it."""
    found: List[List[str]] = []
    for event in events:
        if event["event"] == "user":
            found.append([event["message_id"]])
        elif found and event["event"] in ("action", "bot"):
            found[-1].append(event.get("name", "bot"))
    return found


def test_every_message_counts_once_however_often_the_process_is_killed(process: Process, actions: ActionServer) -> None:
    chance = random.Random(20240601)
    actions.told.update(action_first=0.02, action_second=0.02)
    kills, answers = 0, []
    for number in range(MESSAGES):
        murder = threading.Timer(chance.uniform(0, 0.12), process.kill)
        murder.start()
        answer = process.post(f"m{number}")
        murder.join()
        process.start()
        if answer is None:
            kills += 1
            answer = process.post(f"m{number}")
        assert answer.status_code == 200, answer.text
        assert process.post(f"m{number}").json() == answer.json()
        answers.append(answer.json())
    expected = ["action_first", "bot", "action_second", "bot", "action_listen"]
    assert turns(stored_events(HeyuTrackerStore(), "c")) == [[f"m{n}", *expected] for n in range(MESSAGES)]
    assert kills > 2
    assert [len(answer["replies"]) for answer in answers] == [2] * MESSAGES
