"""A real application, paid, issued and printed: the seams between applications, cashier, policies and records."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.applications import service as applications
from bot.cashier import process, providers, service
from bot.cashier.bankcards import Card
from bot.cashier.checkout import Asked
from bot.cashier.providers.base import Method
from bot.cashier.providers.sandbox import SandboxProvider
from bot.conversations import service as conversations
from bot.ids import new_id
from bot.policies import documents, ports
from bot.records import service as records
from bot.store import transaction
from tests.applications.buyer import P2_FACTORS, P4_FACTORS, Buyer


@pytest.fixture
def wired():
    ports.use(ports.Sales(contract=applications.contract, mark_issued=applications.mark_issued))
    providers.use(SandboxProvider(b"secret"))
    yield
    ports.use(None)
    providers.use(None)


@pytest.mark.parametrize(
    "product, factors, said",
    [("P4", P4_FACTORS, ["每日100元", "法定"]), ("P2", P2_FACTORS, ["第 30 年", "500,000", "15 天犹豫期"])],
)
async def test_an_application_is_paid_issued_and_printed(database, wired, monkeypatch, product, factors, said):
    async with transaction() as session:
        buyer = Buyer(session, (await conversations.open_conversation(session, "web")).conversation_id)
        await buyer.start(product, factors)
        paying = await buyer.go_to("payment", new_id(), monkeypatch)
    order_id = paying.card["ref"]["order_id"]
    card = Card("4111111111111111", "王小明", "12/40", "123")
    await process.pay(order_id, Asked(Method.CREDIT_CARD, card, "http://test/back"))
    await process.ask_about_order(order_id)
    async with transaction() as session:
        order = await service.order(session, order_id)
        assert order.status == "issued"
        assert (await applications.present(session, buyer.application_id)).values["policy_no"] == order.policy_no
    document = await documents.make(order.policy_no)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(document.pdf)).pages).replace("\n", "")
    for words in (order.policy_no, "王小明", "990000199603120010", "文三路100号2栋301室", *said):
        assert words in text, words
    async with transaction() as session:
        assert (await records.verify(session, buyer.application_id)).valid
        kinds = [row["kind"] for row in (await records.export(session, buyer.application_id))["rows"]]
    assert [kind for kind in kinds if kind.startswith(("order_", "policy_"))] == [
        "order_opened",
        "order_paid",
        "policy_issued",
        "policy_delivered",
    ]
