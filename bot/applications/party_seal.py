"""Seals the parties that were read from the form: tokens go into the rows, clear values only into the vault."""

from typing import List, Optional

from bot.applications.party_form import pays_on_death
from bot.applications.party_reader import SELF, Circumstances, Earlier, Parties, PersonRead, read
from bot.applications.real_name import check_real_name
from bot.applications.sale import BENEFICIARY, INSURED, POLICYHOLDER, Sale
from bot.customers import service as customers
from bot.errors import Invalid, NotFound
from bot.ids import new_id
from bot.policies import service as policies
from bot.settings import settings
from bot.store import vault
from bot.store.tables.applications import ApplicationParty

ONE_POLICY_KINDS = ("accident",)
RUNNING = ("in_force", "not_yet_effective")


async def read_parties(sale: Sale, values: dict) -> List[ApplicationParty]:
    """The parties of the submitted form as rows that hold tokens. Raises Invalid("form_invalid", fields=…)."""
    parties = read(values, _circumstances(sale))
    for role, person in (("holder", parties.holder), ("insured", parties.insured)):
        if person is not None and person.name and person.identity:
            await check_real_name(f"{role}_id_number", person.name, person.identity.number)
    holder = await _row(sale, POLICYHOLDER, 1, parties.holder, sale.policyholder)
    holder.phone_token = holder.phone_token or await _verified_phone(sale)
    insured = await _insured_row(sale, parties, holder)
    insured.occupation, insured.occupation_class = parties.occupation.name, parties.occupation.occupation_class
    await _check_one_policy(sale, insured)
    rows = [holder, insured]
    for position, person in enumerate(parties.beneficiaries, start=3):
        rows.append(await _row(sale, BENEFICIARY, position, person, None))
    return rows


def _circumstances(sale: Sale) -> Circumstances:
    return Circumstances(
        product=sale.product,
        today=sale.today,
        effective_on=sale.effective_on,
        test_identities=settings().test_identities,
        pays_on_death=pays_on_death(sale.product),
        holder=_earlier(sale.policyholder),
        insured=_earlier(other_insured(sale)),
    )


def other_insured(sale: Sale) -> Optional[ApplicationParty]:
    """The insured as submitted before, unless it was the policyholder."""
    insured = sale.insured
    return insured if insured is not None and insured.relation != SELF else None


def _earlier(party: Optional[ApplicationParty]) -> Optional[Earlier]:
    if party is None:
        return None
    return Earlier(party.birth_date, party.gender, party.id_kind, party.id_digest, party.region)


async def _verified_phone(sale: Sale) -> str:
    """The phone that the customer verified. Raises Invalid when the customer is known without one."""
    try:
        return await customers.phone_token(sale.session, str(sale.application.customer_id))
    except NotFound as missing:
        raise Invalid("form_invalid", fields={"holder_phone": "field_required"}) from missing


async def _check_one_policy(sale: Sale, insured: ApplicationParty) -> None:
    """An insured has one accident policy of a product at a time (its terms, 1.6). Raises Invalid."""
    if sale.product.kind not in ONE_POLICY_KINDS:
        return
    for policy_no in await sale.repository.policies_on(sale.product.code, insured.id_digest):
        policy = await policies.by_number(sale.session, policy_no)
        if policies.standing(policy) in RUNNING:
            field = "holder_id_number" if insured.relation == SELF else "insured_id_number"
            raise Invalid("form_invalid", fields={field: "insured_has_policy"})


async def _insured_row(sale: Sale, parties: Parties, holder: ApplicationParty) -> ApplicationParty:
    if parties.insured is not None:
        return await _row(sale, INSURED, 2, parties.insured, other_insured(sale))
    names = (
        "name_token",
        "id_kind",
        "id_token",
        "id_digest",
        "id_valid_until",
        "phone_token",
        "birth_date",
        "gender",
    )
    same = {name: getattr(holder, name) for name in names}
    return _party(sale, INSURED, 2, SELF, **same)


async def _row(
    sale: Sale, role: str, position: int, person: PersonRead, earlier: Optional[ApplicationParty]
) -> ApplicationParty:
    number = person.identity.number if person.identity else None
    return _party(
        sale,
        role,
        position,
        person.relation,
        name_token=await _token(sale, "name", person.name, earlier, "name_token"),
        id_kind=person.id_kind,
        id_token=await _token(sale, "id_card", number, earlier, "id_token"),
        id_digest=vault.digest(number) if number else str(earlier.id_digest if earlier else ""),
        id_valid_until=person.valid_until,
        phone_token=await _token(sale, "phone", person.phone, earlier, "phone_token"),
        email_token=await _token(sale, "email", person.email, earlier, "email_token"),
        address_token=await _token(sale, "address", person.address, earlier, "address_token"),
        region=person.region,
        birth_date=person.birth_date,
        gender=person.gender,
        tax_residence=person.tax_residence,
        share_rank=person.rank,
        share_percent=person.share,
    )


async def _token(
    sale: Sale, kind: str, value: Optional[str], earlier: Optional[ApplicationParty], column: str
) -> Optional[str]:
    """The token of a new value, or the earlier one."""
    if value:
        return await vault.seal(sale.session, kind, value, owner=sale.application.conversation_id)
    return getattr(earlier, column) if earlier is not None else None


def _party(sale: Sale, role: str, position: int, relation: str, **columns: object) -> ApplicationParty:
    return ApplicationParty(
        id=new_id(),
        application_id=sale.id,
        role=role,
        position=position,
        relation=relation,
        submitted_at=sale.moment,
        **columns,
    )
