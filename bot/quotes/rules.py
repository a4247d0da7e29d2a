"""The premium as a pure function of product and answers: no clock, no store, the same input gives the same price.

Money is Decimal until the end, then integer fen: rounded half up, once.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from bot.catalogue.models import Product
from bot.quotes.limits import check_limits, insured_age, settled_term
from bot.quotes.models import Premium, QuoteRefused, QuoteRequest
from bot.quotes.words import amount, yuan

MONTHLY = Decimal("0.0875")
FEN = Decimal(100)
PAYMENTS_A_YEAR = {"yearly": 1, "monthly": 12}
SLOTS_OF_AGE = ("age", "birth_date")

AMOUNTS: Mapping[str, Callable[[QuoteRequest], Decimal]] = {
    "per_year": lambda request: Decimal(1),
    "per_thousand": lambda request: Decimal(request.sum_insured or 0) / 1000,
    "per_yuan": lambda request: Decimal(request.annual_premium or 0),
}


def premium(product: Product, request: QuoteRequest) -> Premium:
    """The premium for these answers.

    Raises QuoteRefused: with code "quote_missing" and the fields when a pricing factor is absent, otherwise with the
    reason and the nearest that is offered.
    """
    try:
        return _price(product, request)
    except QuoteRefused as refused:
        refused.nearest = _complete(product, request, refused.nearest)
        raise


def _complete(product: Product, request: QuoteRequest, nearest: Mapping[str, Any]) -> Dict[str, Any]:
    """The nearest offer with what else has to change so that it has a price, as an age that limits the sum.

    A later refusal may replace an earlier proposal: of the payment periods offered at all, the closest may not go with
    the term. {} when no price is found.
    """
    changes = dict(nearest)
    for _ in product.factors:
        if not changes:
            break
        try:
            stated = {"birth_date": None} if "age" in changes else {}
            _price(product, request.copy(update={**stated, **changes}))
            return changes
        except QuoteRefused as further:
            changes = {**changes, **further.nearest} if further.nearest else {}
    return {}


def _price(product: Product, request: QuoteRequest) -> Premium:
    _check_complete(product, request)
    check_limits(product, request)
    rate = rate_of(product, request)
    exact = AMOUNTS[product.rating.unit](request) * rate
    each = exact * MONTHLY if request.frequency == "monthly" else exact
    premium_fen = int((each * FEN).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    payments = payments_of(product, request)
    return Premium(
        premium_fen=premium_fen,
        frequency=request.frequency,
        payments=payments,
        total_fen=premium_fen * payments,
        breakdown=_breakdown(product, request, rate, premium_fen, payments),
    )


def rate_of(product: Product, request: QuoteRequest) -> Decimal:
    """The rate for these answers, in yuan per unit of `product.rating`. Raises QuoteRefused("quote_combination")."""
    wanted = rate_key(product, request)
    rate = product.rates.get(wanted)
    if rate is None:
        nearest = nearest_combination(product, wanted)
        said = "、".join(product.title(name, value) for name, value in nearest.items())
        fields = {name: "quote_combination_field" for name in nearest} or {"product": "quote_combination_field"}
        code = "quote_combination" if nearest else "quote_combination_none"
        raise QuoteRefused(code, fields=fields, nearest=nearest, nearest_text=said)
    return rate


def rate_key(product: Product, request: QuoteRequest) -> Dict[str, str]:
    """The values by which the row of rates.csv is found, as text."""
    values: Dict[str, Any] = {
        **request.dict(),
        "age": insured_age(request),
        "term": settled_term(product, request),
        "social_security": {True: "yes", False: "no", None: None}[request.social_security],
    }
    return {key: str(values[key]) for key in product.rating.keys}


def nearest_combination(product: Product, wanted: Mapping[str, str]) -> Dict[str, str]:
    """The choices of the customer to change so that there is a rate: the fewest, payment period before term.

    Age, gender and class are not choices; {} when no choice helps.
    """
    choices = [key for key in ("payment_period", "term", "plan") if key in product.rating.keys]
    best: Optional[Tuple[Tuple[int, ...], Dict[str, str]]] = None
    for row in product.rates.combinations():
        if any(row[key] != wanted[key] for key in product.rating.keys if key not in choices):
            continue
        changed = {key: row[key] for key in choices if row[key] != wanted[key]}
        distance = (len(changed), *(_apart(key, row, wanted) for key in reversed(choices)))
        if best is None or distance < best[0]:
            best = (distance, changed)
    return best[1] if best else {}


def _apart(key: str, row: Mapping[str, str], wanted: Mapping[str, str]) -> int:
    if row[key].isdigit() and wanted[key].isdigit():
        return abs(int(row[key]) - int(wanted[key]))
    return int(row[key] != wanted[key])


def payments_of(product: Product, request: QuoteRequest) -> int:
    """How many payments the customer makes over the whole payment period."""
    if request.payment_period == "single":
        return 1
    years = int(request.payment_period) if product.limits.payment_periods and request.payment_period else 1
    return years * PAYMENTS_A_YEAR[request.frequency]


def missing_factors(product: Product, known: Mapping[str, Any]) -> List[str]:
    """The slots that the price still needs, in the order in which they are asked. `known` maps slots to values."""
    return [factor.slot for factor in product.factors if not _is_known(product, factor.name, factor.slot, known)]


def _is_known(product: Product, name: str, slot: str, known: Mapping[str, Any]) -> bool:
    if name == "age":
        return any(known.get(one) is not None for one in SLOTS_OF_AGE)
    if name == "term" and len(product.limits.terms) == 1:
        return True
    return any(known.get(one) is not None for one in (slot, name))


def _check_complete(product: Product, request: QuoteRequest) -> None:
    known = request.dict(exclude={"product"})
    missing = [factor for factor in product.factors if not _is_known(product, factor.name, factor.slot, known)]
    if missing:
        said = "、".join(factor.label for factor in missing)
        fields = {factor.name: "quote_missing_field" for factor in missing}
        raise QuoteRefused("quote_missing", fields=fields, nearest={}, missing=said)


def _breakdown(
    product: Product, request: QuoteRequest, rate: Decimal, premium_fen: int, payments: int
) -> Tuple[Tuple[str, str], ...]:
    labels = product.labels
    shown = ((factor, _shown(product, request, factor.name)) for factor in product.factors)
    rows = [(factor.label, factor.shown.format(value=value)) for factor, value in shown]
    if product.rating.unit == "per_thousand":
        rows.append((labels["rate"], labels["rate_per_thousand"].format(rate=rate)))
    each = "premium_once" if request.payment_period == "single" else f"premium_{request.frequency}"
    rows.append((labels[each], yuan(product, premium_fen)))
    if payments > 1:
        rows.append((labels["payments"], labels["payments_count"].format(count=payments)))
        rows.append((labels["total"], yuan(product, premium_fen * payments)))
    return tuple(rows)


def _shown(product: Product, request: QuoteRequest, name: str) -> str:
    if name == "age":
        return str(insured_age(request))
    if name == "term":
        return product.title("term", settled_term(product, request))
    if name == "plan":
        return next(plan.name for plan in product.plans if plan.code == request.plan)
    if name in ("sum_insured", "annual_premium"):
        return amount(product, getattr(request, name))
    if name == "social_security":
        return product.title(name, "yes" if request.social_security else "no")
    return product.title(name, getattr(request, name))
