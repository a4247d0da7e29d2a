"""Builds the contract of an application: what the policy will say."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import List, Optional

from bot.applications import pricing
from bot.applications.contract import Beneficiary, Contract, Person
from bot.applications.sale import Sale
from bot.applications.schemas import Status
from bot.applications.steps.summary import SummaryStep
from bot.applications.steps.underwriting import special_terms
from bot.errors import Conflict
from bot.parties.service import age_on, anniversary
from bot.quotes.limits import settled_term
from bot.store.tables.applications import ApplicationParty

YEARS = re.compile(r"(\d+)y")
TO_AGE = re.compile(r"to(\d+)")


def contract_of(sale: Sale) -> Contract:
    """The contract as the customer confirmed it, reckoned on the day of the confirmation.

    Raises Conflict("application_incomplete") when it is not confirmed as it stands, or is over without a policy.
    """
    confirmed = sale.application.confirmed_at
    if confirmed is None or not (sale.status.is_live or sale.status is Status.ISSUED):
        raise Conflict("application_incomplete")
    sale = replace(sale, moment=confirmed)
    if not SummaryStep().is_completed(sale) or sale.policyholder is None or sale.insured is None:
        raise Conflict("application_incomplete")
    return _contract(sale, sale.policyholder, sale.insured)


def _contract(sale: Sale, holder: ApplicationParty, insured: ApplicationParty) -> Contract:
    application, product = sale.application, sale.product
    price, factors = pricing.price(sale), pricing.known(sale)
    term = settled_term(product, pricing.request_of(sale))
    return Contract(
        application_id=sale.id,
        conversation_id=application.conversation_id,
        customer_id=str(application.customer_id),
        product_code=product.code,
        product_version=product.version,
        product_sha256=product.sha256,
        product_name=product.name,
        quote_id=str(application.quote_id),
        plan=factors.get("plan"),
        sum_insured_yuan=factors.get("sum_insured"),
        term=term or None,
        payment_period=factors.get("payment_period"),
        frequency=price.frequency,
        premium_fen=price.premium_fen,
        total_fen=price.total_fen,
        rows=list(price.rows),
        policyholder=_person(holder),
        insured=_person(insured),
        effective_on=sale.effective_on,
        ends_on=ends_on(term, sale.effective_on, insured.birth_date),
        beneficiaries=_beneficiaries(sale),
        special_terms=special_terms(sale),
    )


def ends_on(term: str, start: date, birth_date: Optional[date]) -> Optional[date]:
    """The last day of cover; None for the whole of life.

    Source: the terms, 1.3: years end before the anniversary; an age ends before the first anniversary of the policy
    after that age is reached. Raises ValueError for an unknown term.
    """
    if term == "whole_life":
        return None
    years = YEARS.fullmatch(term)
    if years:
        return anniversary(start, int(years.group(1))) - timedelta(days=1)
    to_age = TO_AGE.fullmatch(term)
    if not to_age or birth_date is None:
        raise ValueError(f"unknown term: {term}")
    years_left = int(to_age.group(1)) - age_on(birth_date, start)
    return anniversary(start, years_left) - timedelta(days=1)


def _person(party: ApplicationParty) -> Person:
    return Person(
        name_token=party.name_token,
        id_kind=party.id_kind,
        id_token=party.id_token,
        relation=party.relation,
        birth_date=party.birth_date,
        gender=party.gender,
        phone_token=party.phone_token,
        email_token=party.email_token,
        address_token=party.address_token,
        occupation=party.occupation,
        occupation_class=party.occupation_class,
    )


def _beneficiaries(sale: Sale) -> List[Beneficiary]:
    return [
        Beneficiary(
            name_token=party.name_token,
            id_kind=party.id_kind,
            id_token=party.id_token,
            relation=party.relation,
            rank=int(party.share_rank or 1),
            share_percent=int(party.share_percent or 0),
        )
        for party in sale.beneficiaries
    ]
