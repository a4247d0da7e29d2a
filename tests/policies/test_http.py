"""Policies over real HTTP: one's own list, the document, short links, and the check that anyone may make."""

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from sanic import Sanic

from bot.channels.web import security
from bot.channels.web.limits import limiter
from bot.ids import new_id
from bot.policies import cards, documents, routes
from bot.records import routes as record_routes
from bot.records import service as records
from bot.settings import settings
from bot.store import transaction
from bot.store.tables.conversations import Conversation
from tests.policies.sales import HOLDER, Buyer, buyer
from tests.policies.test_issue import confirmed, issue


@dataclass
class Counter:
    """A running gateway with one issued policy and its owner."""

    client: httpx.AsyncClient
    policy_no: str
    application_id: str
    owner: Buyer
    stranger: Buyer


def bearer(who: Buyer) -> dict[str, str]:
    return {"Authorization": f"Bearer {who.token}"}


@pytest.fixture
async def counter(database, sales) -> AsyncIterator[Counter]:
    sale = await confirmed(sales)
    policy_no = await issue(sale)
    async with transaction() as session:
        stranger = await buyer(session)
        owner = await buyer(session)
        row = await session.get(Conversation, owner.conversation_id)
        first = await session.get(Conversation, sale.conversation_id)
        row.customer_id, first.customer_id = first.customer_id, None
    settings.cache_clear()
    limiter.cache_clear()
    app = Sanic(f"policies-{new_id()}", configure_logging=False)
    # several apps in one process: without it Sanic 21.12 compiles its own methods twice and fails
    Sanic.test_mode = True
    security.mount(app)
    app.blueprint(routes.blueprint)
    app.blueprint(record_routes.blueprint)
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.start_serving()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{sock.getsockname()[1]}", trust_env=False) as client:
        yield Counter(client, policy_no, sale.application_id, owner, stranger)
    await server.close()


async def test_the_owner_sees_own_policies_in_any_own_conversation(counter):
    answer = await counter.client.get("/api/policies", headers=bearer(counter.owner))
    (policy,) = answer.json()["policies"]
    assert (policy["policy_no"], policy["status"], policy["insured_masked"]) == (
        counter.policy_no,
        "not_yet_effective",
        "王**",
    )
    assert policy["ends_at"].endswith("T23:59:59+08:00")


async def test_others_see_nothing(counter):
    assert (await counter.client.get("/api/policies/", headers=bearer(counter.stranger))).json() == {"policies": []}
    assert (await counter.client.get("/api/policies/")).status_code == 401
    document = f"/api/policies/{counter.policy_no}/document"
    assert (await counter.client.get(document, headers=bearer(counter.stranger))).status_code == 404
    assert (await counter.client.get(document)).status_code == 401


async def test_the_document_is_made_when_it_is_asked_for_before_the_job_ran(counter):
    answer = await counter.client.get(f"/api/policies/{counter.policy_no}/document", headers=bearer(counter.owner))
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-type"] == "application/pdf"
    disposition = answer.headers["content-disposition"]
    assert f'filename="{counter.policy_no}.pdf"' in disposition
    assert "filename*=UTF-8''%E7%A6%BE%E5%B1%BF" in disposition


async def test_a_short_link_opens_one_document(counter):
    answer = await counter.client.post(f"/api/policies/{counter.policy_no}/link", headers=bearer(counter.owner))
    assert (await counter.client.get(answer.json()["url"])).status_code == 200
    forged = answer.json()["url"][:-2] + "xx"
    assert (await counter.client.get(forged)).status_code == 401
    other = answer.json()["url"].replace(counter.policy_no, "HY2026010000023")
    assert (await counter.client.get(other)).status_code == 401
    refused = await counter.client.post(f"/api/policies/{counter.policy_no}/link", headers=bearer(counter.stranger))
    assert refused.status_code == 404


async def test_anyone_may_check_number_and_name(counter):
    body = {"policy_no": counter.policy_no, "holder_name": HOLDER}
    answer = (await counter.client.post("/api/policies/verify", json=body)).json()
    assert (answer["valid"], answer["policy"]["holder_masked"]) == (True, "王**")
    wrong = (await counter.client.post("/api/policies/verify", json={**body, "holder_name": "李四"})).json()
    assert wrong["valid"] is False and "policy" not in wrong and wrong["reason"]


async def test_anyone_may_check_a_document(counter):
    pdf = (await documents.make(counter.policy_no)).pdf
    answer = await counter.client.post("/api/policies/verify", files={"file": ("保单.pdf", pdf, "application/pdf")})
    assert answer.json()["valid"] is True
    changed = pdf.replace(b"/Type /Page", b"/Type /Pag3", 1)
    answer = await counter.client.post("/api/policies/verify", files={"file": ("a.pdf", changed, "application/pdf")})
    assert answer.json()["valid"] is False


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"policy_no": 1}', b"\xff"])
async def test_nonsense_is_refused(counter, body):
    headers = {"content-type": "application/json"}
    answer = await counter.client.post("/api/policies/verify", content=body, headers=headers)
    assert answer.status_code == 422


async def test_checks_are_limited(counter):
    body = {"policy_no": counter.policy_no, "holder_name": "李四"}
    codes = [(await counter.client.post("/api/policies/verify", json=body)).status_code for _ in range(25)]
    assert codes[0] == 200 and codes[-1] == 429


async def test_an_exported_record_is_checked(counter):
    async with transaction() as session:
        exported = await records.export(session, counter.application_id)
    assert (await counter.client.post("/api/records/verify", json=exported)).json()["valid"] is True
    exported["rows"][0]["content"]["premium_fen"] = 1
    answer = (await counter.client.post("/api/records/verify", json=exported)).json()
    assert (answer["valid"], answer["faults"]) == (False, [{"seq": 1, "code": "changed"}])
    assert (await counter.client.post("/api/records/verify", json=[1])).status_code == 422


async def test_the_chats_card_shows_masks_and_addresses(counter):
    async with transaction(read_only=True) as session:
        body = await cards.load_policy(session, counter.owner.conversation_id, {"policy_no": counter.policy_no})
    assert counter.policy_no in body["text"]
    assert body["download_url"] == f"/api/policies/{counter.policy_no}/document"
    assert body["cooling_off_until"] is None and HOLDER not in str(body)
