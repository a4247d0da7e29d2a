"""Reads the submitted form of the parties: every field is checked, every fault named; no I/O.

A sealed field that is left empty keeps the value of the earlier submission.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, List, Mapping, Optional

from bot.applications.form_fields import Faults, choice, iso_date, optional, sealed, text
from bot.catalogue import service as catalogue
from bot.catalogue.models import Occupation, Product
from bot.errors import Invalid
from bot.parties import service as people
from bot.parties.service import Identity

ADULT = 18
SELF = "self"


@dataclass(frozen=True)
class Earlier:
    """What an earlier submission holds of a person; its sealed values may stay."""

    birth_date: Optional[date]
    gender: Optional[str]
    id_kind: str
    id_digest: str
    region: Optional[str]


@dataclass
class PersonRead:
    """A person as typed; None where the earlier value stays or nothing is needed."""

    relation: str
    name: Optional[str] = None
    id_kind: str = "id_card"
    identity: Optional[Identity] = None
    valid_until: Optional[date] = None
    phone: Optional[str] = None
    email: Optional[str] = None
    address: Optional[str] = None
    region: Optional[str] = None
    birth_date: Optional[date] = None
    gender: Optional[str] = None
    tax_residence: Optional[str] = None
    rank: Optional[int] = None
    share: Optional[int] = None


@dataclass
class Circumstances:
    """What the checks depend on."""

    product: Product
    today: date
    effective_on: date
    test_identities: bool
    pays_on_death: bool
    holder: Optional[Earlier] = None
    insured: Optional[Earlier] = None


@dataclass
class Parties:
    """The whole form, read. `insured` is None when it is the policyholder."""

    holder: PersonRead
    insured: Optional[PersonRead]
    relation: str
    occupation: Occupation
    beneficiaries: List[PersonRead] = field(default_factory=list)


def read(values: Mapping[str, Any], given: Circumstances) -> Parties:
    """The form as checked parties. Raises Invalid("form_invalid", fields={field: code})."""
    faults = Faults()
    holder = _read_holder(values, given, faults)
    relation = choice(values, "insured_relation", given.product.insured_relations, faults)
    insured = None if relation in (SELF, "") else _read_insured(values, relation, given, faults)
    occupation = _read_occupation(values, given.product, faults)
    _check_insured(holder, insured, given, faults)
    beneficiaries = _read_beneficiaries(values, given, faults)
    faults.settle()
    assert occupation is not None
    return Parties(holder, insured, relation, occupation, beneficiaries)


def _read_holder(values: Mapping[str, Any], given: Circumstances, faults: Faults) -> PersonRead:
    person = _read_person(values, "holder", given, given.holder, faults)
    person.relation = SELF
    person.email = sealed(values, "holder_email", people.check_email, given.holder, faults)
    _read_address(values, person, given.holder, faults)
    person.tax_residence = text(values, "holder_tax_residence")
    if not person.tax_residence:
        faults.add("holder_tax_residence", "field_required")
    elif faults.check("holder_tax_residence", lambda: people.check_tax_residence(str(person.tax_residence))):
        faults.add("holder_tax_residence", "tax_residence_human")
    born = person.birth_date
    if born is not None:
        faults.check("holder_id_number", lambda: people.check_policyholder_age(born, given.effective_on))
    return person


def _read_insured(values: Mapping[str, Any], relation: str, given: Circumstances, faults: Faults) -> PersonRead:
    person = _read_person(values, "insured", given, given.insured, faults)
    person.relation = relation
    born = person.birth_date
    is_adult = born is None or people.age_on(born, given.effective_on) >= ADULT
    if given.pays_on_death and is_adult and values.get("insured_consent") is not True:
        faults.add("insured_consent", "insured_consent_required")
    return person


def _read_person(
    values: Mapping[str, Any], role: str, given: Circumstances, earlier: Optional[Earlier], faults: Faults
) -> PersonRead:
    """Name, document and phone of policyholder or insured."""
    person = PersonRead(relation="")
    person.name = sealed(values, f"{role}_name", people.check_name, earlier, faults)
    person.phone = optional(values, f"{role}_phone", people.check_phone, faults)
    _read_document(values, role, person, given, earlier, faults)
    raw = text(values, f"{role}_id_valid_until")
    person.valid_until = faults.check(f"{role}_id_valid_until", lambda: iso_date(raw)) if raw else None
    until = person.valid_until
    faults.check(f"{role}_id_valid_until", lambda: people.check_valid_until(until, given.today))
    return person


def _read_document(
    values: Mapping[str, Any],
    prefix: str,
    person: PersonRead,
    given: Circumstances,
    earlier: Optional[Earlier],
    faults: Faults,
) -> None:
    """The document of a person; one that a person of ours must look at is refused here with that reason."""
    kind, number = text(values, f"{prefix}_id_kind"), text(values, f"{prefix}_id_number")
    if not number and earlier is not None and kind in ("", earlier.id_kind):
        person.id_kind, person.birth_date, person.gender = earlier.id_kind, earlier.birth_date, earlier.gender
        return
    for name, value in ((f"{prefix}_id_kind", kind), (f"{prefix}_id_number", number)):
        if not value:
            faults.add(name, "field_required")
    if not kind or not number:
        return
    found = faults.check(f"{prefix}_id_number", lambda: _identity(kind, number, given))
    if found is None:
        return
    if found.needs_human:
        faults.add(f"{prefix}_id_kind", "document_needs_human")
    person.id_kind, person.identity = found.kind, found
    person.birth_date, person.gender = found.birth_date, found.gender


def _identity(kind: str, number: str, given: Circumstances) -> Identity:
    return people.check_document(kind, number, today=given.today, test_identities=given.test_identities)


def _read_address(values: Mapping[str, Any], person: PersonRead, earlier: Optional[Earlier], faults: Faults) -> None:
    region = values.get("holder_region")
    parts = [text(region, level) for level in ("province", "city", "district")] if isinstance(region, dict) else []
    detail = text(values, "holder_address")
    person.region = "/".join(parts) or None
    if not detail and earlier is not None and person.region in (None, "//", earlier.region):
        person.region = earlier.region
        return
    if len(parts) != len([part for part in parts if part]) or not parts:
        faults.add("holder_region", "address_region")
    elif not detail:
        faults.add("holder_address", "field_required")
    else:
        try:
            person.address = people.check_address(parts[0], parts[1], parts[2], detail).line()
        except Invalid as wrong:
            faults.add("holder_region" if wrong.code == "address_region" else "holder_address", wrong.code)


def _read_occupation(values: Mapping[str, Any], product: Product, faults: Faults) -> Optional[Occupation]:
    """The occupation of the insured; its class must be one that the product insures."""
    said = text(values, "insured_occupation")
    found = catalogue.occupation(said) if said else None
    limit = product.limits.occupation_classes
    if not said:
        faults.add("insured_occupation", "field_required")
    elif found is None:
        faults.add("insured_occupation", "quote_occupation_unknown")
    elif found.occupation_class is None:
        faults.add("insured_occupation", "quote_occupation_refused")
    elif limit is not None and found.occupation_class not in limit.values:
        faults.add("insured_occupation", "quote_occupation", classes=limit.text)
    return found


def _check_insured(holder: PersonRead, insured: Optional[PersonRead], given: Circumstances, faults: Faults) -> None:
    """Age of the insured, and that two persons are two."""
    born = (insured or holder).birth_date
    name = "insured_id_number" if insured else "holder_id_number"
    limit = given.product.limits.age
    if born is not None:
        on = given.effective_on
        faults.check(name, lambda: people.check_insured_age(born, on, limit.min, limit.max, limit.min_days))
    if insured is None:
        return
    if insured.identity and holder.identity and insured.identity.number == holder.identity.number:
        faults.add(name, "party_same_person")
    if born is not None and holder.birth_date is not None:
        holder_born, relation = holder.birth_date, insured.relation
        faults.check("insured_relation", lambda: people.check_related_ages(relation, holder_born, born))


def _read_beneficiaries(values: Mapping[str, Any], given: Circumstances, faults: Faults) -> List[PersonRead]:
    """The named beneficiaries; none for the statutory ones or a product that allows no others."""
    if not given.product.beneficiaries.designated:
        return []
    kind = choice(values, "beneficiary_kind", ("statutory", "named"), faults)
    if kind != "named":
        return []
    groups = values.get("beneficiaries")
    groups = [group for group in groups if isinstance(group, dict)] if isinstance(groups, list) else []
    read_ = [_read_beneficiary(group, index, given, faults) for index, group in enumerate(groups)]
    numbers = [one.identity.number for one in read_ if one.identity]
    if len(set(numbers)) < len(numbers):
        faults.add("beneficiary_kind", "beneficiary_twice")
    shares = [people.Share(str(place), one.rank or 0, one.share) for place, one in enumerate(read_)]
    if not any(name.startswith("beneficiaries.") for name in faults.fields):
        settled = faults.check("beneficiary_kind", lambda: people.share_out(shares))
        for one, share in zip(read_, settled or (), strict=False):
            one.share = share.percent
    return read_


def _read_beneficiary(group: Mapping[str, Any], index: int, given: Circumstances, faults: Faults) -> PersonRead:
    at = f"beneficiaries.{index}"
    own = Faults()
    person = PersonRead(relation=choice(group, "relation", given.product.beneficiaries.relations, own))
    person.name = sealed(group, "name", people.check_name, None, own)
    _read_document({f"p_{name}": value for name, value in group.items()}, "p", person, given, None, own)
    rank, share = text(group, "rank") or str(group.get("rank") or ""), str(group.get("share") or "").strip()
    if rank not in ("1", "2", "3"):
        own.add("rank", "field_required")
    person.rank = int(rank) if rank in ("1", "2", "3") else None
    share = share.removesuffix("%").strip()
    if share and not share.isdecimal():
        own.add("share", "beneficiary_share")
    person.share = int(share) if share.isdecimal() else None
    for name, code in own.fields.items():
        faults.add(f"{at}.{name.removeprefix('p_')}", code, **own.values)
    return person
