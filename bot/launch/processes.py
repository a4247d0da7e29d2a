"""The three processes under supervisord: started together, restarted when one crashes, stopped together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Dict, List, Optional

import httpx

from bot.settings import ROOT, Settings

PARTS = ("rasa", "actions", "gateway")
READY_SECONDS = 180

# one thread for small matrices halves the CPU at the same latency; the warnings are those of pinned libraries
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}

SUPERVISOR = """\
[supervisord]
nodaemon=true
silent=true
logfile={var}/log/supervisord.log
pidfile={var}/supervisord.pid
childlogdir={var}/log
"""

PROGRAM = """
[program:{part}]
command={python} -m bot {part}
directory={root}
autorestart=true
startsecs=3
startretries=20
stopsignal=TERM
stopwaitsecs=15
killasgroup=true
redirect_stderr=true
stdout_logfile={var}/log/{part}.log
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=3
"""


class Processes:
    """Gateway, rasa and action server, watched over by one supervisord."""

    def __init__(self, config: Settings, environment: Dict[str, str]) -> None:
        self.config = config
        self.environment = {**os.environ, **ENVIRONMENT, **environment}
        self.logs = config.var_dir / "log"
        self._supervisord: Optional[subprocess.Popen[bytes]] = None

    def start(self) -> None:
        """Start supervisord in the foreground of this terminal; Ctrl-C reaches it and it stops the parts."""
        self.logs.mkdir(parents=True, exist_ok=True)
        path = self.config.var_dir / "supervisord.conf"
        path.write_text(supervisor_config(self.config.var_dir))
        self._supervisord = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "supervisor.supervisord", "-c", str(path)],
            cwd=ROOT,
            env=self.environment,
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._pass_on)

    def wait_until_ready(self, tell: Callable[[str], None]) -> List[str]:
        """Wait for every part; returns the names of those that did not come up in READY_SECONDS."""
        missing = list(PARTS)
        deadline = time.monotonic() + READY_SECONDS
        while missing and time.monotonic() < deadline and self.is_running():
            health = self._health()
            for part in [name for name in missing if health.get(name)]:
                missing.remove(part)
                tell(part)
            time.sleep(0.2)
        return missing

    def is_running(self) -> bool:
        """Whether supervisord still runs."""
        return self._supervisord is not None and self._supervisord.poll() is None

    def wait(self) -> int:
        """Wait until supervisord has stopped everything; its exit code."""
        assert self._supervisord is not None
        return self._supervisord.wait()

    def stop(self) -> None:
        """Ask supervisord to stop everything."""
        if self._supervisord is not None:
            self._supervisord.terminate()

    def _pass_on(self, number: int, _frame: object) -> None:
        # The terminal's Ctrl-C has reached supervisord too; a second SIGTERM does it no harm.
        self.stop()

    def _health(self) -> Dict[str, bool]:
        try:
            host = "127.0.0.1" if self.config.host == "0.0.0.0" else self.config.host
            answer = httpx.get(f"http://{host}:{self.config.port}/healthz", timeout=2, trust_env=False)
            parts = answer.json()["parts"]
        except (httpx.HTTPError, ValueError, KeyError):
            return {}
        return {"gateway": True, **{part: parts.get(part, {}).get("ok", False) for part in ("rasa", "actions")}}


def supervisor_config(var: Path) -> str:
    """The configuration of supervisord."""
    programs = (PROGRAM.format(part=part, python=sys.executable, root=ROOT, var=var) for part in PARTS)
    return SUPERVISOR.format(var=var) + "".join(programs)
