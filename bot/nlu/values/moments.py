"""Dates and times, read by jionlp from the spans that look like one."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Optional

from bot.clock import SHANGHAI
from bot.nlu.values.found import Found
from bot.nlu.values.numbers import NUMERALS

_N = rf"(?:\d{{1,2}}|[{NUMERALS}]{{1,3}})"
_DAY = (
    r"(?<!\d)(?:19|20)\d{2}(?:[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}[日号]?|(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d))"
    rf"|(?:(?:今年|明年|这个月|本月|下个?月)的?)?{_N}月{_N}[日号]?|(?:下个?月|这个月|本月)?{_N}号"
    "|大后天|后天|明天|今天|明儿|后儿|今儿|(?:下*|这个?|本)(?:周|星期|礼拜)[一二三四五六日天末]"
)
_PART = "早上|上午|中午|下午|傍晚|晚上|今晚|明晚|凌晨"
_CLOCK = rf"{_N}(?:点|时)(?:半|钟|整|[一三]刻|{_N}分?)?|\d{{1,2}}:\d{{2}}"
_MOMENT = re.compile(rf"(?P<day>{_DAY})?[ ,的]?(?P<part>{_PART})?[ ,的]?(?P<clock>{_CLOCK})?")
_COLLOQUIAL = {"明儿": "明天", "后儿": "后天", "今儿": "今天", "礼拜": "星期"}


def _parse(said: str, base: datetime, future: bool) -> Optional[datetime]:
    """Return the beginning of the time that jionlp reads, in Shanghai time, or None."""
    import jionlp

    try:
        parsed = jionlp.parse_time(said, time_base=base.replace(tzinfo=None), ret_future=future)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        return None
    times = parsed.get("time") if isinstance(parsed, dict) else None
    if not isinstance(times, list) or not isinstance(times[0], str) or times[0] in ("inf", "-inf"):
        return None
    return datetime.fromisoformat(times[0]).replace(tzinfo=SHANGHAI)


def _read(said: str, now: datetime) -> Optional[datetime]:
    """Return the moment said; one without a year that is over is taken as the next of its kind.

    jionlp's own look-ahead shifts "下周三" by a week too many, so it is asked only for what lies in the past.
    """
    for word, standard in _COLLOQUIAL.items():
        said = said.replace(word, standard)
    base = now.astimezone(SHANGHAI)
    moment = _parse(said, base, future=False)
    if moment and moment.date() < base.date() and not re.match(r"(?:19|20)\d\d", said):
        return _parse(said, base, future=True)
    return moment


def find_moments(text: str, now: datetime) -> Iterator[Found]:
    """Yield `date` (ISO date) and, where an hour or part of the day is said, `time` (ISO, with the zone)."""
    for match in _MOMENT.finditer(text):
        if not match.group().strip() or not (match["day"] or match["clock"] or match["part"]):
            continue
        said = match.group()
        only_part = not match["day"] and not match["clock"]
        if only_part and not re.fullmatch(rf"[\s那就在]*{re.escape(said)}[\s吧的]*", text):
            continue
        start = match.start() + len(said) - len(said.lstrip(" ,的"))
        moment = _read(said.strip(" ,的"), now)
        if moment is None:
            continue
        if match["clock"] or match["part"]:
            yield Found("time", start, start + len(said.strip(" ,的")), moment.isoformat())
        else:
            yield Found("date", start, start + len(said.strip(" ,的")), moment.date().isoformat())
