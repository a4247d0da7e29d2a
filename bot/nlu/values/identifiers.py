"""Identifiers: vault tokens, policy numbers, staff numbers."""

import re
from collections.abc import Iterator
from datetime import datetime

from bot.nlu.normalise import VAULT_TOKEN
from bot.nlu.values.found import Found

_POLICY_NO = re.compile(r"(?<![a-z0-9])hy[ -]?(\d(?:[ -]?\d){12})(?!\d)", re.IGNORECASE)
_STAFF = re.compile(
    r"(?:工号|员工号|客服号|编号)(?:是|为|叫|说|报的|他|她|:|,| |什么)*(\d{4})(?!\d)"
    r"|(?<!\d)(\d{4})号(?:客服|坐席|专员|工作人员|员工)"
)


def find_identifiers(text: str, now: datetime) -> Iterator[Found]:
    """Yield `vault_token` (⟦kind:id⟧ as it stands), `policy_no` (HY and 13 digits) and `staff_id` (4 digits)."""
    for match in VAULT_TOKEN.finditer(text):
        yield Found("vault_token", match.start(), match.end(), match.group())
    for match in _POLICY_NO.finditer(text):
        yield Found("policy_no", match.start(), match.end(), "HY" + re.sub(r"\D", "", match.group(1)))
    for match in _STAFF.finditer(text):
        group = 1 if match.group(1) else 2
        yield Found("staff_id", match.start(group), match.end(group), match.group(group))
