"""How the contract is shaped: term, payment period, frequency, plan."""

import re
from collections.abc import Iterator
from datetime import datetime

from bot.nlu.values.found import Found
from bot.nlu.values.numbers import SMALL, parse_number

_TO_AGE = re.compile(rf"(?:保障?|险|管|保险期间?|期限)?(?:障|期)?[到至]({SMALL})(?:周岁|岁)?(?![年万元块号月个天点])")
_TO_AGE_CUE = re.compile(r"保|至|管|岁|^[\s选要就那]*到")
_WHOLE_LIFE = re.compile("(?:保障?|管|买|选|要)?[到一]?(?:终身|终生|一辈子)(?!寿)|活多久保多久|保到老|保到死|保到百年")
_YEARS = re.compile(rf"(?:保障?期?|保险期间?|管)(?:是|个|期|障)*({SMALL})年(?:期|的)?|({SMALL})年期(?!交|缴)")
_BARE_YEAR = re.compile(r"[\s选要就那买]*(?:一年|1年|一年的)[吧的了\s。]*")

_PAY_YEARS = re.compile(
    rf"(?:交费?期?|缴费?期?|付费?期?|分|供)(?:间|限)?(?:是|选|个|成|为|上|满)?({SMALL})年(?:期|交|缴|付)?"
    rf"|({SMALL})年(?:期)?(?:交|缴|付|分期|来交|慢慢交)(?:费|清|完|款)?"
)
_BARE_YEARS = re.compile(rf"[\s选要就那改成]*(?:成|为)?({SMALL})年(?:的|吧|期|好了|就行|[\s。])*")
_SINGLE = re.compile(
    "趸交|趸缴|(?:一次性?|一把|一口气|一笔)(?:全|都|把(?:保费|钱))?(?:交|付|缴)(?:清|完|齐|掉)?|一次付清"
)

_MONTHLY = re.compile(
    "月[交缴付]|按月|分月|每个?月(?:[交缴付扣]|一次)(?!多少)|一个?月一?[交缴付次]|月月[交缴付扣]|逐月"
)
_YEARLY = re.compile(
    r"(?<!\d)年[交缴付]|按年|[每一]年[一1]?(?:[交缴付扣]一?次|一[交缴付次])|每年[交缴付](?!多少|[\d一二三四五六七八九几])"
)

_PLANS = {"a": "A", "b": "B", "c": "C", "一": "A", "二": "B", "三": "C", "1": "A", "2": "B", "3": "C"}
_PLAN = re.compile(
    r"(?:计划|方案|套餐|档次?)\s*([abc](?![a-z])|[一二三123](?![\d年个万种份岁十百千]))"
    r"|(?<![a-z])([abc])\s*(?:计划|方案|套餐|档|款|版|类|那个|这个|吧)"
    r"|第([一二三123])(?:个)?(?:计划|方案|套餐|档)"
    r"|(?:选|要|买|换成?|改成?|按)([abc])(?![a-z0-9])"
)
_BARE_PLAN = re.compile(r"(?:就|选|要|买|那|我|换|改|成|到|用|是|[\s,。.])*([abc])(?:吧|的|了|好了|就行|[\s,。.!])*")


def find_terms(text: str, now: datetime) -> Iterator[Found]:
    """Yield how long the cover lasts: `to70`, `whole_life`, `1y`, `20y`."""
    for match in _TO_AGE.finditer(text):
        value = parse_number(match.group(1))
        if value is not None and 50 <= value <= 106 and _TO_AGE_CUE.search(match.group()):
            yield Found("term", match.start(), match.end(), f"to{value}")
    for match in _WHOLE_LIFE.finditer(text):
        yield Found("term", match.start(), match.end(), "whole_life")
    for match in _YEARS.finditer(text):
        value = parse_number(match.group(1) or match.group(2))
        if value:
            yield Found("term", match.start(), match.end(), f"{value}y")
    if _BARE_YEAR.fullmatch(text):
        yield Found("term", 0, len(text), "1y")


def find_payment_periods(text: str, now: datetime) -> Iterator[Found]:
    """Yield for how many years premiums are paid, as text (`20`), or `single`."""
    for match in _PAY_YEARS.finditer(text):
        value = parse_number(match.group(1) or match.group(2))
        if value is not None and 2 <= value <= 40:
            yield Found("payment_period", match.start(), match.end(), str(value))
    for match in _SINGLE.finditer(text):
        yield Found("payment_period", match.start(), match.end(), "single")
    bare = _BARE_YEARS.fullmatch(text)
    value = parse_number(bare.group(1)) if bare else None
    if bare and value is not None and 2 <= value <= 40:
        yield Found("payment_period", bare.start(1), bare.end(), str(value))


def find_frequencies(text: str, now: datetime) -> Iterator[Found]:
    """Yield how often premiums are paid: `monthly` or `yearly`."""
    for value, pattern in (("monthly", _MONTHLY), ("yearly", _YEARLY)):
        for match in pattern.finditer(text):
            yield Found("payment_frequency", match.start(), match.end(), value)


def find_plans(text: str, now: datetime) -> Iterator[Found]:
    """Yield the plan, A, B or C."""
    for match in _PLAN.finditer(text):
        group = next(index for index in range(1, _PLAN.groups + 1) if match.group(index))
        start = match.start(group) if group == _PLAN.groups else match.start()  # 选 is no part of the plan's name
        yield Found("plan", start, match.end(), _PLANS[match.group(group)])
    bare = _BARE_PLAN.fullmatch(text)
    if bare:
        yield Found("plan", bare.start(1), bare.end(1), _PLANS[bare.group(1)])
