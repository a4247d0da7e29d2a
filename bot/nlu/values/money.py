"""Amounts of money: what is to be insured, the budget, and amounts that are neither."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Optional

from bot.nlu.values.found import Found
from bot.nlu.values.numbers import NUMBER, parse_number

SMALLEST_SUM_INSURED = 10_000
"""Yuan; a smaller amount without a cue is what the customer wants to pay, not a sum insured."""
LARGEST = 1_000_000_000

_CURRENCY = "(?:块钱|元钱|块|元|圆|人民币|rmb|大洋)"
_AMOUNT = re.compile(rf"({NUMBER})\s*({_CURRENCY})?")
_UNIT = re.compile("[万亿]|[wk]$")
_NOT_MONEY = re.compile("医疗|保障|医保|个|人|公里|步|别|不要|要小心|份|次|一|字|里")
_WHOLE = re.compile(rf"(?:那|就|要|选|保|买|来|改成|改|换成|大概|大约|差不多|的|吧|{_CURRENCY}|[\s,。.!~])*")

_CLAUSE = re.compile(r"[,，。;!?\n]")
_INCOME = re.compile("收入|年薪|月薪|工资|薪水|薪资|赚|挣|进账|房贷|车贷|贷款|存款|欠")
_LOSS = re.compile(
    "转|骗|汇|打给|打过去|付了|交了|损失|少了|没了|扣|划走|刷了|充了|定金|押金|保证金|手续费|赔我?了|到账"
)
_SUM = re.compile("保额|额度|基本保额|保(?!费|险费|单)$|保(?=[0-9一二三五])")
_BUDGET = re.compile(
    "预算|保费|花|出(?!险)|拿|承受|接受|不超过|不想超过|控制在|最多|顶多|每年|每个?月|一年|一个?月|月供|便宜|负担"
)
_AFTER_BUDGET = re.compile(r"\s*(?:以内|以下|之内|之下|左右|上下|的预算|预算|一年|每年|/年|一个?月|每月|/月)")
_RANGE = re.compile(r"[\d万一二三四五六七八九十][到至~-]$")
_MONTHLY = re.compile("每个?月|一个?月|月供|/月|按月")


def _role(before: str, after: str, value: int, currency: bool) -> tuple[str, Optional[str]]:
    """Return the entity and role of an amount from what stands around it in its clause."""
    if _INCOME.search(before):
        return "amount", "income"
    if _SUM.search(before) or after.startswith(("保额", "的保额", "额度", "的额度")):
        return "amount", None
    if _BUDGET.search(before) or (_AFTER_BUDGET.match(after) and (currency or value < SMALLEST_SUM_INSURED)):
        return ("budget", None) if not _LOSS.search(before) else ("amount", "loss")
    if _LOSS.search(before):
        return "amount", "loss"
    return ("budget", None) if value < SMALLEST_SUM_INSURED else ("amount", None)


def _is_money(number: str, currency: Optional[str], before: str, after: str, alone: bool) -> bool:
    """Return whether a number means money: by its currency or unit, by a cue beside it, or as the whole answer."""
    if currency or (_UNIT.search(number) and not _NOT_MONEY.match(after)):
        return True
    value = parse_number(number) or 0
    cue = _BUDGET.search(before) or _INCOME.search(before)
    if cue and value >= 50 and not re.match("[年岁天份个点]", after):
        return True
    if _AFTER_BUDGET.match(after) and value >= 500:
        return True
    return alone and len(number) > 1 and re.search("[千百]", number) is not None


def find_money(text: str, now: datetime) -> Iterator[Found]:
    """Yield `amount` (a sum insured in yuan; roles income and loss are others) and `budget` (yuan a year).

    Of a range ("50到60万") nothing is taken, for it is no answer yet.
    """
    for match in _AMOUNT.finditer(text):
        number, currency = match.group(1), match.group(2)
        value = parse_number(number)
        said, after = text[max(0, match.start() - 14) : match.start()], text[match.end() : match.end() + 8]
        if value is None or not 0 < value <= LARGEST or _RANGE.search(said):
            continue
        before = _CLAUSE.split(said)[-1]
        alone = bool(_WHOLE.fullmatch(text[: match.start()]) and _WHOLE.fullmatch(text[match.end() :]))
        if not _is_money(number, currency, before, after, alone):
            continue
        entity, role = _role(before, after, value, currency is not None)
        if entity == "budget" and not _BUDGET.search(before) and _LOSS.search(said):
            entity, role = "amount", "loss"
        if entity == "budget" and (_MONTHLY.search(before) or _MONTHLY.match(after.strip())):
            value *= 12
        yield Found(entity, match.start(), match.end(), value, role)
