"""The form of the parties: every field is checked by its rule, sealed when it is kept, and may be changed later."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot import clock, errors
from bot.applications import forms, party_reader, service
from bot.applications.party_reader import Circumstances
from bot.applications.sale import Sale
from bot.catalogue import service as catalogue
from bot.customers import service as customers
from bot.errors import Invalid
from bot.store import vault
from bot.store.tables.applications import ApplicationParty
from tests.applications.buyer import FEMALE_30, MALE_30, P2_FACTORS, P4_FACTORS, PARTIES

CHILD = "990000201503120011"


def number(born, male=True, serial=1):
    """A valid fictional identity number for a birth date."""
    from bot.parties.identity import check_digit

    body = f"990000{born:%Y%m%d}{serial:02d}{1 if male else 2}"
    return body + check_digit(body)


def given_for(code, **more):
    product = catalogue.product(code)
    return Circumstances(
        product=product,
        today=date(2026, 6, 1),
        effective_on=date(2026, 6, 2),
        test_identities=True,
        pays_on_death=code == "P4",
        **more,
    )


OTHER = {
    **PARTIES,
    "insured_relation": "spouse",
    "insured_name": "李小红",
    "insured_id_kind": "id_card",
    "insured_id_number": FEMALE_30,
    "insured_phone": "13900139000",
    "insured_consent": True,
}


def faults(values, code="P4", **more):
    with pytest.raises(Invalid) as caught:
        party_reader.read(values, given_for(code, **more))
    for fault in caught.value.fields.values():
        assert errors.text(fault, **caught.value.values)
    return caught.value.fields


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("holder_name", "", "field_required"),
        ("holder_name", "王", "name_format"),
        ("holder_name", "王123", "name_format"),
        ("holder_id_kind", "", "field_required"),
        ("holder_id_number", "", "field_required"),
        ("holder_id_number", "990000199603120011", "identity_checksum"),
        ("holder_id_number", "12345", "identity_format"),
        ("holder_id_number", number(date(2010, 1, 1)), "policyholder_working_minor"),
        ("holder_id_number", number(date(2020, 1, 1)), "policyholder_minor"),
        ("holder_id_number", number(date(1950, 1, 1)), "insured_age"),
        ("holder_id_valid_until", "2020-01-01", "document_expired"),
        ("holder_id_valid_until", "明年", "field_date"),
        ("holder_phone", "12345", "phone_format"),
        ("holder_email", "ming", "email_format"),
        ("holder_email", "", "field_required"),
        ("holder_region", {"province": "浙江省", "city": "杭州市", "district": "朝阳区"}, "address_region"),
        ("holder_region", None, "address_region"),
        ("holder_region", "浙江省", "address_region"),
        ("holder_address", "", "field_required"),
        ("holder_address", "西湖", "address_detail"),
        ("holder_tax_residence", "", "field_required"),
        ("holder_tax_residence", "moon", "tax_residence"),
        ("holder_tax_residence", "both", "tax_residence_human"),
        ("insured_relation", "", "field_required"),
        ("insured_relation", "cousin", "relation_human"),
        ("insured_occupation", "", "field_required"),
        ("insured_occupation", "甲骨占卜师", "quote_occupation_unknown"),
        ("insured_occupation", "消防员", "quote_occupation"),
        ("insured_occupation", "潜水员", "quote_occupation_refused"),
        ("beneficiary_kind", "", "field_required"),
        ("beneficiary_kind", "named", "beneficiary_none"),
    ],
)
def test_each_field_has_its_own_error(field, value, code):
    assert faults({**PARTIES, field: value}).get(field) == code


@pytest.mark.parametrize("kind", ["passport", "permanent_residence"])
def test_documents_that_a_person_must_look_at_are_not_taken_here(kind):
    papers = {"passport": "E12345678", "permanent_residence": "911010199603120013"}
    found = faults({**PARTIES, "holder_id_kind": kind, "holder_id_number": papers[kind]})
    assert set(found) <= {"holder_id_kind", "holder_id_number"}
    assert kind != "passport" or found == {"holder_id_kind": "document_needs_human"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("insured_name", None, "field_required"),
        ("insured_id_number", MALE_30, "party_same_person"),
        ("insured_consent", False, "insured_consent_required"),
        ("insured_consent", "yes", "insured_consent_required"),
        ("insured_phone", "1", "phone_format"),
        ("insured_id_number", CHILD, "identity_checksum"),
    ],
)
def test_another_insured_is_checked_too(field, value, code):
    assert faults({**OTHER, field: value})[field] == code


def test_parent_and_child_must_be_older_and_younger():
    older = number(date(1970, 1, 1))
    assert faults({**OTHER, "insured_relation": "child", "insured_id_number": older}) == {
        "insured_relation": "relation_age"
    }
    younger = number(date(2006, 1, 1))
    assert faults({**OTHER, "insured_relation": "parent", "insured_id_number": younger}) == {
        "insured_relation": "relation_age"
    }


def test_the_consent_of_the_insured_counts_only_where_death_is_insured():
    without = {name: value for name, value in OTHER.items() if name != "insured_consent"}
    assert party_reader.read(without, given_for("P2")).relation == "spouse"


def beneficiary(name, share="", rank="1", number_=FEMALE_30):
    return {
        "name": name,
        "id_kind": "id_card",
        "id_number": number_,
        "relation": "spouse",
        "rank": rank,
        "share": share,
    }


def test_beneficiaries_without_shares_share_alike():
    second = number(date(1990, 5, 5), male=False)
    values = {
        **PARTIES,
        "beneficiary_kind": "named",
        "beneficiaries": [beneficiary("李小红"), beneficiary("李小兰", number_=second)],
    }
    read = party_reader.read(values, given_for("P4"))
    assert [(one.rank, one.share) for one in read.beneficiaries] == [(1, 50), (1, 50)]


@pytest.mark.parametrize(
    ("people", "field", "code"),
    [
        ([beneficiary("李小红", "60")], "beneficiary_kind", "beneficiary_total"),
        ([beneficiary("李小红", "100", rank="2")], "beneficiary_kind", "beneficiary_rank"),
        ([beneficiary("李", "100")], "beneficiaries.0.name", "name_format"),
        ([beneficiary("李小红", "一半")], "beneficiaries.0.share", "beneficiary_share"),
        ([beneficiary("李小红", "100", rank="9")], "beneficiaries.0.rank", "field_required"),
        (
            [{**beneficiary("李小红", "100"), "relation": "friend"}],
            "beneficiaries.0.relation",
            "relation_human",
        ),
        (
            [{**beneficiary("李小红", "100"), "id_number": "1"}],
            "beneficiaries.0.id_number",
            "identity_format",
        ),
        ([beneficiary("李小红", "50"), beneficiary("李小红", "50")], "beneficiary_kind", "beneficiary_twice"),
    ],
)
def test_beneficiaries_are_checked(people, field, code):
    assert faults({**PARTIES, "beneficiary_kind": "named", "beneficiaries": people})[field] == code


def test_a_product_without_beneficiaries_ignores_them():
    values = {**PARTIES, "beneficiary_kind": "named", "beneficiaries": [beneficiary("李", "1")]}
    assert party_reader.read(values, given_for("P2")).beneficiaries == []


junk = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.lists(st.text(max_size=5), max_size=3)
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted({*OTHER, "beneficiaries"})), junk, min_size=1))
def test_whatever_is_sent_only_named_fields_are_at_fault(values):
    try:
        party_reader.read({**OTHER, **values}, given_for("P4"))
    except Invalid as wrong:
        assert wrong.code == "form_invalid"
        assert wrong.fields
        assert all(errors.text(code, **wrong.values) for code in wrong.fields.values())


async def to_parties(buyer, customer_id, monkeypatch, product="P4", factors=P4_FACTORS):
    await buyer.start(product, factors)
    await buyer.go_to("parties", customer_id, monkeypatch)


async def sale_of(buyer):
    return await Sale.load(buyer.session, buyer.application_id)


async def test_personal_values_are_sealed_in_the_conversations_vault(buyer, customer_id, monkeypatch, session):
    await to_parties(buyer, customer_id, monkeypatch)
    assert (await buyer.say("王小明 13800138000", "inform")).kind.value == "not_an_answer"
    assert (await buyer.say("好的", "affirm")).code == "fill_form"
    await buyer.submit("parties", OTHER)
    rows = (await session.execute(select(ApplicationParty))).scalars().all()
    stored = " ".join(str(vars(row)) for row in rows)
    for clear in (MALE_30, FEMALE_30, "王小明", "李小红", "13800138000", "ming@example.com", "文三路"):
        assert clear not in stored
    holder = (await sale_of(buyer)).policyholder
    assert await vault.reveal(session, holder.id_token, "test", "test") == MALE_30
    assert (holder.birth_date, holder.gender) == (date(1996, 3, 12), "male")


async def test_an_empty_phone_is_the_verified_one(buyer, monkeypatch, session):
    pending = await customers.request_code(session, buyer.conversation_id, "13800138001")
    known = await customers.verify_code(session, buyer.conversation_id, "13800138001", pending.code)
    await to_parties(buyer, known.customer_id, monkeypatch)
    await buyer.submit("parties", {name: value for name, value in PARTIES.items() if name != "holder_phone"})
    token = (await sale_of(buyer)).policyholder.phone_token
    assert await vault.reveal(session, token, "test", "test") == "13800138001"


async def test_without_any_phone_the_field_is_required(buyer, customer_id, monkeypatch):
    await to_parties(buyer, customer_id, monkeypatch)
    with pytest.raises(Invalid) as caught:
        await buyer.submit("parties", {name: value for name, value in PARTIES.items() if name != "holder_phone"})
    assert caught.value.fields == {"holder_phone": "field_required"}


async def test_name_and_number_must_belong_together(buyer, customer_id, monkeypatch):
    await to_parties(buyer, customer_id, monkeypatch)
    with pytest.raises(Invalid) as caught:
        await buyer.submit("parties", {**PARTIES, "holder_name": "实名不符"})
    assert caught.value.fields == {"holder_id_number": "real_name_mismatch"}


async def test_the_form_is_not_taken_before_its_turn(buyer):
    await buyer.start("P4", P4_FACTORS)
    with pytest.raises(errors.Conflict, match="form_not_due"):
        await forms.submit_parties(buyer.session, buyer.conversation_id, PARTIES)


async def test_changing_the_parties_keeps_what_is_left_empty(buyer, customer_id, monkeypatch, session):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("summary", customer_id, monkeypatch)
    before = (await sale_of(buyer)).policyholder
    assert (await service.change(session, buyer.application_id, "电话")).code == "parties_again"
    kept = {
        name: value
        for name, value in PARTIES.items()
        if name not in ("holder_name", "holder_id_number", "holder_email", "holder_address")
    }
    await buyer.submit("parties", {**kept, "holder_phone": "13900139001"})
    after = (await sale_of(buyer)).policyholder
    assert (after.name_token, after.id_token, after.email_token, after.address_token, after.birth_date) == (
        before.name_token,
        before.id_token,
        before.email_token,
        before.address_token,
        before.birth_date,
    )
    assert await vault.reveal(session, after.phone_token, "test", "test") == "13900139001"
    assert (await buyer.present()).code == "summary"


async def test_a_change_of_the_parties_may_be_dropped(buyer, customer_id, monkeypatch, session):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("summary", customer_id, monkeypatch)
    await service.change(session, buyer.application_id, "parties")
    await buyer.click("不改了，保持原样")
    assert (await buyer.present()).code == "summary"


async def test_another_insured_needs_values_of_its_own_after_oneself(buyer, customer_id, monkeypatch, session):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("summary", customer_id, monkeypatch)
    await service.change(session, buyer.application_id, "被保险人")
    values = {name: value for name, value in OTHER.items() if name not in ("insured_name", "insured_id_number")}
    with pytest.raises(Invalid) as caught:
        await buyer.submit("parties", values)
    assert caught.value.fields == {"insured_name": "field_required", "insured_id_number": "field_required"}


async def test_an_insured_child_is_read_by_its_own_number(buyer, customer_id, monkeypatch):
    born = clock.today() - timedelta(days=8 * 365 + 40)
    factors = {**P2_FACTORS, "age": 8, "payment_period": "20"}
    await to_parties(buyer, customer_id, monkeypatch, "P2", factors)
    child = {
        **OTHER,
        "insured_relation": "child",
        "insured_id_number": number(born),
        "insured_occupation": "学生",
    }
    await buyer.submit("parties", child)
    insured = (await sale_of(buyer)).insured
    assert (insured.birth_date, insured.gender, insured.relation) == (born, "male", "child")
