"""Whether premium, means and needs fit together: the numeric rules of the suitability measures, art. 38 and 39."""

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence

from bot.applications import pricing
from bot.applications.sale import Sale
from bot.applications.texts import label
from bot.parties.service import age_on

SINGLE_TIMES_INCOME = 4
YEARLY_PERCENT_OF_INCOME = 20
YEARS_PLUS_AGE = 75
PERCENT_OF_BUDGET = 150
SAME_KIND = "same_kind"
OTHER_CONCERN = "other_concern"
INDEMNITY_KINDS = ("medical",)
CONCERNS = {
    "medical": ("medical_cost",),
    "critical_illness": ("serious_illness", "medical_cost"),
    "accident": ("accident",),
    "term_life": ("family",),
    "whole_life": ("savings", "family"),
    "cancer_medical": ("medical_cost", "serious_illness"),
}


@dataclass(frozen=True)
class Finding:
    """One way in which the purchase does not fit; the sentence is the label `suitability.<code>`."""

    code: str
    values: Dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Means:
    """What is compared. Amounts in fen; `yearly_premium_fen` is the single premium when `is_single`."""

    yearly_premium_fen: int
    is_single: bool
    income_fen: int
    budget_fen: int
    payment_years: int
    policyholder_age: Optional[int]
    has_same_indemnity: bool
    concern_fits: bool


def check(means: Means) -> List[Finding]:
    """What does not fit, in the order of the rules; empty when the product suits.

    Source: 金融机构产品适当性管理办法 第39条 (single premium above 4 times the yearly income; yearly premium above 20%
    of it; years of payment plus age of 75 or more; premium of 150% of the budget or more), and 第38条 for cover that
    repeats another indemnity.
    """
    found: List[Finding] = []
    if means.is_single and means.yearly_premium_fen > SINGLE_TIMES_INCOME * means.income_fen:
        found.append(Finding("single_over_income", {"times": SINGLE_TIMES_INCOME}))
    if not means.is_single and means.yearly_premium_fen * 100 > YEARLY_PERCENT_OF_INCOME * means.income_fen:
        found.append(Finding("yearly_over_income", {"percent": YEARLY_PERCENT_OF_INCOME}))
    if means.policyholder_age is not None and means.payment_years + means.policyholder_age >= YEARS_PLUS_AGE:
        found.append(Finding("years_plus_age", {"limit": YEARS_PLUS_AGE}))
    if means.yearly_premium_fen * 100 >= PERCENT_OF_BUDGET * means.budget_fen:
        found.append(Finding("over_budget", {"percent": PERCENT_OF_BUDGET}))
    if means.has_same_indemnity:
        found.append(Finding("same_cover"))
    if not means.concern_fits:
        found.append(Finding(OTHER_CONCERN))
    return found


def means_of(sale: Sale) -> Optional[Means]:
    """The figures of an application; None without a needs form or without a price."""
    price = pricing.premium_or_none(sale)
    if sale.needs is None or price is None:
        return None
    holder = sale.policyholder
    period = pricing.known(sale).get("payment_period")
    kind = sale.product.kind
    return Means(
        yearly_premium_fen=pricing.yearly_fen(price),
        is_single=period == "single",
        income_fen=sale.needs.annual_income_fen,
        budget_fen=sale.needs.budget_fen,
        payment_years=int(period) if period and str(period).isdigit() else 1,
        policyholder_age=age_on(holder.birth_date, sale.effective_on) if holder and holder.birth_date else None,
        has_same_indemnity=kind in INDEMNITY_KINDS and sale.needs.existing_cover == SAME_KIND,
        concern_fits=sale.needs.main_concern in CONCERNS.get(kind, (sale.needs.main_concern,)),
    )


def findings(sale: Sale) -> List[Finding]:
    """What does not fit in this application as it stands."""
    means = means_of(sale)
    return check(means) if means else []


def serious(found: Sequence[Finding]) -> List[Finding]:
    """The findings on which the insurer must advise against buying (art. 38); another main concern is not one."""
    return [finding for finding in found if finding.code != OTHER_CONCERN]


def sentences(found: Sequence[Finding]) -> str:
    """The findings as one sentence each, for the customer."""
    return "；".join(label("suitability", finding.code, **finding.values) for finding in found)
