"""Numbers as customers write them: 50万, 五十万, 1.5w, 3万5, 二十来万."""

import re
from typing import Optional

import cn2an

NUMERALS = "零〇一二两三四五六七八九十百千"
_STOP = rf"(?![{NUMERALS}\d岁年天个月周])"
_TAIL = rf"(?:[{NUMERALS}]+{_STOP}|\d{{1,4}}{_STOP})"
SMALL = rf"(?:(?<![\d.])\d{{1,3}}(?![\d.])|[{NUMERALS}]+(?![{NUMERALS}]))"
"""A small whole number, such as an age or a count of years."""
NUMBER = rf"(?<![\d.])(?:\d[\d,]*(?:\.\d+)?|[{NUMERALS}]+)(?:[来多余]?(?:[万千百亿]|[wk](?![a-z]))(?:{_TAIL})?)*"
"""Any number, with units of ten thousand and the like; no currency."""

_FILLER = re.compile("[来多余,]")
_UNITS = str.maketrans({"w": "万", "k": "千", "〇": "零"})


def parse_number(text: str) -> Optional[int]:
    """Return the whole number that the text says, rounded down, or None when it says none.

    "三万五" is 35000 (the last digit takes the next lower unit); "二十来万" and "二十多万" are 200000.
    """
    cleaned = _FILLER.sub("", text.strip().lower()).translate(_UNITS)
    if not cleaned or len(cleaned) > 24:
        return None
    if cleaned.isascii():
        return int(float(cleaned)) if re.fullmatch(r"\d+(\.\d+)?", cleaned) else None
    try:
        return int(cn2an.cn2an(cleaned, "smart"))
    except (ValueError, KeyError, IndexError, OverflowError):
        return None
