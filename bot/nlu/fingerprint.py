"""What Rasa's cache of trained components cannot see: the code beside a component's class, and the data folder."""

import hashlib
from functools import lru_cache
from pathlib import Path

from bot.settings import ROOT


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """Return a digest of all modules of bot/nlu; Rasa itself looks only at the source of the component's class."""
    return _digest(Path(__file__).parent, "**/*.py")


def data_fingerprint(data: str) -> str:
    """Return a digest of the files of the data folder that the dictionary is built from."""
    folder = Path(ROOT, data)
    return _digest(folder, "catalogue/*/*/product.yml", "occupations.csv", "conditions.yml", "lexicon.yml")


def _digest(folder: Path, *patterns: str) -> str:
    digest = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
