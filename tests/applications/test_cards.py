"""Bodies of the cards: what the wire demands, nothing chosen beforehand, nothing clear that is personal."""

import json
from datetime import date

import pytest

from bot.applications import cards, service
from bot.conversations import service as conversations
from bot.errors import NotFound
from bot.ids import new_id
from tests.applications.buyer import CONSENTS, MALE_30, NEEDS, P2_FACTORS, P4_FACTORS, PARTIES

KINDS = {
    "text",
    "select",
    "radio",
    "checkbox",
    "date",
    "id_number",
    "phone",
    "email",
    "money",
    "region",
    "code",
}
LOADERS = {"form": cards.load_form, "document": cards.load_document, "question": cards.load_question}


async def body_of(buyer, prompt):
    return await LOADERS[prompt.card["type"]](buyer.session, buyer.conversation_id, prompt.card["ref"])


def fields(body):
    return {field["name"]: field for section in body["sections"] for field in section["fields"]}


@pytest.mark.parametrize(("product", "factors"), [("P4", P4_FACTORS), ("P2", P2_FACTORS)])
async def test_every_form_keeps_to_the_wire(buyer, customer_id, monkeypatch, product, factors):
    await buyer.start(product, factors)
    for code in ("needs", "verification", "consent", "parties")[product == "P4" :]:
        body = await body_of(buyer, await buyer.go_to(code, customer_id, monkeypatch))
        assert {"text", "form_id", "title", "submit_label", "sections", "submitted"} == set(body)
        assert (body["form_id"], body["submitted"]) == (code, False)
        assert json.dumps(body)
        for field in fields(body).values():
            assert field["kind"] in KINDS
            assert set(field) <= {
                *("name", "label", "kind", "required", "options", "hint", "placeholder", "default", "show_if")
            }
            for option in field.get("options", []):
                assert set(option) == {"value", "label"}


async def test_a_submitted_form_says_so(buyer, customer_id, monkeypatch):
    prompt = await buyer.start("P2", P2_FACTORS)
    await buyer.submit("needs", NEEDS)
    assert (await body_of(buyer, prompt))["submitted"] is True


async def test_the_needs_form_comes_back_with_what_was_entered(buyer):
    prompt = await buyer.start("P2", P2_FACTORS)
    await buyer.submit("needs", {**NEEDS, "budget": "7999.5"})
    await service.change(buyer.session, buyer.application_id, "needs")
    shown = fields(await body_of(buyer, prompt))
    assert (shown["annual_income"]["default"], shown["budget"]["default"]) == ("200000", "7999.50")


async def test_no_consent_is_chosen_beforehand_and_each_shows_its_words(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    prompt = await buyer.go_to("consent", customer_id, monkeypatch)
    body = await body_of(buyer, prompt)
    assert [field["name"] for field in fields(body).values()] == ["consent_health", "consent_bank"]
    assert all("default" not in field for field in fields(body).values())
    assert all("单独同意" in section["text"] for section in body["sections"])
    await buyer.submit("consent", CONSENTS)
    assert len((await body_of(buyer, prompt))["sections"]) == 2


async def test_the_form_of_the_parties_fits_the_product(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    accident = fields(await body_of(buyer, await buyer.go_to("parties", customer_id, monkeypatch)))
    assert {"beneficiary_kind", "insured_consent"} <= set(accident)
    assert accident["insured_occupation"]["default"] == "程序员"
    assert accident["insured_name"]["show_if"] == {
        "field": "insured_relation",
        "equals": ["spouse", "parent", "child"],
    }
    await buyer.start("P2", P2_FACTORS)
    illness = fields(await body_of(buyer, await buyer.go_to("parties", customer_id, monkeypatch)))
    assert not {"beneficiary_kind", "insured_consent", "share"} & set(illness)


async def test_a_form_shown_again_has_masks_only(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("summary", customer_id, monkeypatch)
    await service.change(buyer.session, buyer.application_id, "parties")
    body = await body_of(buyer, await buyer.present())
    shown = fields(body)
    assert (shown["holder_id_number"]["placeholder"], shown["holder_id_number"]["required"]) == (
        "9900**********0010",
        False,
    )
    assert shown["holder_region"]["default"] == PARTIES["holder_region"]
    assert_nothing_clear(body)


def assert_nothing_clear(body):
    for clear in (MALE_30, "王小明", "13800138000", "ming@example.com", "100号2栋"):
        assert clear not in json.dumps(body, ensure_ascii=False)


async def test_the_summary_names_every_element_in_masks(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    body = await body_of(buyer, await buyer.go_to("summary", customer_id, monkeypatch))
    rows = {row["label"]: row["value"] for section in body["summary"] for row in section["rows"]}
    assert rows["产品名称"] == "禾屿随行综合意外伤害保险（互联网）"
    assert rows["每期保费"] == "169.00元"
    assert rows["保障计划"] == "计划B"
    assert rows["意外身故、伤残"] == "500,000.00元"
    assert rows["受益人"] == "法定受益人"
    assert rows["证件号码"] == "9900**********0010"
    assert rows["职业"] == "程序员（1类）"
    assert rows["犹豫期"] == "无"
    assert_nothing_clear(body)


async def test_the_summary_of_two_persons_and_named_beneficiaries(buyer, customer_id, monkeypatch):
    from tests.applications.test_parties import OTHER, beneficiary, number

    third = number(date(1990, 5, 5), male=False)
    values = {
        **OTHER,
        "beneficiary_kind": "named",
        "beneficiaries": [{**beneficiary("王小兰", "100", number_=third), "relation": "child"}],
    }
    await buyer.start("P4", P4_FACTORS)
    body = await body_of(buyer, await buyer.go_to("summary", customer_id, monkeypatch, parties=values))
    sections = {section["title"]: section["rows"] for section in body["summary"]}
    assert sections["受益人"] == [{"label": "第1顺序 100%", "value": "王**"}]
    assert {"label": "姓名", "value": "李**"} in sections["被保险人"]
    await buyer.say("确认", "affirm")
    sold = await service.contract(buyer.session, buyer.application_id)
    assert [(one.rank, one.share_percent) for one in sold.beneficiaries] == [(1, 100)]
    assert sold.policyholder.id_token != sold.insured.id_token


async def test_an_old_summary_card_can_still_be_loaded(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    prompt = await buyer.go_to("summary", customer_id, monkeypatch)
    await service.change(buyer.session, buyer.application_id, "plan")
    assert (await body_of(buyer, prompt)) == {"summary": []}
    await service.abandon(buyer.session, buyer.application_id)
    assert (await body_of(buyer, prompt)) == {"summary": []}


async def test_the_document_card_shows_whether_it_is_confirmed(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    prompt = await buyer.go_to("document", customer_id, monkeypatch)
    body = await body_of(buyer, prompt)
    assert (body["index"], body["total"], body["confirmed"]) == (1, 4, False)
    assert body["url"] == f"/api/documents/{body['document_id']}"
    await buyer.read_documents(monkeypatch)
    assert (await body_of(buyer, prompt))["confirmed"] is True


async def test_cards_of_others_are_not_found(buyer, customer_id, monkeypatch, session):
    await buyer.start("P4", P4_FACTORS)
    document = await buyer.go_to("document", customer_id, monkeypatch)
    stranger = (await conversations.open_conversation(session, "web")).conversation_id
    with pytest.raises(NotFound):
        await cards.load_document(session, stranger, document.card["ref"])
    with pytest.raises(NotFound):
        await cards.load_form(session, stranger, {"application_id": buyer.application_id, "form_id": "parties"})
    with pytest.raises(NotFound):
        await cards.load_question(session, stranger, {"application_id": new_id(), "part": "summary"})
    with pytest.raises(NotFound):
        await cards.load_document(
            session, buyer.conversation_id, {"application_id": buyer.application_id, "document_id": new_id()}
        )
