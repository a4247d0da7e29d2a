"""Makes, stores and hands out the signed PDF of a policy."""

from __future__ import annotations

import asyncio
import hashlib
from io import BytesIO
from typing import cast

import structlog
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.catalogue import service as catalogue
from bot.policies import content, layout, rules
from bot.policies.content import Content
from bot.policies.repository import PolicyRepository
from bot.policies.service import by_number
from bot.policies.signing import Signer, Stamp, signer
from bot.records import service as records
from bot.settings import settings
from bot.store import transaction, vault
from bot.store.tables.policies import Policy, PolicyDocument

log = structlog.get_logger(__name__)

PURPOSE = "policy_document"


async def make(policy_no: str) -> PolicyDocument:
    """The signed document of a policy, made when it is missing; the first one stored stays the only one.

    Rendering and signing happen outside any transaction. Raises NotFound for an unknown policy.
    """
    async with transaction() as session:
        repository = PolicyRepository(session)
        policy = await by_number(session, policy_no)
        stored = await repository.document(policy.policy_no)
        if stored is not None:
            return stored
        chosen = signer()
        said = await _content(session, policy, sandbox=chosen.sandbox)
    pdf = await _signed(said, chosen)
    async with transaction() as session:
        return await _store(session, policy.policy_no, pdf, sandbox=chosen.sandbox)


async def _content(session: AsyncSession, policy: Policy, *, sandbox: bool) -> Content:
    """What the document says; every personal value it shows is revealed for this purpose and audited."""
    actor = f"policy:{policy.policy_no}"
    tokens = content.tokens(policy.contract)
    revealed = {token: await vault.reveal(session, token, PURPOSE, actor) for token in tokens}
    return content.build(
        policy,
        catalogue.product(policy.product_code, policy.product_version),
        catalogue.insurer(),
        revealed,
        sandbox=sandbox,
        verify_url=f"{settings().public_base}/verify?no={policy.policy_no}",
    )


async def _signed(said: Content, chosen: Signer) -> bytes:
    pdf = await asyncio.to_thread(layout.render, said)
    words = content.words()["signature"]
    reason = words["reason_sandbox" if chosen.sandbox else "reason"].format(policy_no=said.policy_no)
    return await chosen.sign(pdf, Stamp(reason, words["location"].format(address=said.insurer.address)))


async def _store(session: AsyncSession, policy_no: str, pdf: bytes, *, sandbox: bool) -> PolicyDocument:
    """Keep the document unless another gateway was faster; the cooling-off period runs from this delivery."""
    repository = PolicyRepository(session)
    policy = await repository.locked(policy_no)
    stored = await repository.document(policy_no)
    if stored is not None:
        return stored
    document = PolicyDocument(
        policy_no=policy_no,
        sha256=hashlib.sha256(pdf).hexdigest(),
        pdf=pdf,
        pages=_pages(pdf),
        sandbox=sandbox,
        created_at=clock.now(),
    )
    repository.add(document)
    policy.delivered_on = clock.today()
    if policy.cooling_off_until is not None:
        days = catalogue.product(policy.product_code, policy.product_version).cooling_off_days
        policy.cooling_off_until = rules.cooling_off_until(clock.today(), days)
    await session.flush()
    delivered = {"policy_no": policy_no, "sha256": document.sha256, "pages": document.pages}
    await records.append(session, policy.application_id, "policy_delivered", delivered)
    log.info("policy document stored", policy=policy_no, pages=document.pages)
    return document


def _pages(pdf: bytes) -> int:
    return int(cast(int, PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"]))
