"""Values in a text: what each reader finds, what it must leave alone, and that no text breaks it."""

from datetime import datetime, timezone
from itertools import pairwise
from typing import Any, List, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.normalise import normalise
from bot.nlu.values.extract import find_values
from bot.nlu.values.found import Found, settle
from bot.nlu.values.numbers import parse_number

SUNDAY = datetime(2026, 11, 22, 4, tzinfo=timezone.utc)
PIECES = list(
    "零一二两三四五六七八九十百千万亿半几0123456789年岁月日号点元块wk,.，。"
    "保到至交男女有没社计划abc⟦⟧:第个便宜的 hy工号下周"
)


def values(text: str) -> List[Tuple[Any, ...]]:
    found = find_values(normalise(text), SUNDAY)
    return [(item.entity, item.value, item.role) if item.role else (item.entity, item.value) for item in found]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三万五", 35_000),
        ("一万二", 12_000),
        ("1.5万", 15_000),
        ("五十来万", 500_000),
        ("20w", 200_000),
        ("3k", 3_000),
        ("两千", 2_000),
        ("1,200", 1_200),
        ("一百二十万", 1_200_000),
        ("", None),
        ("万", None),
        ("好", None),
        ("1" * 40, None),
    ],
)
def test_numbers(text: str, number: int) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30岁男，50万", [("age", 30), ("gender", "male"), ("amount", 500_000)]),
        ("我32，我妈58岁", [("age", 58)]),
        ("不是50万，是30万", [("amount", 300_000)]),
        ("保额从50万改成30万", [("amount", 300_000)]),
        ("两岁半", [("age", 2)]),
        ("8个月大", [("age", 0)]),
        ("男 32", [("gender", "male"), ("age", 32)]),
        ("快150岁了", []),
        ("30", [("number", 30)]),
        ("那就二十吧", [("number", 20)]),
        ("每个月200以内", [("budget", 2_400)]),
        ("五千以内", [("budget", 5_000)]),
        ("年收入三十万", [("amount", 300_000, "income")]),
        ("被骗了8万", [("amount", 80_000, "loss")]),
        ("保额不超过50万", [("amount", 500_000)]),
        ("保到70岁交20年", [("term", "to70"), ("payment_period", "20")]),
        ("保终身，30年交，月交", [("term", "whole_life"), ("payment_period", "30"), ("payment_frequency", "monthly")]),
        ("终身寿险是什么", []),
        ("一次性付清", [("payment_period", "single")]),
        ("一年交一次", [("payment_frequency", "yearly")]),
        ("一年", [("term", "1y")]),
        ("计划二", [("plan", "B")]),
        ("就c吧", [("plan", "C")]),
        ("abc", []),
        ("第二个", [("ordinal", 2)]),
        ("第二年还能买吗", []),
        ("最后一个", [("ordinal", -1)]),
        ("便宜的那个", [("preference", "cheapest")]),
        ("有医保", [("social_security", "yes")]),
        ("有社保吗", []),
        ("没有社保", [("social_security", "no")]),
        ("工号1002", [("staff_id", "1002")]),
        ("HY 2026 0400 00018", [("policy_no", "HY2026040000018")]),
        ("HY202604000001", []),
        ("⟦id_card:7f3a⟧", [("vault_token", "⟦id_card:7f3a⟧")]),
        ("百万医疗险到期", []),
        ("千万别买", []),
        ("万一出事呢", []),
    ],
)
def test_values(text: str, expected: List[Tuple[Any, ...]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("下周三下午三点", ("time", "2026-11-25T15:00:00+08:00")),
        ("后天", ("date", "2026-11-24")),
        ("周五", ("date", "2026-11-27")),
        ("1996年3月12日", ("date", "1996-03-12")),
        ("19960312", ("date", "1996-03-12")),
        ("明天10:30", ("time", "2026-11-23T10:30:00+08:00")),
    ],
)
def test_moments_are_read_in_shanghai_and_lie_ahead(text: str, expected: Tuple[str, str]) -> None:
    assert values(text) == [expected]


def test_impossible_dates_are_none() -> None:
    assert values("2月30日出生的") == []


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)))
def test_no_text_breaks_the_readers(text: str) -> None:
    normal = normalise(text)
    found = find_values(normal, SUNDAY)
    assert all(0 <= item.start < item.end <= len(normal) for item in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


def test_long_texts_are_read_in_time() -> None:
    assert find_values("三百五十万零" * 20_000, SUNDAY) is not None


def test_a_span_is_claimed_once() -> None:
    first, second = Found("term", 0, 4, "to70"), Found("age", 2, 4, 70)
    assert settle([first, second]) == [first]
    assert settle([second], taken=[(3, 5)]) == []
