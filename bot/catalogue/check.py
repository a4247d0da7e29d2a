"""Checks the whole catalogue; `python -m bot.catalogue.check` prints what is wrong and fails if anything is."""

import re
import sys
from itertools import product as pairs_of
from typing import Any, Dict, Iterator, List, Mapping, Tuple

from bot.catalogue import service
from bot.catalogue.files import CatalogueError
from bot.catalogue.models import AmountLimit, Fact, Monotone, Product
from bot.catalogue.service import DATA

TRAINING_DATA = re.compile(r"^\s*(?:rules|stories|nlu|responses):", re.MULTILINE)
TRAINING_FOLDERS = ("nlu", "rules", "stories")
OLDEST = 105
TEN_THOUSAND = 10_000
KNOWN_CATEGORIES = 6


def problems() -> List[str]:
    """Everything that is wrong with the catalogue, one sentence each; empty when all is well."""
    found = [*_of_occupations(), *_of_insurer(), *_of_synonyms(), *_of_files()]
    for product in service.products(offline=True):
        name = f"{product.code}/{product.version}"
        checks = (_of_facts, _of_exclusions, _of_rates, _of_health, _of_cash_values)
        found += [f"{name}: {problem}" for check in checks for problem in check(product)]
    return found


def _of_facts(product: Product) -> Iterator[str]:
    """Every fact, limit and benefit stands in its clause word for word, with its number."""
    texts = {clause.number: clause.text for clause in product.clauses}
    for name, text, number in _cited(product):
        if number not in texts:
            yield f"{name}: there is no clause {number}"
        elif text and text not in texts[number]:
            yield f"{name}: clause {number} does not say {text!r}"
    for name, fact in product.facts.items():
        if not _says(fact):
            yield f"fact {name}: {fact.text!r} does not name the value {fact.value}"
    yield from _of_amounts(product, texts)


def _cited(product: Product) -> Iterator[Tuple[str, str, str]]:
    """(name, words that must be in the clause, clause) of everything that cites one."""
    limits = product.limits
    yield from ((f"fact {name}", fact.text, fact.clause) for name, fact in product.facts.items())
    yield from ((f"benefit {benefit.code}", benefit.text, benefit.clause) for benefit in product.benefits)
    for name in ("age", "occupation_classes", "sum_insured", "annual_premium"):
        limit = getattr(limits, name)
        if limit is not None:
            yield f"limit {name}", limit.text, limit.clause
    yield from ((f"highlight {line.text}", "", line.clause) for line in product.highlights)
    yield from ((f"callback {line.text}", "", line.clause) for line in product.callback.benefits)
    yield from ((f"callback exclusion {number}", "", number) for number in product.callback.exclusions)
    for name in ("surrender", "beneficiaries", "callback"):
        yield name, "", getattr(product, name).clause


def _says(fact: Fact) -> bool:
    """Whether a number other than 0 is in the words; other values are names of ours."""
    if isinstance(fact.value, bool) or not isinstance(fact.value, int) or fact.value == 0:
        return True
    return bool(re.search(rf"(?<!\d){fact.value}(?!\d)", fact.text))


def _of_amounts(product: Product, texts: Mapping[str, str]) -> Iterator[str]:
    """Sums of plans and limits by age are in the clause that states them."""
    for plan, benefit in pairs_of(product.plans, product.benefits):
        if benefit.code not in plan.sums:
            yield f"plan {plan.code}: no sum for {benefit.code}"
        elif not re.search(rf"{plan.name}为(?:每日)?{_amount(plan.sums[benefit.code])}", benefit.text):
            yield f"plan {plan.code}: {benefit.code} is not {plan.sums[benefit.code]} in {benefit.text!r}"
    limit = product.limits.sum_insured
    if isinstance(limit, AmountLimit):
        for band in limit.by_age:
            words = rf"{band.min}周岁至{band.max}周岁的，最高{_amount(band.at_most)}"
            if not re.search(words, texts[limit.clause]):
                yield f"sum_insured: clause {limit.clause} does not say {words}"


def _amount(yuan: int) -> str:
    return f"{yuan // TEN_THOUSAND}万元" if yuan % TEN_THOUSAND == 0 else f"{yuan}元"


def _of_exclusions(product: Product) -> Iterator[str]:
    """The page of exclusions is the clauses of the terms, no more and no less."""
    page = product.document("exclusions")
    terms = {clause.number: clause for clause in product.clauses}
    if [clause.number for clause in page.clauses] != list(product.exclusions):
        yield "the exclusions page and the list of exclusions differ"
    for clause in page.clauses:
        if terms.get(clause.number) != clause:
            yield f"exclusion {clause.number} is not a clause of the terms"


def _of_rates(product: Product) -> Iterator[str]:
    """Rates are positive, without a gap in age, for every choice that the limits offer, and rise where expected."""
    rows = {tuple(row.values()): product.rates.get(row) for row in product.rates.combinations()}
    yield from (f"rate {key}: not positive" for key, rate in rows.items() if rate is None or rate <= 0)
    offered = {
        "plan": {plan.code for plan in product.plans},
        "term": set(product.limits.terms),
        "payment_period": set(product.limits.payment_periods),
        "occupation_class": set(map(str, getattr(product.limits.occupation_classes, "values", ()))),
        "age": set(map(str, range(product.limits.age.min, product.limits.age.max + 1))),
    }
    for key in product.rating.keys:
        rated = {row[key] for row in product.rates.combinations()}
        missing = offered.get(key, set()) - rated
        if missing:
            yield f"rates: nothing for {key} {sorted(missing)}"
    yield from _gaps(product)
    for expected in product.rating.monotone:
        yield from _breaks(product, expected)


def _lines(product: Product, key: str) -> Dict[Tuple[str, ...], List[Dict[str, str]]]:
    """The rows of the rates that differ in one key only, in its order."""
    lines: Dict[Tuple[str, ...], List[Dict[str, str]]] = {}
    for row in product.rates.combinations():
        lines.setdefault(tuple(value for name, value in row.items() if name != key), []).append(row)
    for rows in lines.values():
        rows.sort(key=lambda row: (int(row[key]) if row[key].isdigit() else 0, row[key]))
    return lines


def _gaps(product: Product) -> Iterator[str]:
    if "age" not in product.rating.keys:
        return
    for rest, rows in _lines(product, "age").items():
        ages = [int(row["age"]) for row in rows]
        if ages != list(range(ages[0], ages[-1] + 1)):
            yield f"rates {rest}: ages are missing"


def _breaks(product: Product, expected: Monotone) -> Iterator[str]:
    for rows in _lines(product, expected.key).values():
        if any(rows[0][name] != value for name, value in expected.only.items()):
            continue
        rates: List[Any] = [product.rates.get(row) for row in rows]
        if rates != sorted(rates, reverse=not expected.rises):
            yield f"rates: not {'rising' if expected.rises else 'falling'} along {expected.key} at {rows[0]}"


def _of_health(product: Product) -> Iterator[str]:
    """Questions are numbered from 1, ask known topics, and a yes has something to choose from."""
    topics = service.conditions()["topics"]
    answered = {condition.topic for condition in product.conditions}
    numbers = [question.no for question in product.health_questions]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "health questions are not numbered from 1"
    for question in product.health_questions:
        for topic in question.asks:
            if topic not in topics:
                yield f"health question {question.no}: unknown topic {topic}"
            elif topic not in answered:
                yield f"health question {question.no}: no condition for {topic}"


def _of_cash_values(product: Product) -> Iterator[str]:
    """A table is full: each year of each choice sold; a term to an age also by the years left, ending in nothing."""
    if product.surrender.kind != "table":
        return
    for term, period in sorted({(row["term"], row["payment_period"]) for row in product.rates.combinations()}):
        last = OLDEST if term == "whole_life" else int(term.removeprefix("to")) - product.limits.age.min
        ratios = [product.cash_values.get((term, period, "policy_year", year)) for year in range(1, last + 1)]
        if None in ratios or ratios != sorted(ratios):  # type: ignore[type-var]
            yield f"cash values of {term}/{period}: a year is missing, or they fall"
        if term != "whole_life":
            left = [product.cash_values.get((term, period, "years_left", year)) for year in range(last + 1)]
            if None in left or left[0] != 0:
                yield f"cash values of {term}/{period} by years left: a year is missing, or the end is not nothing"


def _of_occupations() -> Iterator[str]:
    """No word names two occupations; every class is there."""
    words = [word for found in service.occupations() for word in (found.name, *found.synonyms)]
    yield from (f"occupations: {word} stands twice" for word in sorted({w for w in words if words.count(w) > 1}))
    classes = {found.occupation_class for found in service.occupations()}
    if classes != {None, *range(1, KNOWN_CATEGORIES + 1)}:
        yield f"occupations: classes {classes}"


def _of_insurer() -> Iterator[str]:
    """Staff ids are four digits and unique."""
    ids = [staff.id for staff in service.insurer().staff]
    if len(set(ids)) != len(ids) or not all(re.fullmatch(r"\d{4}", number) for number in ids):
        yield "insurer: staff ids must be four digits and unique"


def _of_synonyms() -> Iterator[str]:
    """No synonym names two products."""
    words = [(word, product.code) for product in service.products(offline=True) for word in product.synonyms]
    named: Dict[str, str] = {}
    for word, code in words:
        if named.setdefault(word, code) != code:
            yield f"synonym {word} names {named[word]} and {code}"


def _of_files() -> Iterator[str]:
    """No YAML outside the training data has a line that Rasa would take for training data."""
    for path in sorted(DATA.rglob("*.yml")):
        if path.relative_to(DATA).parts[0] in TRAINING_FOLDERS:
            continue
        if TRAINING_DATA.search(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(DATA)}: a line begins like Rasa's training data"


def main() -> int:
    """Print every problem; 1 when there is one."""
    try:
        found = problems()
    except CatalogueError as error:
        found = [str(error)]
    for problem in found:
        print(problem)
    if not found:
        print(f"catalogue: {len(service.products(offline=True))} products in order")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
