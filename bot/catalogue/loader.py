"""Builds the products from data/catalogue: validates, hashes, and puts the parts of a version together."""

from decimal import Decimal, InvalidOperation
from itertools import product as combinations_of
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

from bot.catalogue import documents
from bot.catalogue.files import CatalogueError, build, digest, read_csv, read_yaml
from bot.catalogue.models import (
    Choice,
    Condition,
    Fact,
    Factor,
    HealthDeclaration,
    Limits,
    Plan,
    Product,
    RateTable,
    Rating,
)

FACTS_OF_PRODUCT = ("cooling_off_days", "waiting_days", "grace_days", "revival_years")
CASH_VALUE_COLUMNS = ("term", "payment_period", "count", "year", "ratio")


def load_product(folder: Path, shared_folder: Path, conditions: Mapping[str, Any], insurer: str) -> Product:
    """The product version in a folder `<code>/<version>`.

    `conditions` is {"version", "by_product": {underwriting code: (Condition, …)}}. Raises CatalogueError.
    """
    path = folder / "product.yml"
    values = read_yaml(path)
    labels = read_yaml(folder.parent.parent / "labels.yml")
    if (values.get("code"), values.get("version")) != (folder.parent.name, folder.name):
        raise CatalogueError(f"{path}: code and version do not match the folder")
    rating = build(Rating, values.pop("rating"), path)
    limits = build(Limits, values.pop("limits"), path)
    plans = tuple(build(Plan, plan, path) for plan in values.pop("plans"))
    facts = {name: build(Fact, fact, path) for name, fact in values.pop("facts").items()}
    values.update(
        sha256=digest(folder),
        insurer=insurer,
        rating=rating,
        limits=limits,
        plans=plans,
        facts=facts,
        factors=_factors(values["factors"], labels, limits, plans),
        labels=labels["labels"],
        titles=labels["titles"],
        rates=_rates(folder, rating),
        cash_values=_cash_values(folder),
        health=build(HealthDeclaration, read_yaml(folder / "health.yml"), folder / "health.yml"),
        conditions=conditions["by_product"].get(values["underwriting"], ()),
        conditions_version=conditions["version"],
        **{name: facts[name].value for name in FACTS_OF_PRODUCT},
        **_documents(folder, shared_folder, values),
    )
    return build(Product, values, path)


def _documents(folder: Path, shared_folder: Path, values: Dict[str, Any]) -> Dict[str, Any]:
    """Documents, consents, clauses and exclusion numbers; takes their keys out of the values."""
    code, version = values["code"], values["version"]
    terms = documents.read_own(folder, code, version, "terms")
    numbers = documents.exclusion_numbers(terms, values.pop("exclusions_chapter"), values.pop("further_exclusions"))
    title = read_yaml(folder.parent.parent / "labels.yml")["labels"]["exclusions_title"].format(name=values["name"])
    shared = {
        kind: documents.read_shared(shared_folder, kind, shared_version)
        for kind, shared_version in values.pop("shared_documents").items()
    }
    consents = tuple(
        documents.read_shared(shared_folder, kind, shared_version)
        for kind, shared_version in values.pop("consents").items()
    )
    reading = documents.reading_list(folder, code, version, (title, numbers), shared)
    return {"documents": reading, "consents": consents, "clauses": terms.clauses, "exclusions": numbers}


def _factors(
    names: List[str], labels: Mapping[str, Any], limits: Limits, plans: Tuple[Plan, ...]
) -> Tuple[Factor, ...]:
    titles = labels["titles"]
    offered = {
        "plan": tuple(Choice(value=plan.code, title=plan.name) for plan in plans),
        "term": tuple(Choice(value=term, title=titles["term"][term]) for term in limits.terms),
        "payment_period": tuple(
            Choice(value=period, title=titles["payment_period"][period]) for period in limits.payment_periods
        ),
        **{
            name: tuple(Choice(value=value, title=title) for value, title in titles[name].items())
            for name in ("gender", "social_security")
        },
    }
    return tuple(Factor(name=name, choices=offered.get(name, ()), **labels["factors"][name]) for name in names)


def _rates(folder: Path, rating: Rating) -> RateTable:
    """rates.csv: a cell of a key may be a range like `26-30`, which stands for each number of it."""
    path = folder / "rates.csv"
    rows: Dict[Tuple[str, ...], Decimal] = {}
    for row in read_csv(path, (*rating.keys, "rate")):
        for values in combinations_of(*(_spread(row[key]) for key in rating.keys)):
            if values in rows:
                raise CatalogueError(f"{path}: two rates for {values}")
            rows[values] = _decimal(row["rate"], path)
    return RateTable(rating.keys, rows)


def _spread(cell: str) -> Tuple[str, ...]:
    first, dash, last = cell.partition("-")
    if not dash or not (first.isdigit() and last.isdigit()):
        return (cell,)
    return tuple(str(number) for number in range(int(first), int(last) + 1))


def _cash_values(folder: Path) -> Dict[Tuple[str, str, str, int], Decimal]:
    """cash_values.csv: share of the premiums paid by term, payment period, kind of count, year; {} without a file."""
    path = folder / "cash_values.csv"
    if not path.exists():
        return {}
    return {
        (row["term"], row["payment_period"], row["count"], int(row["year"])): _decimal(row["ratio"], path)
        for row in read_csv(path, CASH_VALUE_COLUMNS)
    }


def _decimal(text: str, path: Path) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise CatalogueError(f"{path}: {text!r} is not a number") from error


def load_conditions(path: Path) -> Dict[str, Any]:
    """data/conditions.yml: its version, groups and topics, and the conditions with the verdicts of each product.

    Returns {"version", "groups", "topics", "words", "by_product"}. Raises CatalogueError for a name not declared.
    """
    content = read_yaml(path)
    by_product: Dict[str, List[Condition]] = {}
    for values in content["conditions"]:
        if values["topic"] not in content["topics"]:
            raise CatalogueError(f"{path}: {values.get('code')}: unknown topic {values['topic']}")
        for code, verdicts in values["verdicts"].items():
            by_product.setdefault(code, []).append(_condition(path, content, values, verdicts))
    unknown = set(content["words"]) - set(content["topics"]) - set(content["groups"])
    if unknown:
        raise CatalogueError(f"{path}: words of something that is neither topic nor group: {sorted(unknown)}")
    frozen = {code: tuple(conditions) for code, conditions in by_product.items()}
    return {**{name: content[name] for name in ("version", "groups", "topics", "words")}, "by_product": frozen}


def _condition(path: Path, content: Mapping[str, Any], values: Mapping[str, Any], verdicts: Any) -> Condition:
    """One condition for one product, with the words of its exclusions and materials in place of their names."""
    resolved = []
    try:
        for verdict in verdicts if isinstance(verdicts, list) else [verdicts]:
            excluded = verdict.get("exclusion")
            resolved.append(
                {
                    **verdict,
                    "exclusion": content["exclusions"][excluded] if excluded else None,
                    "materials": tuple(content["materials"][name] for name in verdict.get("materials", ())),
                }
            )
        group = content["groups"][values["group"]]
    except KeyError as error:
        raise CatalogueError(f"{path}: {values['code']}: {error} is not declared") from error
    return build(Condition, {**values, "group_title": group, "verdicts": resolved}, path)
