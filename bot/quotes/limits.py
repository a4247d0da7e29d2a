"""What a product is offered for: ages, classes, amounts, terms. Pure; a refusal names the nearest that is offered."""

from typing import Any, Mapping

from bot.catalogue.models import AmountLimit, Product
from bot.parties.service import age_on, days_old
from bot.quotes.models import QuoteRefused, QuoteRequest
from bot.quotes.words import amount


def insured_age(request: QuoteRequest) -> int:
    """The age of the insured in full years on the effective date; a birth date outweighs a stated age.

    Raises QuoteRefused("quote_missing") without either.
    """
    if request.birth_date is not None and request.effective_on is not None:
        return age_on(request.birth_date, request.effective_on)
    if request.age is None:
        raise QuoteRefused("quote_missing", fields={"age": "quote_missing_field"}, nearest={}, missing="")
    return request.age


def settled_term(product: Product, request: QuoteRequest) -> str:
    """The term that is meant: an alias resolved, the only one when none is said; otherwise as said."""
    limits = product.limits
    if request.term is None:
        return limits.terms[0] if len(limits.terms) == 1 else ""
    return limits.term_aliases.get(request.term, request.term)


def check_limits(product: Product, request: QuoteRequest) -> None:
    """Raises QuoteRefused with the reason when the product is not offered for these answers."""
    _check_age(product, request)
    _check_class(product, request)
    _check_choices(product, request)
    age = insured_age(request)
    for field in ("sum_insured", "annual_premium"):
        limit, asked = getattr(product.limits, field), getattr(request, field)
        if limit is not None and asked is not None:
            _check_amount(product, field, limit, asked, age)


def _refuse(code: str, field: str, nearest: Mapping[str, Any], **values: Any) -> QuoteRefused:
    return QuoteRefused(code, fields={field: code}, nearest=nearest, **values)


def _check_age(product: Product, request: QuoteRequest) -> None:
    limit, age = product.limits.age, insured_age(request)
    young = request.birth_date is not None and request.effective_on is not None and age == limit.min
    if young and days_old(request.birth_date, request.effective_on) < limit.min_days:  # type: ignore[arg-type]
        raise _refuse("quote_age", "birth_date", {"age": limit.min}, ages=limit.text)
    if not limit.min <= age <= limit.max:
        field = "age" if request.birth_date is None else "birth_date"
        raise _refuse("quote_age", field, {"age": limit.min if age < limit.min else limit.max}, ages=limit.text)


def _check_class(product: Product, request: QuoteRequest) -> None:
    limit = product.limits.occupation_classes
    if limit is None or request.occupation_class is None or request.occupation_class in limit.values:
        return
    nearest = min(limit.values, key=lambda offered: abs(offered - request.occupation_class))  # type: ignore[operator]
    raise _refuse("quote_occupation", "occupation_class", {"occupation_class": nearest}, classes=limit.text)


def _check_choices(product: Product, request: QuoteRequest) -> None:
    limits = product.limits
    offered = {
        "plan": tuple(plan.code for plan in product.plans),
        "term": limits.terms,
        "payment_period": limits.payment_periods,
        "frequency": ("yearly",) if request.payment_period == "single" else limits.frequencies,
    }
    for field, values in offered.items():
        said = settled_term(product, request) if field == "term" else getattr(request, field)
        if values and said and said not in values:
            titles = _titles(product, field, values)
            raise _refuse("quote_choice", field, {field: _closest(said, values)}, offered="、".join(titles))


def _titles(product: Product, field: str, values: tuple[str, ...]) -> list[str]:
    if field == "plan":
        return [plan.name for plan in product.plans]
    return [product.title(field, value) for value in values]


def _closest(said: str, values: tuple[str, ...]) -> str:
    if said.isdigit() and all(value.isdigit() for value in values):
        return min(values, key=lambda value: abs(int(value) - int(said)))
    return values[0]


def _check_amount(product: Product, field: str, limit: AmountLimit, asked: int, age: int) -> None:
    most = limit.at_most(age)
    if limit.min <= asked <= most and asked % limit.step == 0:
        return
    nearest = min(max(asked // limit.step * limit.step, limit.min), most)
    bounds = {"least": limit.min, "most": most, "step": limit.step}
    words = {name: amount(product, value) for name, value in bounds.items()}
    raise _refuse(f"quote_{field}", field, {field: nearest}, **words)
