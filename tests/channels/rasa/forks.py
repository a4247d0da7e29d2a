"""Imports Rasa once, then forks a real Rasa process for each line read, and writes its process id."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Serve the model of the command line in a fork for each line `<port>`."""
    import skops.io  # noqa: F401  (what takes the time, in the order of bot/channels/rasa/run.py)

    import rasa.core.run  # noqa: F401  isort: skip

    from bot.channels.rasa.connector import TurnsInput  # noqa: F401
    from bot.channels.rasa.run import serve
    from bot.settings import settings

    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.environ["HEYU_RASA_PORT"] = line.strip()
            settings.cache_clear()
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            serve(settings(), Path(sys.argv[1]))
            os._exit(0)
        print(pid, flush=True)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
