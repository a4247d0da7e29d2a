"""Which trained model fits the present data, and training it when there is none."""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterator

from bot.settings import ROOT

TRAINING_DATA = ("data/nlu", "data/rules", "data/stories")
SOURCES = ("config.yml", "domain.yml", "requirements.lock", *TRAINING_DATA, "data/catalogue", "bot/nlu")
OTHER_SOURCES = ("data/occupations.csv", "data/conditions.yml", "data/lexicon.yml")
SUFFIXES = (".yml", ".yaml", ".csv", ".py", ".lock")


def fingerprint(root: Path = ROOT) -> str:
    """12 hex digits that change when anything changes that training reads."""
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def model_path(model_dir: Path) -> Path:
    """Where the model for the present data is, or will be."""
    return model_dir / f"heyu-{fingerprint()}.tar.gz"


def ensure_model(model_dir: Path) -> Path:
    """The model for the present data, trained now if it is missing; two who ask at once train once.

    Raises subprocess.CalledProcessError when training fails.
    """
    path = model_path(model_dir)
    model_dir.mkdir(parents=True, exist_ok=True)
    with open(model_dir / ".training", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            train_into(path)
    return path


def train_into(path: Path, force: bool = False) -> None:
    """Train into a file; `force` from nothing, without what earlier trainings left in the cache.

    Raises subprocess.CalledProcessError when training fails.
    """
    rasa = Path(sys.executable).with_name("rasa")
    name = path.name[: -len(".tar.gz")]
    command = [str(rasa), "train", "--data", *TRAINING_DATA, "--out", str(path.parent), "--fixed-model-name", name]
    quiet = {"PYTHONWARNINGS": "ignore", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    if not sys.stderr.isatty():
        quiet["TQDM_DISABLE"] = "1"
    subprocess.run(command + ["--force"] * force, cwd=ROOT, env={**os.environ, **quiet}, check=True)


def _files(root: Path) -> Iterator[Path]:
    for source in (*SOURCES, *OTHER_SOURCES):
        path = root / source
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
        elif path.exists():
            yield path
