"""The rows of the summary: every element of the purchase, personal values as masks."""

from typing import Any, Dict, List, Tuple

from bot.applications import pricing
from bot.applications.contracts import ends_on
from bot.applications.sale import Sale
from bot.applications.steps.underwriting import special_terms
from bot.applications.texts import label
from bot.errors import Invalid
from bot.quotes.limits import settled_term
from bot.store import vault
from bot.store.tables.applications import ApplicationParty

Row = Tuple[str, str]
Section = Dict[str, Any]


async def summary_sections(sale: Sale) -> List[Section]:
    """`[{title, rows: [{label, value}]}]`; [] when there is no price or no parties any more."""
    holder, insured = sale.policyholder, sale.insured
    if holder is None or insured is None:
        return []
    try:
        price_rows = _price(sale)
    except Invalid:
        return []
    sections = [
        _section("product", _product(sale, insured)),
        _section("price", price_rows),
        _section("policyholder", await _person(sale, holder)),
        _section("insured", [_relation(insured), *await _insured(sale, holder, insured)]),
    ]
    if sale.product.beneficiaries.designated:
        sections.append(_section("beneficiaries", await _beneficiaries(sale)))
    terms = special_terms(sale)
    if terms:
        rows = [(label("summary", "special_term", index=index), text) for index, text in enumerate(terms, start=1)]
        sections.append(_section("terms", rows))
    return sections


def _section(code: str, rows: List[Row]) -> Section:
    return {
        "title": label("summary_sections", code),
        "rows": [{"label": name, "value": value} for name, value in rows],
    }


def _row(code: str, value: str) -> Row:
    return label("summary", code), value


def _product(sale: Sale, insured: ApplicationParty) -> List[Row]:
    product = sale.product
    term = settled_term(product, pricing.request_of(sale))
    last = ends_on(term, sale.effective_on, insured.birth_date)
    rows = [
        _row("product", product.name),
        _row("insurer", product.insurer),
        _row("filing_no", product.filing_no),
        *pricing.price(sale).rows,
        *_sums(sale),
        _row("effective", label("values", "next_day", date=sale.effective_on.isoformat())),
        _row("ends", label("values", "end_day", date=last.isoformat()) if last else label("values", "whole_life")),
        _row("waiting", _days(product.waiting_days)),
        _row("cooling_off", _days(product.cooling_off_days)),
    ]
    return rows


def _sums(sale: Sale) -> List[Row]:
    """The sums of the chosen plan by benefit, in yuan."""
    chosen = pricing.known(sale).get("plan")
    names = {benefit.code: benefit.name for benefit in sale.product.benefits}
    for plan in sale.product.plans:
        if plan.code == chosen:
            return [(names[code], pricing.yuan(yuan * 100)) for code, yuan in plan.sums.items()]
    return []


def _days(days: int) -> str:
    return label("values", "days", days=days) if days else label("values", "none")


def _price(sale: Sale) -> List[Row]:
    price = pricing.price(sale)
    rows = [
        _row("frequency", sale.product.title("frequency", price.frequency)),
        _row("premium", pricing.yuan(price.premium_fen)),
        _row("total", pricing.yuan(price.total_fen)),
    ]
    if price.loading_percent:
        rows.append(_row("premium_loading", label("values", "loading", percent=price.loading_percent)))
    return rows


async def _person(sale: Sale, party: ApplicationParty) -> List[Row]:
    """Name, number and ways to reach a person, as masks."""
    tokens = [
        ("name", party.name_token),
        ("id_number", party.id_token),
        ("phone", party.phone_token),
        ("email", party.email_token),
        ("address", party.address_token),
    ]
    rows = [_row(code, await vault.masked(sale.session, str(token))) for code, token in tokens if token]
    if party.tax_residence:
        rows.append(_row("tax_residence", label("tax_residence", str(party.tax_residence))))
    return rows


async def _insured(sale: Sale, holder: ApplicationParty, insured: ApplicationParty) -> List[Row]:
    occupation = label("values", "occupation", name=insured.occupation, occupation_class=insured.occupation_class)
    own = [] if insured.id_token == holder.id_token else await _person(sale, insured)
    return [*own, _row("occupation", occupation)]


def _relation(insured: ApplicationParty) -> Row:
    return _row("relation", label("relations", insured.relation))


async def _beneficiaries(sale: Sale) -> List[Row]:
    if not sale.beneficiaries:
        return [_row("beneficiary", label("values", "statutory"))]
    return [
        (
            label("summary", "beneficiary_named", rank=party.share_rank, share=party.share_percent),
            await vault.masked(sale.session, party.name_token),
        )
        for party in sale.beneficiaries
    ]
