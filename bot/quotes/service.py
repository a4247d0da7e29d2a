"""Use cases of quotes: price a request, keep the quote, find it again."""

from datetime import date, timedelta
from typing import Any, Dict, List, Mapping, Optional, Tuple

from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.catalogue import service as catalogue
from bot.catalogue.models import Product
from bot.errors import Invalid, NotFound
from bot.ids import new_id
from bot.quotes.limits import check_limits, settled_term
from bot.quotes.models import Premium, QuoteRefused, QuoteRequest
from bot.quotes.repository import QuoteRepository
from bot.quotes.rules import amount, missing_factors, premium
from bot.store.tables.quotes import QuoteRow

__all__ = [
    "Quote",
    "QuoteRefused",
    "QuoteRequest",
    "amount",
    "check_factors",
    "get",
    "missing_factors",
    "premium",
    "price",
    "quote",
    "read_request",
    "refused_slots",
    "request_of_slots",
    "settled_term",
]

FIELD_OF_SLOT = {"payment_frequency": "frequency"}
NOT_A_FIELD = frozenset({"product", "occupation"})


class Quote(BaseModel):
    """A quote as it was given: money in fen, `total_fen` over the whole payment period."""

    id: str
    product_code: str
    product_version: str
    product_hash: str
    request: QuoteRequest
    premium_fen: int
    frequency: str
    payments: int
    total_fen: int
    breakdown: Tuple[Tuple[str, str], ...]

    class Config:
        """Frozen: a quote never changes."""

        frozen = True


def next_day() -> date:
    """The day on which cover would begin if it were paid for today: tomorrow in Asia/Shanghai."""
    return clock.today() + timedelta(days=1)


def read_request(values: Mapping[str, Any]) -> QuoteRequest:
    """A request from untrusted JSON; cover begins tomorrow unless a date is given.

    Raises Invalid("invalid", fields=…) naming each field at fault.
    """
    try:
        return QuoteRequest(**{"effective_on": next_day(), **values})
    except ValidationError as error:
        fields = {str(fault["loc"][0]): "quote_field" for fault in error.errors()}
        raise Invalid("invalid", fields=fields) from error


def request_of_slots(product_code: str, slots: Mapping[str, Any]) -> QuoteRequest:
    """A request from slot values; an occupation is looked up in the table, slots that are no factor are left out.

    Raises QuoteRefused for an occupation that is not insured or not in the table, Invalid for a wrong value.
    """
    values: Dict[str, Any] = {}
    for slot, value in slots.items():
        field = FIELD_OF_SLOT.get(slot, slot)
        if value is not None and field in QuoteRequest.__fields__ and field not in NOT_A_FIELD:
            values[field] = value
    if slots.get("occupation") is not None:
        values["occupation_class"] = class_of(str(slots["occupation"]))
    return read_request({"product": product_code, **values})


def check_factors(product: Product, slots: Mapping[str, Any]) -> None:
    """What is known so far is offered; factors that are still missing are passed over.

    Raises Invalid (QuoteRefused) for the first factor that is not offered.
    """
    request = request_of_slots(product.code, slots)
    if request.age is None and request.birth_date is None:
        check_limits(product, request.copy(update={"age": product.limits.age.min}))
        return
    check_limits(product, request)
    if not missing_factors(product, slots):
        premium(product, request)


def refused_slots(product: Product, refusal: Invalid) -> List[str]:
    """The slots whose values a refusal is about, to be asked again."""
    slots = {factor.name: factor.slot for factor in product.factors}
    fields = {field: slot for slot, field in FIELD_OF_SLOT.items()}
    return [slots.get(name, fields.get(name, name)) for name in refusal.fields]


def class_of(occupation: str) -> int:
    """The class of an occupation by name or synonym.

    Raises QuoteRefused("quote_occupation_unknown" | "quote_occupation_refused").
    """
    found = catalogue.occupation(occupation)
    if found is None or found.occupation_class is None:
        code = "quote_occupation_unknown" if found is None else "quote_occupation_refused"
        raise QuoteRefused(code, fields={"occupation": code}, nearest={})
    return found.occupation_class


def price(request: QuoteRequest) -> Premium:
    """The premium of a request, without keeping it. Raises NotFound("product_unknown"), QuoteRefused."""
    return premium(catalogue.product(request.product), request)


async def quote(session: AsyncSession, request: QuoteRequest, conversation_id: Optional[str] = None) -> Quote:
    """Price a request and keep the quote with the product's version and hash.

    Raises NotFound("product_unknown"), QuoteRefused.
    """
    product = catalogue.product(request.product)
    priced = premium(product, request)
    row = QuoteRow(
        id=new_id(),
        conversation_id=conversation_id,
        product_code=product.code,
        product_version=product.version,
        product_hash=product.sha256,
        request=_stored(request),
        frequency=priced.frequency,
        premium_fen=priced.premium_fen,
        payments=priced.payments,
        total_fen=priced.total_fen,
        breakdown=[list(line) for line in priced.breakdown],
        created_at=clock.now(),
    )
    await QuoteRepository(session).add(row)
    return _quote_of(row)


async def get(session: AsyncSession, quote_id: str) -> Quote:
    """A quote that was given. Raises NotFound("quote_unknown")."""
    row = await QuoteRepository(session).get(quote_id)
    if row is None:
        raise NotFound("quote_unknown")
    return _quote_of(row)


def _stored(request: QuoteRequest) -> Dict[str, Any]:
    """The request as JSON: dates as ISO text, absent fields left out."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in request.dict(exclude_none=True).items()
    }


def _quote_of(row: QuoteRow) -> Quote:
    return Quote(
        id=row.id,
        product_code=row.product_code,
        product_version=row.product_version,
        product_hash=row.product_hash,
        request=QuoteRequest(**row.request),
        premium_fen=row.premium_fen,
        frequency=row.frequency,
        payments=row.payments,
        total_fen=row.total_fen,
        breakdown=tuple(map(tuple, list(row.breakdown))),
    )
