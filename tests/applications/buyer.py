"""A customer who buys through the service, for tests: presents, answers, fills forms, reads documents."""

import itertools
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, Mapping, Optional

import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.applications import forms, service
from bot.applications.schemas import Outcome, OutcomeKind, Prompt, Said
from bot.conversations import service as conversations

DOMAIN = Path(__file__).resolve().parents[2] / "domain.yml"
MALE_30, FEMALE_30 = "990000199603120010", "990000199603120029"
P4_FACTORS = {"age": 30, "occupation": "程序员", "plan": "B"}
P2_FACTORS = {
    "age": 30,
    "gender": "male",
    "sum_insured": 500000,
    "term": "whole_life",
    "payment_period": "30",
}
NEEDS = {
    "insured_relation": "self",
    "main_concern": "serious_illness",
    "existing_cover": "none",
    "annual_income": "200000",
    "budget": "8000",
}
CONSENTS = {"consent_health": "agree", "consent_bank": "agree", "consent_child": "agree"}
PARTIES = {
    "holder_name": "王小明",
    "holder_id_kind": "id_card",
    "holder_id_number": MALE_30,
    "holder_phone": "13800138000",
    "holder_email": "ming@example.com",
    "holder_region": {"province": "浙江省", "city": "杭州市", "district": "西湖区"},
    "holder_address": "文三路100号2栋301室",
    "holder_tax_residence": "china",
    "insured_relation": "self",
    "insured_occupation": "程序员",
    "beneficiary_kind": "statutory",
}
DEFAULT_FORMS = {"needs": NEEDS, "consent": CONSENTS, "parties": PARTIES}


@lru_cache(maxsize=1)
def responses() -> Dict[str, Any]:
    """The responses of domain.yml by name."""
    return dict(yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))["responses"])


def spoken(response: str, values: Mapping[str, Any]) -> str:
    """What the customer reads; fails when the response or one of its values is missing."""
    return str(responses()[response][0]["text"]).format(**values)


class Buyer:
    """Drives one application; every message has an id of its own unless one is given."""

    def __init__(self, session: AsyncSession, conversation_id: str) -> None:
        self.session = session
        self.conversation_id = conversation_id
        self.application_id = ""
        self._numbers = itertools.count(1)

    def message_id(self) -> str:
        return f"{self.conversation_id}-{next(self._numbers)}"

    async def start(self, product: str, factors: Mapping[str, Any]) -> Prompt:
        state = await service.start(self.session, self.conversation_id, product, factors, self.message_id())
        self.application_id = state.id
        return await self.present()

    async def present(self) -> Prompt:
        prompt = await service.present(self.session, self.application_id)
        assert spoken(prompt.response, prompt.values)
        return prompt

    async def say(
        self,
        text: str,
        intent: Optional[str] = None,
        kind: str = "text",
        message_id: Optional[str] = None,
        **entities: Any,
    ) -> Outcome:
        said = Said(intent, text, entities, message_id or self.message_id(), kind)  # type: ignore[arg-type]
        outcome = await service.answer(self.session, self.application_id, said)
        assert outcome.kind is not OutcomeKind.INVALID or spoken(str(outcome.response), outcome.values)
        return outcome

    async def click(self, title: str) -> Outcome:
        """Click the button of the present prompt with this title."""
        prompt = await self.present()
        choice = next(choice for choice in prompt.choices if choice.title == title)
        return await self.say(title, choice.intent, "button", **choice.entities)

    async def event(self, name: str, **entities: Any) -> Outcome:
        return await self.say(f"EXTERNAL: {name}", f"EXTERNAL_{name}", "event", **entities)

    async def submit(self, form_id: str, values: Dict[str, Any]) -> Outcome:
        handler = {
            "needs": forms.submit_needs,
            "consent": forms.submit_consent,
            "parties": forms.submit_parties,
        }
        entities = await handler[form_id](self.session, self.conversation_id, values)
        return await self.event("form_submitted", form_id=form_id, **entities)

    async def verify(self, customer_id: str) -> Outcome:
        await conversations.attach_customer(self.session, self.conversation_id, customer_id, key=self.message_id())
        return await self.event("form_submitted", form_id="verification")

    async def read_documents(self, monkeypatch: Any) -> None:
        """Open each document, wait, confirm it."""
        while (prompt := await self.present()).code == "document":
            document_id = prompt.card["ref"]["document_id"]
            await service.open_document(self.session, document_id, self.conversation_id)
            later(monkeypatch, seconds=5)
            entities = await forms.submit_document(self.session, self.conversation_id, document_id)
            await self.event("document_confirmed", **entities)

    async def go_to(self, code: str, customer_id: str, monkeypatch: Any, **forms_: Any) -> Prompt:
        """Go on, agreeing to everything, until a prompt of this code; `forms_` replaces the values of forms."""
        for _ in range(40):
            prompt = await self.present()
            if prompt.code == code:
                return prompt
            await self._go_on(prompt, customer_id, monkeypatch, forms_)
        raise AssertionError(prompt)

    async def _go_on(self, prompt: Prompt, customer_id: str, monkeypatch: Any, forms_: Dict[str, Any]) -> None:
        if prompt.code == "verification":
            await self.verify(customer_id)
        elif prompt.code == "document":
            await self.read_documents(monkeypatch)
        elif prompt.code in DEFAULT_FORMS:
            await self.submit(prompt.code, forms_.get(prompt.code, DEFAULT_FORMS[prompt.code]))
        elif prompt.code in ("health", "health_first"):
            await self.answer_health()
        elif prompt.code in ("needs_suitable", "needs_mismatch", "quote_changed", "summary"):
            await self.say("确认", "affirm", "button")
        else:
            raise AssertionError(prompt)

    async def answer_health(self, **said: str) -> None:
        """Answer every question with "没有", or with what is given as q<no>."""
        while (prompt := await self.present()).code in ("health", "health_first"):
            await self.say(said.get(f"q{prompt.card['ref']['question_no']}", "没有"))


def later(monkeypatch: Any, **elapsed: float) -> None:
    """Let time pass for everybody who asks the clock."""
    moment = clock.now() + timedelta(**elapsed)
    monkeypatch.setattr(clock, "now", lambda: moment)
