"""Ages, relations, beneficiaries, sums on death of minors, tax residence."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.errors import Invalid
from bot.parties.people import DEATH_LIMITS
from bot.parties.service import (
    Share,
    age_on,
    anniversary,
    check_death_sum,
    check_insured_age,
    check_policyholder_age,
    check_related_ages,
    check_relation,
    check_tax_residence,
    death_limit,
    needs_special_care,
    share_out,
)

ON = date(2026, 11, 22)


def born(years: int, days: int = 0) -> date:
    return ON.replace(year=ON.year - years) + timedelta(days=days)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_age_counts_the_birthdays_that_have_passed(first: date, second: date) -> None:
    birth, on = sorted((first, second))
    age = age_on(birth, on)
    assert anniversary(birth, age) <= on < anniversary(birth, age + 1)


def test_an_anniversary_of_29_february() -> None:
    assert anniversary(date(2028, 2, 29), 1) == date(2029, 3, 1)
    assert anniversary(date(2028, 2, 29), 4) == date(2032, 2, 29)


@pytest.mark.parametrize(
    ("birth", "code"),
    [
        (born(18), None),
        (born(18, 1), "policyholder_working_minor"),
        (born(16), "policyholder_working_minor"),
        (born(16, 1), "policyholder_minor"),
    ],
)
def test_a_policyholder_is_of_age(birth: date, code: str | None) -> None:
    if code is None:
        check_policyholder_age(birth, ON)
    else:
        with pytest.raises(Invalid, match=code):
            check_policyholder_age(birth, ON)


def test_special_care_from_65() -> None:
    assert needs_special_care(born(65), ON)
    assert not needs_special_care(born(65, 1), ON)


def test_the_age_of_the_insured() -> None:
    assert check_insured_age(born(55), ON, 0, 55, 28) == 55
    assert check_insured_age(ON - timedelta(days=28), ON, 0, 55, 28) == 0
    for birth in (ON - timedelta(days=27), born(56)):
        with pytest.raises(Invalid) as invalid:
            check_insured_age(birth, ON, 0, 55, 28)
        assert "0至55周岁" in errors.message(invalid.value)
    with pytest.raises(Invalid, match="birth_date_future"):
        check_insured_age(ON + timedelta(days=1), ON, 0, 55)


def test_relations() -> None:
    assert check_relation("spouse") == "spouse"
    for relation in ("friend", ""):
        with pytest.raises(Invalid, match="relation_human"):
            check_relation(relation)
    check_related_ages("parent", born(30), born(60))
    check_related_ages("child", born(30), born(3))
    check_related_ages("spouse", born(30), born(60))
    for relation, insured in (("parent", born(30)), ("child", born(30)), ("child", born(40))):
        with pytest.raises(Invalid, match="relation_age"):
            check_related_ages(relation, born(30), insured)


def test_beneficiaries_without_shares_have_the_same() -> None:
    shares = [Share("甲", 1, None), Share("乙", 1, None), Share("丙", 1, None), Share("丁", 2, 100)]
    assert [share.percent for share in share_out(shares)] == [34, 33, 33, 100]


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ([], "beneficiary_none"),
        ([("甲", 2, 100)], "beneficiary_rank"),
        ([("甲", 1, 100), ("乙", 3, 100)], "beneficiary_rank"),
        ([("甲", 1, 50), ("乙", 1, 40)], "beneficiary_total"),
        ([("甲", 1, 60), ("乙", 1, 60)], "beneficiary_total"),
        ([("甲", 1, 100), ("乙", 1, None)], "beneficiary_share"),
        ([("甲", 1, 100), ("乙", 1, 0)], "beneficiary_share"),
        ([("甲", 1, 120), ("乙", 1, -20)], "beneficiary_share"),
    ],
)
def test_shares_that_cannot_be(shares: list[tuple[str, int, int | None]], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        share_out([Share(*share) for share in shares])


@given(st.lists(st.integers(1, 3), min_size=1, max_size=12))
def test_shares_of_every_rank_are_the_whole(ranks: list[int]) -> None:
    dense = {rank: place for place, rank in enumerate(sorted(set(ranks)), 1)}
    settled = share_out([Share(str(place), dense[rank], None) for place, rank in enumerate(ranks)])
    for rank in dense.values():
        assert sum(share.percent or 0 for share in settled if share.rank == rank) == 100
    assert [share.name for share in settled] == [str(place) for place in range(len(ranks))]


@pytest.mark.parametrize(("age", "limit"), [(0, 200_000), (9, 200_000), (10, 500_000), (17, 500_000), (18, None)])
def test_sums_on_death_of_minors(age: int, limit: int | None) -> None:
    assert death_limit(age) == limit
    assert len(DEATH_LIMITS) == 2
    if limit is None:
        check_death_sum(age, 10**9, 10**9)
        return
    check_death_sum(age, limit - 1, 1)
    with pytest.raises(Invalid) as invalid:
        check_death_sum(age, 150_000, limit)
    assert invalid.value.values == {"limit": limit, "left": limit - 150_000}


def test_tax_residence() -> None:
    assert check_tax_residence("china") is False
    assert check_tax_residence("both") is True
    with pytest.raises(Invalid, match="tax_residence"):
        check_tax_residence("mars")
