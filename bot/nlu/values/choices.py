"""How customers point at one of several things shown: the second one, the cheaper one; and a bare number."""

import re
from collections.abc import Iterator
from datetime import datetime

from bot.nlu.values.found import Found
from bot.nlu.values.numbers import NUMBER, parse_number

_PLACE = "第([一二三四五六七八1-8])"
_ORDINAL = re.compile(rf"{_PLACE}(?:个|种|款|项|份|条|样)(?!月|星期|年|人)|^[\s选要就]*{_PLACE}[\s吧的]*$")
_POINTED = {
    -1: re.compile("(?:最后|末尾|最下面)的?[那一]?一?[个种款项]|后面的?[那这][个种款]|后一[个种款]|下面的?那[个种款]"),
    1: re.compile("(?:前面|上面|最上面|最前面)的?[那这][个种款]|前一[个种款]"),
}
_PREFERENCE = {
    "cheapest": re.compile(
        "最便宜|便宜(?:点|些|一点|一些)?[的那]|最低[的那]|价格?低(?:点|一点|些)?的|最省钱|最基础|低档|实惠(?:点|一点)?的"
    ),
    "highest": re.compile(
        "最贵|(?<!不要)贵(?:点|一点|些)?的(?:那|吧|$)|最高[的那]|顶配|最全的|保得?最多的|高档|保障?高(?:点|一点|些)?的(?:那|吧|$)"
    ),
    "middle": re.compile("中间(?:的|那|这)?(?:个|档|款)?|中档|适中的|折中的"),
}
_ALONE = re.compile(
    rf"(?:那|就|是|要|选|大概|差不多|改成|填|写|我|[\s,，:])*({NUMBER})(?:吧|了|啊|呀|呢|哈|左右|的|就行|好了|[\s,，。.!~])*"
)


def find_ordinals(text: str, now: datetime) -> Iterator[Found]:
    """Yield the place of the thing pointed at, counted from 1; -1 is the last."""
    for match in _ORDINAL.finditer(text):
        value = parse_number(match.group(1) or match.group(2))
        if value:
            yield Found("ordinal", match.start(), match.end(), value)
    for place, pattern in _POINTED.items():
        for match in pattern.finditer(text):
            yield Found("ordinal", match.start(), match.end(), place)


def find_preferences(text: str, now: datetime) -> Iterator[Found]:
    """Yield which of several the customer leans to: `cheapest`, `middle`, `highest`."""
    for value, pattern in _PREFERENCE.items():
        for match in pattern.finditer(text):
            yield Found("preference", match.start(), match.end(), value)


def find_bare_number(text: str, now: datetime) -> Iterator[Found]:
    """Yield the number of a message that is nothing but a number; what it counts depends on the question."""
    match = _ALONE.fullmatch(text)
    value = parse_number(match.group(1)) if match else None
    if match and value is not None:
        yield Found("number", match.start(1), match.end(1), value)
