"""The price of an application: what is known of the pricing factors, first from the quote, later from the parties."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Dict, List, Mapping, Optional, Tuple

from pydantic import ValidationError

from bot import errors
from bot.applications.sale import Sale
from bot.applications.schemas import Choice
from bot.applications.texts import label
from bot.catalogue import service as catalogue
from bot.catalogue.models import Factor, Product
from bot.errors import Invalid
from bot.parties.service import age_on
from bot.quotes import service as quotes
from bot.quotes.models import QuoteRequest

PAYMENTS_A_YEAR = {"yearly": 1, "monthly": 12}
FIELD_OF_SLOT = {"payment_frequency": "frequency", "amount": "sum_insured"}
FIELDS = frozenset(QuoteRequest.__fields__) - {"product", "effective_on"}
CUSTOMERS_CHOICE = ("plan", "sum_insured", "annual_premium", "term", "payment_period", "frequency")


@dataclass(frozen=True)
class Price:
    """What is to be paid, loading included: each payment and all of them, in fen; `rows` name the pricing factors."""

    premium_fen: int
    total_fen: int
    payments: int
    frequency: str
    loading_percent: int
    rows: Tuple[Tuple[str, str], ...]


def fields_of(slots: Mapping[str, Any]) -> Dict[str, Any]:
    """Quote slots as fields of a quote request; unknown slots and empty values are left out.

    An occupation becomes its class and is kept by name for the form; one that the table lacks is kept by name only.
    """
    fields: Dict[str, Any] = {}
    for slot, value in slots.items():
        name = FIELD_OF_SLOT.get(slot, slot)
        if value in (None, ""):
            continue
        if name == "occupation":
            found = catalogue.occupation(str(value))
            fields["occupation"] = found.name if found else str(value)
            if found and found.occupation_class is not None:
                fields["occupation_class"] = found.occupation_class
        elif name in FIELDS:
            fields[name] = _plain(name, value)
    return fields


def _plain(name: str, value: Any) -> Any:
    if name == "social_security":
        return value in (True, "yes", "true")
    if name in ("age", "sum_insured", "annual_premium", "occupation_class"):
        return int(value) if str(value).isdigit() else value
    return str(value)


def known(sale: Sale) -> Dict[str, Any]:
    """Everything known of the pricing factors; what the insured's papers say outweighs what was said before."""
    fields = {name: value for name, value in sale.application.factors.items() if name in FIELDS}
    insured = sale.insured
    if insured is not None:
        fields["birth_date"] = insured.birth_date
        fields["gender"] = insured.gender
        fields["occupation_class"] = insured.occupation_class
        fields.pop("age", None)
    return {name: value for name, value in fields.items() if value is not None}


def request_of(sale: Sale, changes: Optional[Mapping[str, Any]] = None) -> QuoteRequest:
    """The quote request as the application stands, with changes. Raises Invalid("plan_value") for a wrong value."""
    fields = {**known(sale), **(changes or {})}
    fields = {name: value for name, value in fields.items() if name in FIELDS and value is not None}
    try:
        return QuoteRequest(product=sale.product.code, effective_on=sale.effective_on, **fields)
    except ValidationError as wrong:
        raise Invalid("plan_value") from wrong


def check(sale: Sale, changes: Mapping[str, Any]) -> None:
    """Raises Invalid (QuoteRefused) when the product is not offered with these changes; open factors may stay open.

    While it is not offered anyway, a change that puts its own field right is taken: the next refusal names the rest.
    """
    refused = _refusal(sale, changes)
    if refused is None:
        return
    helps = not set(refused.fields) & set(changes) and _refusal(sale, {}) is not None
    if not helps:
        raise refused


def _refusal(sale: Sale, changes: Mapping[str, Any]) -> Optional[Invalid]:
    """Why there is no price with these changes, other than open factors; None when there may be one."""
    try:
        quotes.premium(sale.product, request_of(sale, changes))
    except Invalid as refused:
        return None if refused.code == "quote_missing" else refused
    return None


def reason(refused: Invalid) -> str:
    """Why a combination is refused, as a sentence."""
    return errors.message(refused)


def loading_percent(sale: Sale) -> int:
    """The loading of the decision that stands, in percent of the standard premium."""
    return sale.decision.loading_percent if sale.decision else 0


def price(sale: Sale) -> Price:
    """The price as it stands. Raises Invalid (QuoteRefused) when there is none."""
    standard = quotes.premium(sale.product, request_of(sale))
    percent = loading_percent(sale)
    each = loaded(standard.premium_fen, percent)
    return Price(
        premium_fen=each,
        total_fen=each * standard.payments,
        payments=standard.payments,
        frequency=standard.frequency,
        loading_percent=percent,
        rows=standard.breakdown[: len(sale.product.factors)],
    )


def premium_or_none(sale: Sale) -> Optional[Price]:
    """The price as it stands, or None while there is none."""
    try:
        return price(sale)
    except Invalid:
        return None


def loaded(premium_fen: int, percent: int) -> int:
    """A standard premium with its loading, in fen, rounded half up."""
    exact = Decimal(premium_fen) * (100 + percent) / 100
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def yearly_fen(price_: Price) -> int:
    """What is paid in a year, in fen; a single premium counts once."""
    return price_.premium_fen * min(price_.payments, PAYMENTS_A_YEAR[price_.frequency])


def age(sale: Sale) -> Optional[int]:
    """Age of the insured in full years when cover begins, as far as known."""
    birth_date = known(sale).get("birth_date")
    if birth_date is not None:
        return age_on(birth_date, sale.effective_on)
    stated = known(sale).get("age")
    return int(stated) if stated is not None else None


def factor_of_slot(product: Product, slot: str) -> Factor:
    """The pricing factor that a slot fills. Raises KeyError."""
    for factor in product.factors:
        if slot in (factor.slot, factor.name):
            return factor
    raise KeyError(slot)


def factors_said(entities: Mapping[str, Any]) -> Dict[str, Any]:
    """The customer's choices of plan, amount, term and payment among the entities of a message."""
    return {name: value for name, value in fields_of(entities).items() if name in CUSTOMERS_CHOICE}


def changeable(sale: Sale) -> List[Tuple[str, str, Optional[str]]]:
    """What the customer may change as (field, label, value): the frequency has the other value, the rest are asked."""
    chosen = [factor for factor in sale.product.factors if factor.name in CUSTOMERS_CHOICE]
    found: List[Tuple[str, str, Optional[str]]] = [(factor.name, factor.label, None) for factor in chosen]
    present = known(sale).get("frequency", "yearly")
    if known(sale).get("payment_period") != "single":
        others = [one for one in sale.product.limits.frequencies if one != present]
        found += [("frequency", sale.product.title("frequency", one), one) for one in others]
    return found


def change_choices(sale: Sale) -> List[Choice]:
    """A button for each choice of the customer that may be changed."""
    buttons = []
    for name, said, value in changeable(sale):
        entities = {"field": name} if value is None else {"field": name, "value": value}
        buttons.append(Choice(label("values", "change_to" if value else "change", name=said), "correct", entities))
    return buttons


def yuan(fen: int) -> str:
    """Money for people: 6,610.00元."""
    return label("values", "yuan", yuan=f"{Decimal(fen) / 100:,.2f}")
