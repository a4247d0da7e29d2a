"""Who may be policyholder, insured and beneficiary: ages, relations, shares, sums on death of minors, tax residence."""

from dataclasses import dataclass
from datetime import date
from typing import Optional, Sequence

from bot.errors import Invalid
from bot.parties.ages import age_on, days_old

ADULT = 18
WORKING_MINOR = 16
SENIOR = 65
YOUNGEST_INSURED_DAYS = 28
WHOLE = 100
RELATIONS = ("self", "spouse", "parent", "child")
TAX_RESIDENCES = ("china", "foreign", "both")
DEATH_LIMITS = ((0, 9, 200_000), (10, 17, 500_000))


@dataclass(frozen=True)
class Share:
    """A beneficiary's place: `rank` 1 is paid first; `percent` of the benefit, None when no shares are named."""

    name: str
    rank: int
    percent: Optional[int]


def check_policyholder_age(birth_date: date, on: date) -> None:
    """A policyholder is of age. At 16 and 17 a person who lives on own work may be: that is for a human to see.

    Source: 民法典 第17–18条. Raises Invalid("policyholder_minor" | "policyholder_working_minor").
    """
    age = age_on(birth_date, on)
    if age < WORKING_MINOR:
        raise Invalid("policyholder_minor")
    if age < ADULT:
        raise Invalid("policyholder_working_minor")


def needs_special_care(birth_date: date, on: date) -> bool:
    """Whether the customer is 65 or older, which asks for more care (金融机构产品适当性管理办法 第18条)."""
    return age_on(birth_date, on) >= SENIOR


def check_insured_age(birth_date: date, on: date, least: int, most: int, least_days: int = 0) -> int:
    """The age of the insured in full years on the effective date, within limits (years, and days for infants).

    Raises Invalid("birth_date_future" | "insured_age").
    """
    if birth_date > on:
        raise Invalid("birth_date_future")
    age = age_on(birth_date, on)
    if not least <= age <= most or days_old(birth_date, on) < least_days:
        raise Invalid("insured_age", least=least, most=most)
    return age


def check_relation(relation: str, offered: Sequence[str] = RELATIONS) -> str:
    """What the insured is to the policyholder. Others than spouse, parent and child go to a human.

    Source: 保险法 第31条. Raises Invalid("relation_human").
    """
    if relation not in offered:
        raise Invalid("relation_human")
    return relation


def check_related_ages(relation: str, holder_birth: date, insured_birth: date) -> None:
    """A parent is older than the child, by no law but by nature. Raises Invalid("relation_age")."""
    if relation == "parent" and insured_birth >= holder_birth:
        raise Invalid("relation_age")
    if relation == "child" and insured_birth <= holder_birth:
        raise Invalid("relation_age")


def share_out(shares: Sequence[Share]) -> Sequence[Share]:
    """The shares in percent; in a rank where none names one, everyone has the same (保险法 第40条).

    Percentages are whole; what does not divide goes to those named first. Raises Invalid: beneficiary_none,
    beneficiary_rank (ranks start at 1 without a gap), beneficiary_share (1 to 100, all or none in a rank),
    beneficiary_total (100 in each rank).
    """
    if not shares:
        raise Invalid("beneficiary_none")
    ranks = sorted({share.rank for share in shares})
    if ranks != list(range(1, len(ranks) + 1)):
        raise Invalid("beneficiary_rank")
    settled = {rank: iter(_percents([s for s in shares if s.rank == rank])) for rank in ranks}
    return tuple(Share(share.name, share.rank, next(settled[share.rank])) for share in shares)


def _percents(shares: Sequence[Share]) -> Sequence[int]:
    named = [share.percent for share in shares if share.percent is not None]
    if not named:
        each, left = divmod(WHOLE, len(shares))
        return [each + (place < left) for place in range(len(shares))]
    if len(named) != len(shares) or any(not 1 <= percent <= WHOLE for percent in named):
        raise Invalid("beneficiary_share")
    if sum(named) != WHOLE:
        raise Invalid("beneficiary_total")
    return named


def death_limit(age: int) -> Optional[int]:
    """The greatest sum on death for a minor over all policies, in yuan; None for an adult.

    Premiums paid, cash value, aviation accidents and great natural disasters do not count. Source: 保监发〔2015〕90号.
    """
    for least, most, limit in DEATH_LIMITS:
        if least <= age <= most:
            return limit
    return None


def check_death_sum(age: int, present: int, added: int) -> None:
    """The sums on death of a minor, present and added, in yuan. Raises Invalid("minor_death_sum")."""
    limit = death_limit(age)
    if limit is not None and present + added > limit:
        raise Invalid("minor_death_sum", limit=limit, left=max(limit - present, 0))


def check_tax_residence(residence: str) -> bool:
    """The declaration of tax residence; True when a foreign one asks for the longer form, which a human takes.

    Source: 非居民金融账户涉税信息尽职调查管理办法. Raises Invalid("tax_residence").
    """
    if residence not in TAX_RESIDENCES:
        raise Invalid("tax_residence")
    return residence != "china"
