"""The fonts that policies are set in: Noto Sans SC, instanced once per weight, and stand-ins for rarer characters.

The package holds a variable font, which reportlab cannot embed; an instance of each weight is made on first use (about
20 seconds each) and kept in the font folder. Characters that Noto Sans SC lacks (some rare names) are looked for in
the Korean, Japanese and Traditional Chinese sisters.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

import structlog
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from reportlab.pdfbase import pdfmetrics, ttfonts

from bot.policies import typography
from bot.settings import settings

log = structlog.get_logger(__name__)

WEIGHTS = {"Regular": 400, "Bold": 700}
STAND_INS = ("NotoSansKR", "NotoSansJP", "NotoSansTC")
# Printed where no font has the character: the geta mark, the printers' own sign for a missing sort.
MISSING = "〓"
_MAIN = "NotoSansSC"
# Tables that only matter for shaping, vertical text and variation.
_UNUSED = ("GSUB", "GPOS", "GDEF", "BASE", "HVAR", "VVAR", "STAT", "vhea", "vmtx")


def prepare() -> None:
    """Make the instances that are missing; call it at set-up so that the first policy does not wait."""
    for weight in WEIGHTS:
        _instance(weight)


async def prepare_aside() -> None:
    """Make the instances in a process of their own, so that a gateway can start meanwhile; returns at once."""
    if not all(_path(weight).exists() for weight in WEIGHTS):
        await asyncio.create_subprocess_exec(sys.executable, "-m", __name__)


def register() -> None:
    """Make the fonts known to reportlab under the names `Heyu-Regular` and `Heyu-Bold`."""
    typography.adapt_reportlab()
    for weight in WEIGHTS:
        if f"Heyu-{weight}" not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(ttfonts.TTFont(f"Heyu-{weight}", str(_instance(weight))))


def markup(text: str, weight: str = "Regular") -> str:
    """Text as reportlab markup, in the font of this weight, rare characters in the stand-in that has them.

    Call `register` first.
    """
    runs = groupby(text, key=lambda character: _font_of(character, weight))
    return "".join(_run(font, "".join(characters), weight) for font, characters in runs)


def _run(font: str | None, characters: str, weight: str) -> str:
    if font is None:
        return MISSING * len(characters)
    text = escape(characters).replace("\n", "<br/>")
    return text if font == f"Heyu-{weight}" else f'<font name="{font}">{text}</font>'


@lru_cache(maxsize=4096)
def _font_of(character: str, weight: str) -> str | None:
    """Name of a registered font that has the character."""
    if character == "\n" or ord(character) in _covered(_MAIN):
        return f"Heyu-{weight}"
    for family in STAND_INS:
        if ord(character) in _covered(family):
            return _register_stand_in(family, character, weight)
    log.warning("no font has this character", code=f"U+{ord(character):04X}")
    return None


@lru_cache(maxsize=8)
def _covered(family: str) -> frozenset[int]:
    with TTFont(_source(family), lazy=True) as font:
        return frozenset(font.getBestCmap())


def _source(family: str) -> Path:
    """The variable font of a family inside its package."""
    package = importlib.util.find_spec("justmytype_intl_cjk")
    if package is None or package.origin is None:
        raise FileNotFoundError("the package justmytype-intl-cjk is not installed")
    return Path(package.origin).parent / "fonts" / "ofl" / family.lower() / f"{family}[wght].ttf"


def _register_stand_in(family: str, character: str, weight: str) -> str:
    """A font of one character, instanced on the spot; names of fonts must not repeat within a document."""
    name = f"{family}-{weight}-{ord(character):X}"
    path = settings().fonts / f"{name}.ttf"
    with _locked(path):
        if not path.exists():
            font = TTFont(_source(family))
            _subset(font, [character])
            _save(font, name, WEIGHTS[weight], path)
    pdfmetrics.registerFont(ttfonts.TTFont(name, str(path)))
    return name


def _instance(weight: str) -> Path:
    """The font file of a weight, made if it is missing."""
    path = _path(weight)
    with _locked(path):
        if not path.exists():
            log.info("making the font of the policies, about 20 seconds", weight=weight)
            font = TTFont(_source(_MAIN))
            for table in _UNUSED:
                if table in font:
                    del font[table]
            _save(font, f"Heyu-{weight}", WEIGHTS[weight], path)
    return path


def _path(weight: str) -> Path:
    return settings().fonts / f"Heyu-{weight}-{_fingerprint()}.ttf"


def _fingerprint() -> str:
    """Changes with the package's font, so that an old instance is not used with a new one."""
    status = _source(_MAIN).stat()
    return hashlib.sha256(f"{status.st_size}:{_UNUSED}".encode()).hexdigest()[:8]


def _subset(font: TTFont, characters: Iterable[str]) -> None:
    dropped = [*Options().drop_tables, *_UNUSED]
    subsetter = Subsetter(Options(layout_features=[], hinting=False, notdef_outline=True, drop_tables=dropped))
    subsetter.populate(text="".join(characters))
    subsetter.subset(font)


def _save(font: TTFont, name: str, weight: int, path: Path) -> None:
    """Instance the weight and write the file at once, so that nobody reads half of it."""
    instantiateVariableFont(font, {"wght": weight}, inplace=True)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6):
            record.string = name
    partial = path.with_suffix(f".{os.getpid()}.part")
    font.save(partial)
    partial.replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time makes a font; the others wait for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    prepare()
