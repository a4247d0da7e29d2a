"""What a policy document says: the policy, the product and the revealed parties put into rows of text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, cast

import yaml

from bot.catalogue.models import Insurer, Product
from bot.clock import SHANGHAI
from bot.policies.cash_values import SINGLE, Paying, table
from bot.settings import ROOT
from bot.store.tables.policies import Policy

WORDS = ROOT / "data" / "policy.yml"
Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class Content:
    """Everything the layout puts on paper; personal values are in clear, so keep it no longer than it takes."""

    policy_no: str
    product: Product
    insurer: Insurer
    sandbox: bool
    strip: Rows
    policyholder: Rows
    insured: Rows
    beneficiaries: list[tuple[str, ...]]
    plan: Rows
    trace: Rows
    benefits: list[tuple[str, ...]]
    special_terms: list[str]
    notices: list[str]
    cash_values: list[tuple[str, str]]
    verify_url: str


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """The words of the document, from data/policy.yml."""
    return cast(Mapping[str, Any], yaml.safe_load(WORDS.read_text(encoding="utf-8")))


def tokens(contract: Mapping[str, Any]) -> list[str]:
    """The vault tokens that a policy document shows in clear."""
    people = [contract["policyholder"], contract["insured"], *contract["beneficiaries"]]
    return [value for person in people for key, value in person.items() if key.endswith("_token") and value]


def build(
    policy: Policy, product: Product, insurer: Insurer, revealed: Mapping[str, str], *, sandbox: bool, verify_url: str
) -> Content:
    """Put the rows together; `revealed` maps each token of `tokens` to its value."""
    contract = cast(Mapping[str, Any], policy.contract)
    return Content(
        policy_no=policy.policy_no,
        product=product,
        insurer=insurer,
        sandbox=sandbox,
        strip=_strip(policy),
        policyholder=_person(contract["policyholder"], revealed, relation=False),
        insured=_person(contract["insured"], revealed, relation=True),
        beneficiaries=_beneficiaries(contract["beneficiaries"], revealed),
        plan=_plan(policy, product, contract),
        trace=_trace(policy, product),
        benefits=[(b.name, _amount(b.text, product, contract), b.clause) for b in product.benefits],
        special_terms=list(contract["special_terms"]),
        notices=_notices(policy, product),
        cash_values=cash_values(product, contract),
        verify_url=verify_url,
    )


def cash_values(product: Product, contract: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Policy year and cash value in yuan of this contract; empty for a product without a table."""
    if product.surrender.kind != "table":
        return []
    paying = Paying(
        term=contract["term"],
        payment_period=str(contract["payment_period"] or SINGLE),
        yearly_fen=_yearly_fen(product, contract),
        years=_policy_years(contract),
        at_most_fen=contract["sum_insured_yuan"] * 100 if contract["sum_insured_yuan"] else None,
    )
    return [(str(year), money(fen)) for year, fen in table(product.cash_values, paying)]


def _yearly_fen(product: Product, contract: Mapping[str, Any]) -> Decimal:
    """The premium of a year of yearly payment, also when the customer pays monthly."""
    premium = Decimal(contract["premium_fen"])
    return premium / Decimal(product.facts["monthly_factor"].value) if contract["frequency"] == "monthly" else premium


def _policy_years(contract: Mapping[str, Any]) -> int | None:
    """How many policy years a contract lasts; None when it is for life. Cover ends on the day before an anniversary."""
    if contract["ends_on"] is None:
        return None
    return (date.fromisoformat(contract["ends_on"]) + timedelta(days=1)).year - int(contract["effective_on"][:4])


def money(fen: int | Decimal) -> str:
    """An amount in fen as yuan with thousands separators: 169.00, 6,610.00."""
    yuan = (Decimal(fen) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{yuan:,}"


def on(day: date) -> str:
    """A date as the document writes it."""
    return str(words()["moments"]["date"]).format(year=day.year, month=day.month, day=day.day)


def _strip(policy: Policy) -> Rows:
    labels, moments = words()["strip"], words()["moments"]
    starts = policy.effective_at.astimezone(SHANGHAI).date()
    ends = policy.ends_at
    until = moments["ends"].format(date=on(ends.astimezone(SHANGHAI).date())) if ends else moments["for_life"]
    return [
        (labels["policy_no"], policy.policy_no),
        (labels["effective_at"], moments["starts"].format(date=on(starts))),
        (labels["period"], until),
        (labels["premium"], _premium(policy)),
    ]


def _premium(policy: Policy) -> str:
    values = words()["values"]
    single = cast(Mapping[str, Any], policy.contract)["payment_period"] == "single"
    frequency = values["frequency"]["single" if single else policy.frequency]
    return str(values["premium"]).format(amount=money(policy.premium_fen), frequency=frequency)


def _person(person: Mapping[str, Any], revealed: Mapping[str, str], *, relation: bool) -> Rows:
    fields, values = words()["fields"], words()["values"]
    born = on(date.fromisoformat(person["birth_date"])) if person["birth_date"] else None
    rows = [
        (fields["name"], revealed[person["name_token"]]),
        (fields["id"], _identity(person, revealed)),
        (fields["birth"], " · ".join(filter(None, (values["genders"].get(person["gender"]), born)))),
        (fields["phone"], revealed.get(person["phone_token"] or "", "")),
        (fields["email"], revealed.get(person["email_token"] or "", "")),
        (fields["address"], revealed.get(person["address_token"] or "", "")),
        (fields["occupation"], _occupation(person)),
    ]
    if relation:
        rows.insert(1, (fields["relation"], _relation(person["relation"])))
    return [(label, value) for label, value in rows if value]


def _beneficiaries(people: list[Mapping[str, Any]], revealed: Mapping[str, str]) -> list[tuple[str, ...]]:
    values = words()["values"]
    ordered = sorted(people, key=lambda person: (person["rank"], -person["share_percent"]))
    return [
        (
            values["rank"].format(rank=person["rank"]),
            revealed[person["name_token"]],
            _identity(person, revealed),
            _relation(person["relation"]),
            values["share"].format(percent=person["share_percent"]),
        )
        for person in ordered
    ]


def _identity(person: Mapping[str, Any], revealed: Mapping[str, str]) -> str:
    kind = words()["values"]["id_kinds"].get(person["id_kind"], "")
    return f"{kind} {revealed[person['id_token']]}".strip()


def _relation(code: str) -> str:
    return str(words()["values"]["relations"].get(code, code))


def _occupation(person: Mapping[str, Any]) -> str:
    if not person["occupation"] or person["occupation_class"] is None:
        return str(person["occupation"] or "")
    return str(words()["values"]["class"]).format(**person)


def _plan(policy: Policy, product: Product, contract: Mapping[str, Any]) -> Rows:
    fields, values = words()["fields"], words()["values"]
    return [
        (fields["product"], policy.product_name),
        (fields["filing_no"], product.filing_no),
        *((str(label), str(value)) for label, value in contract["rows"]),
        (fields["first_premium"], _premium(policy)),
        (fields["total"], values["money"].format(amount=money(contract["total_fen"]))),
    ]


def _trace(policy: Policy, product: Product) -> Rows:
    """By what the sale is found again in the insurer's books."""
    fields, values = words()["fields"], words()["values"]
    issued = policy.issued_at.astimezone(SHANGHAI)
    return [
        (fields["version"], values["version"].format(code=product.code, version=product.version)),
        (fields["terms_hash"], policy.product_hash[:16]),
        (fields["application"], policy.application_id),
        (fields["order"], policy.order_id),
        (fields["record"], policy.record_hash[:16]),
        (fields["issued_at"], f"{on(issued.date())} {issued:%H:%M}"),
    ]


def _amount(text: str, product: Product, contract: Mapping[str, Any]) -> str:
    """What this contract pays under a benefit: the plan's own part of the clause's words, or the words with the sum."""
    plans = {plan.code: plan.name for plan in product.plans}
    name = plans.get(contract["plan"] or "")
    match = re.search(rf"{re.escape(name)}为([^，；。]+)", text) if name else None
    if match:
        return match.group(1)
    if contract["sum_insured_yuan"] and "基本保险金额" in text:
        return str(words()["values"]["sum"]).format(sum=_ten_thousands(contract["sum_insured_yuan"]), text=text)
    return text


def _ten_thousands(yuan: int) -> str:
    return str(words()["values"]["money"]).format(amount=f"{yuan:,}")


def _notices(policy: Policy, product: Product) -> list[str]:
    notices = words()["notices"]
    until = policy.cooling_off_until
    cooling = notices["cooling_off"].format(days=product.cooling_off_days, until=on(until)) if until else None
    waiting = notices["waiting"].format(days=product.waiting_days) if product.waiting_days else notices["no_waiting"]
    return [
        cooling or notices["no_cooling_off"],
        waiting,
        notices["surrender"] if until else notices["no_surrender_loss"],
        notices["honesty"],
        notices["change"],
    ]
