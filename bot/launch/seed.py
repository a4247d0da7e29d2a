"""A demonstration customer with a policy, sold through the same services as any other sale."""

import asyncio
from typing import Any, Dict

from bot.app import wire
from bot.applications import forms, service
from bot.applications.schemas import Prompt, Said
from bot.cashier import process
from bot.cashier import service as cashier
from bot.cashier.bankcards import Card
from bot.cashier.checkout import Asked
from bot.cashier.providers.base import Method
from bot.conversations import service as conversations
from bot.customers import service as customers
from bot.ids import new_id
from bot.policies import documents
from bot.settings import settings
from bot.store import transaction

HOLDER = "禾小屿"
PHONE = "13800138000"
CARD = Card("4111111111111111", HOLDER, "12/40", "123")
FACTORS = {"age": 30, "occupation": "程序员", "plan": "B"}
PARTIES: Dict[str, Any] = {
    "holder_name": HOLDER,
    "holder_id_kind": "id_card",
    "holder_id_number": "990000199603120010",
    "holder_phone": PHONE,
    "holder_email": "demo@example.com",
    "holder_region": {"province": "浙江省", "city": "杭州市", "district": "西湖区"},
    "holder_address": "文三路100号2栋301室",
    "holder_tax_residence": "china",
    "insured_relation": "self",
    "insured_occupation": "程序员",
    "beneficiary_kind": "statutory",
}
CONSENTS = {"consent_health": "agree", "consent_bank": "agree", "consent_child": "agree"}


async def seed() -> str:
    """Sell the accident policy to the demonstration customer; returns the policy number.

    Raises Invalid when this customer already has a running accident policy (P4, clause 1.6).
    """
    wire()
    order_id = await _apply()
    await process.pay(order_id, Asked(Method.CREDIT_CARD, CARD, settings().public_base))
    await process.ask_about_order(order_id)
    async with transaction() as session:
        policy_no = str((await cashier.order(session, order_id)).policy_no)
    await documents.make(policy_no)
    return policy_no


async def _apply() -> str:
    """Take an application up to the cashier; the id of its order."""
    async with transaction() as session:
        conversation_id = (await conversations.open_conversation(session, "web")).conversation_id
        pending = await customers.request_code(session, conversation_id, PHONE)
        verified = await customers.verify_code(session, conversation_id, PHONE, pending.code)
        conversation_id = verified.conversation_id
        application = await service.start(session, conversation_id, "P4", FACTORS, new_id())
    while True:
        async with transaction() as session:
            prompt = await service.present(session, application.id)
        if prompt.code == "payment" and prompt.card is not None:
            return str(prompt.card["ref"]["order_id"])
        await _answer(conversation_id, application.id, prompt)


async def _answer(conversation_id: str, application_id: str, prompt: Prompt) -> None:
    if prompt.code == "document" and prompt.card is not None:
        await _read(conversation_id, str(prompt.card["ref"]["document_id"]))
        return
    async with transaction() as session:
        if prompt.code == "consent":
            await forms.submit_consent(session, conversation_id, CONSENTS)
        elif prompt.code == "parties":
            await forms.submit_parties(session, conversation_id, PARTIES)
        else:
            words, intent = ("没有", "deny") if prompt.code.startswith("health") else ("确认", "affirm")
            await service.answer(session, application_id, Said(intent, words, {}, new_id(), "text"))


async def _read(conversation_id: str, document_id: str) -> None:
    async with transaction() as session:
        await service.open_document(session, document_id, conversation_id)
    await asyncio.sleep(settings().reading_seconds)
    async with transaction() as session:
        await forms.submit_document(session, conversation_id, document_id)
