"""Use cases of policies: issue, find, list, tell how one stands. Documents are in documents.py, checks in verify.py."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.applications.contract import Contract
from bot.catalogue import service as catalogue
from bot.errors import Conflict, NotFound
from bot.jobs import service as jobs
from bot.policies import numbers, rules
from bot.policies.ports import sales
from bot.policies.repository import PolicyRepository
from bot.policies.rules import PolicyStatus
from bot.records import service as records
from bot.store import vault
from bot.store.tables.policies import Policy

DOCUMENT_JOB = "policy_document"


@dataclass(frozen=True)
class Sale:
    """A paid order, as issuing needs it."""

    order_id: str
    application_id: str
    conversation_id: str
    customer_id: str
    quote_id: str
    amount_fen: int
    paid_at: datetime


async def issue(session: AsyncSession, sale: Sale) -> str:
    """Issue the policy of a paid order and return its number; a second time returns the same number.

    The PDF is made afterwards by a job, because rendering and signing take seconds. Raises Conflict when the contract
    is not the one that was paid for, and what the applications raise when they no longer stand by it.
    """
    repository = PolicyRepository(session)
    known = await repository.by_order(sale.order_id)
    if known is not None:
        return known.policy_no
    contract = await sales().contract(session, sale.application_id)
    if (contract.quote_id, contract.premium_fen) != (sale.quote_id, sale.amount_fen):
        raise Conflict("contract_changed_after_payment")
    policy = await _policy(session, repository, sale, contract)
    repository.add(policy)
    await session.flush()
    policy_no = policy.policy_no
    await sales().mark_issued(session, sale.application_id, policy_no)
    policy.record_hash = await records.append(session, sale.application_id, "policy_issued", _recorded(policy))
    await jobs.schedule(session, kind=DOCUMENT_JOB, key=policy_no, payload={"policy_no": policy_no}, run_at=clock.now())
    return policy_no


async def by_number(session: AsyncSession, policy_no: str) -> Policy:
    """The policy with this number, written in any way people write it. Raises NotFound."""
    found = await PolicyRepository(session).by_number(numbers.normalise(policy_no))
    if found is None:
        raise NotFound("policy_unknown")
    return found


async def list_of_customer(session: AsyncSession, customer_id: str) -> list[Policy]:
    """A customer's policies, newest first."""
    return await PolicyRepository(session).of_customer(customer_id)


async def access_policy(session: AsyncSession, policy_no: str, conversation_id: str, customer_id: str | None) -> Policy:
    """A policy that this conversation or its customer owns.

    Raises NotFound also when it is somebody else's: nobody learns from the answer which numbers exist.
    """
    found = await by_number(session, policy_no)
    if found.conversation_id != conversation_id and (customer_id is None or found.customer_id != customer_id):
        raise NotFound("policy_unknown")
    return found


async def end(session: AsyncSession, policy_no: str, status: PolicyStatus) -> Policy:
    """The policy is withdrawn or surrendered; the refund is the cashier's. Raises Conflict when it is over already."""
    found = await by_number(session, policy_no)
    if standing(found) not in ("in_force", "not_yet_effective"):
        raise Conflict("policy_is_over")
    found.status = status.value
    ended = {"policy_no": policy_no, "as": status.value}
    await records.append(session, found.application_id, "policy_ended", ended)
    return found


def standing(policy: Policy) -> str:
    """How the policy stands now; see rules.standing."""
    return rules.standing(
        PolicyStatus(policy.status),
        policy.effective_at,
        policy.ends_at,
        clock.now(),
    )


async def _policy(session: AsyncSession, repository: PolicyRepository, sale: Sale, contract: Contract) -> Policy:
    issued_at = clock.now()
    issued_on = clock.local_date(issued_at)
    number = await repository.product_number(contract.product_code)
    serial = await repository.next_serial(issued_on.year, number)
    cover = rules.cover(contract.effective_on, contract.ends_on, clock.local_date(sale.paid_at))
    product = catalogue.product(contract.product_code, contract.product_version)
    return Policy(
        policy_no=numbers.make(issued_on.year, number, serial),
        application_id=sale.application_id,
        order_id=sale.order_id,
        conversation_id=sale.conversation_id,
        customer_id=sale.customer_id,
        product_code=contract.product_code,
        product_version=contract.product_version,
        product_hash=contract.product_sha256,
        product_name=contract.product_name,
        status=PolicyStatus.IN_FORCE.value,
        premium_fen=contract.premium_fen,
        frequency=contract.frequency,
        contract=_plain(asdict(contract)),
        holder_digest=await _holder_digest(session, contract),
        issued_at=issued_at,
        effective_at=cover.effective_at,
        ends_at=cover.ends_at,
        delivered_on=issued_on,
        cooling_off_until=rules.cooling_off_until(issued_on, product.cooling_off_days),
        record_hash=await records.head(session, sale.application_id),
    )


async def _holder_digest(session: AsyncSession, contract: Contract) -> str:
    token = contract.policyholder.name_token
    name = await vault.reveal(session, token, purpose="policy_verification", actor="policies")
    return holder_digest(name)


def holder_digest(name: str) -> str:
    """By what a policyholder is recognised on /verify, whatever blanks and middle dots the name is written with."""
    plain = "".join(character for character in name if character not in " \t\u3000·•・．.")
    return vault.digest("policyholder:" + plain.casefold())


def _recorded(policy: Policy) -> dict[str, Any]:
    return {
        "policy_no": policy.policy_no,
        "order_id": policy.order_id,
        "product": f"{policy.product_code} {policy.product_version}",
        "product_hash": policy.product_hash,
        "premium_fen": policy.premium_fen,
        "effective_at": policy.effective_at.isoformat(),
        "ends_at": policy.ends_at.isoformat() if policy.ends_at else None,
    }


def _plain(value: Any) -> Any:
    """The contract as JSON values; dates as ISO text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
