"""A stand-in for the applications: contracts with sealed parties, and a note of what was issued."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.applications.contract import Beneficiary, Contract, Person
from bot.catalogue import service as catalogue
from bot.conversations import service as conversations
from bot.errors import NotFound
from bot.ids import new_id
from bot.policies.ports import Sales
from bot.store import vault
from bot.store.tables.conversations import Conversation

PREMIUM_FEN = 16900
HOLDER = "王小禾"


@dataclass
class FakeSales:
    """Applications that are confirmed and wait for payment."""

    contracts: dict[str, Contract] = field(default_factory=dict)
    issued: dict[str, str] = field(default_factory=dict)
    failure: Exception | None = None

    def port(self) -> Sales:
        return Sales(contract=self.contract, mark_issued=self.mark_issued)

    async def contract(self, session: AsyncSession, application_id: str) -> Contract:
        if application_id not in self.contracts:
            raise NotFound("application_unknown")
        return self.contracts[application_id]

    async def mark_issued(self, session: AsyncSession, application_id: str, policy_no: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.issued[application_id] = policy_no

    def change(self, application_id: str, **values: object) -> None:
        self.contracts[application_id] = replace(self.contracts[application_id], **values)


@dataclass(frozen=True)
class Buyer:
    """A customer in a conversation, and the token of that conversation."""

    conversation_id: str
    customer_id: str
    token: str


async def buyer(session: AsyncSession) -> Buyer:
    opened = await conversations.open_conversation(session, "web")
    customer_id = new_id()
    row = await session.get(Conversation, opened.conversation_id)
    row.customer_id = customer_id
    await session.flush()
    return Buyer(opened.conversation_id, customer_id, opened.resume_token)


async def person(session: AsyncSession, owner: str, name: str, relation: str = "self") -> Person:
    return Person(
        name_token=await vault.seal(session, "name", name, owner),
        id_kind="id_card",
        id_token=await vault.seal(session, "id_card", "990000199603120010", owner),
        relation=relation,
        birth_date=date(1996, 3, 12),
        gender="male",
        phone_token=await vault.seal(session, "phone", "13800138000", owner),
        email_token=await vault.seal(session, "email", "wang@example.com", owner),
        address_token=await vault.seal(session, "address", "示例省示例市禾屿区和平路100号3栋1201室", owner),
        occupation="程序员",
        occupation_class=1,
    )


async def make_contract(
    session: AsyncSession, owner: Buyer, *, code: str = "P4", holder: str = HOLDER, **values: object
) -> Contract:
    product = catalogue.product(code)
    who = await person(session, owner.conversation_id, holder)
    spouse = await person(session, owner.conversation_id, "李·艾力", "spouse")
    starts = clock.today() + timedelta(days=1)
    made = Contract(
        application_id=new_id(),
        conversation_id=owner.conversation_id,
        customer_id=owner.customer_id,
        product_code=product.code,
        product_version=product.version,
        product_sha256=product.sha256,
        product_name=product.name,
        quote_id=new_id(),
        plan="B",
        sum_insured_yuan=None,
        term="1y",
        payment_period=None,
        frequency="yearly",
        premium_fen=PREMIUM_FEN,
        total_fen=PREMIUM_FEN,
        rows=[("保障计划", "计划B"), ("职业类别", "1类职业"), ("保险期间", "1年")],
        policyholder=who,
        insured=who,
        effective_on=starts,
        ends_on=starts.replace(year=starts.year + 1) - timedelta(days=1),
        beneficiaries=[Beneficiary(spouse.name_token, "id_card", spouse.id_token, "spouse", rank=1, share_percent=100)],
    )
    return replace(made, **values)
