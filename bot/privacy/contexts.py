"""Secrets that only the words around them give away: CVV, passwords, SMS codes, mistyped card numbers; pure.

All patterns run on normalised text: half-width, upper-case.
"""

import re
from datetime import date
from typing import Iterator, Tuple

from bot.privacy import numbers

HOTLINES = frozenset(("12378", "96110", "12381", "12321", "12315", "12345", "10086", "10010", "10000"))
UNIT = r"(?! ?(?:元|块|万|千|百|亿|分|秒|年|月|日|天|岁|次|个|条|位|%|小时|号楼|X68))"
# between the word and the value: anything but digits, letters and the end of a sentence
NEAR = r"[^0-9A-Z。!?;\n]{0,%d}"

CVV = re.compile(
    r"(?:CVV2?|CVC2?|CVN2?|安全码|后三码|(?:背面|后面|末尾).{0,4}三位|三位数?字?码)" + NEAR % 6 + r"(\d{3,4})(?!\d)"
)
PASSWORD = re.compile(
    r"(?:密码|口令|PASSWORD|PASSWD|PWD|PIN ?码?)" + NEAR % 8 + rf"([0-9A-Z@#$%^&*_+=\-]{{4,32}}){UNIT}"
)
PASSWORD_BEFORE = re.compile(
    r"((?=[A-Z@#$%^&*_+=\-]*\d)[0-9A-Z@#$%^&*_+=\-]{4,32})(?:就是|是)[^0-9A-Z。!?;,\n]{0,4}(?:密码|口令)"
)
CODE_AFTER = re.compile(r"(?:验证码|校验码|动态码|短信码|确认码)" + NEAR % 8 + rf"((?<!\d)\d{{4,8}}(?!\d)){UNIT}")
CODE_BEFORE = re.compile(
    r"((?<![0-9A-Z])\d{4,8})(?!\d) ?(?:,|是|为|就是|这是)[^0-9A-Z。!?;,\n]{0,6}(?:验证码|校验码|动态码|密码)"
)
CARD_NEAR = re.compile(r"(?:卡号|银行卡|信用卡|储蓄卡|借记卡|账号)" + NEAR % 8 + r"(\d(?:[ \-]?\d){12,18})(?![ \-]?\d)")


def secrets(plain: str) -> Iterator[Tuple[int, int, str]]:
    """(start, end, kind) of each secret that its context gives away."""
    yield from _spans(plain, CARD_NEAR, "bank_card")
    yield from _spans(plain, CVV, "cvv")
    yield from (span for span in _spans(plain, CODE_AFTER, "sms_code") if _is_code(plain, span))
    yield from (span for span in _spans(plain, CODE_BEFORE, "sms_code") if _is_code(plain, span))
    for pattern in (PASSWORD, PASSWORD_BEFORE):
        yield from (span for span in _spans(plain, pattern, "password") if _is_password(plain, span))


def _spans(plain: str, pattern: "re.Pattern[str]", kind: str) -> Iterator[Tuple[int, int, str]]:
    for match in pattern.finditer(plain):
        yield (*match.span(1), kind)


def _is_code(plain: str, span: Tuple[int, int, str]) -> bool:
    """Not a hotline, and not a date."""
    value = plain[span[0] : span[1]]
    return value not in HOTLINES and not (len(value) == 8 and numbers.is_date(value, date.max))


def _is_password(plain: str, span: Tuple[int, int, str]) -> bool:
    """A hotline or one of our own names is no password."""
    value = plain[span[0] : span[1]]
    return value not in HOTLINES and value != "95X68" and not value.startswith("HY")
