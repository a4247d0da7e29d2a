"""The use cases of one purchase: start, present, answer, go back, change, pause, abandon, issue."""

from functools import partial
from typing import Any, Dict, Mapping, Optional

from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications import contracts, flow, starting
from bot.applications.changes import field_named
from bot.applications.contract import Contract
from bot.applications.repository import ApplicationRepository
from bot.applications.sale import Sale
from bot.applications.schemas import ApplicationState, Outcome, Prompt, Said, Status
from bot.applications.steps import STEPS
from bot.applications.steps import document as documents
from bot.applications.steps.payment import is_paid
from bot.conversations import service as conversations
from bot.errors import Conflict, NotFound
from bot.store.once import once


async def start(
    session: AsyncSession, conversation_id: str, product_code: str, factors: Mapping[str, Any], message_id: str
) -> ApplicationState:
    """Begin buying a product, or go on with the application of that product that is under way.

    `factors` are quote slots. Another product's open application is paused. Idempotent per message. Raises
    NotFound("product_unknown"), Invalid("product_offline").
    """
    begin = partial(starting.begin, session, conversation_id, product_code, factors)
    done = await once(session, message_id, "application_start", begin)
    return await flow.state(await Sale.load(session, str(done["application_id"])))


async def current(session: AsyncSession, conversation_id: str) -> Optional[ApplicationState]:
    """The application under way in this conversation, or of its customer elsewhere: open, in review, or paused.

    One that was begun in another conversation of the same customer moves here, so that it goes on on any device.
    """
    customer_id = await conversations.customer_of(session, conversation_id)
    for row in await ApplicationRepository(session).live(conversation_id, customer_id):
        sale = await Sale.load(session, row.id)
        if await flow.expire(sale):
            continue
        if sale.application.conversation_id != conversation_id:
            sale.application.conversation_id = conversation_id
            await sale.record("moved", {"conversation_id": conversation_id})
        return await flow.state(sale)
    return None


async def present(session: AsyncSession, application_id: str) -> Prompt:
    """What to ask now: the prompt of the first step that applies and is not done; a paused application is resumed.

    Raises NotFound.
    """
    sale = await Sale.load(session, application_id)
    await flow.expire(sale)
    if sale.status is Status.PAUSED:
        await starting.make_way(sale.session, sale.application.conversation_id, sale.id)
        await sale.move_to(Status.OPEN)
    return await flow.prompt(sale)


async def answer(session: AsyncSession, application_id: str, said: Said) -> Outcome:
    """Take what was said to the present prompt. Idempotent per `said.message_id`. Raises NotFound."""

    async def take() -> Dict[str, Any]:
        return (await flow.take(await Sale.load(session, application_id), said)).to_json()

    return Outcome.from_json(await once(session, said.message_id, "application_answer", take))


async def go_back(session: AsyncSession, application_id: str) -> Prompt:
    """Take back the last thing that can be taken back and ask it again; after paying there is none. Raises NotFound."""
    sale = await Sale.load(session, application_id)
    if sale.status.is_live and not await is_paid(sale):
        step = await flow.current_step(sale)
        done = STEPS[: STEPS.index(step) + 1] if step else STEPS
        for earlier in reversed(done):
            if earlier.is_applicable(sale) and await earlier.undo(sale):
                await flow.reopen(sale)
                await sale.record("went_back", {"step": earlier.code})
                break
    return await flow.prompt(sale)


async def change(session: AsyncSession, application_id: str, field_or_step: str, value: Optional[str] = None) -> Prompt:
    """Ask a part again, or set a pricing factor at once when its new `value` is given.

    `field_or_step` is a step code, a field name, or the customer's word for it ("电话", "保额"); what is unknown or not
    reached yet changes nothing. Raises NotFound, QuoteRefused when the product is not offered that way.
    """
    sale = await Sale.load(session, application_id)
    if sale.status.is_live and not await is_paid(sale):
        await flow.change(sale, field_named(field_or_step) or field_or_step, value)
    return await flow.prompt(sale)


async def pause(session: AsyncSession, application_id: str) -> None:
    """Leave it for later; `present` resumes it. Raises NotFound."""
    sale = await Sale.load(session, application_id)
    if sale.status is Status.OPEN:
        await sale.move_to(Status.PAUSED)


async def abandon(session: AsyncSession, application_id: str) -> None:
    """End it at the customer's wish; an open order is cancelled. Raises NotFound, Conflict when it is paid."""
    sale = await Sale.load(session, application_id)
    if sale.status.is_live:
        await flow.end(sale, Status.ABANDONED, "customer")


async def contract(session: AsyncSession, application_id: str) -> Contract:
    """What was bought, for the policy. Raises NotFound, Conflict("application_incomplete")."""
    return contracts.contract_of(await Sale.load(session, application_id))


async def mark_issued(session: AsyncSession, application_id: str, policy_no: str) -> None:
    """The policy exists. A repeat with the same number does nothing.

    Raises NotFound, Conflict("application_over") when another policy was issued.
    """
    sale = await Sale.load(session, application_id)
    if sale.application.policy_no == policy_no:
        return
    if sale.application.policy_no is not None:
        raise Conflict("application_over")
    sale.application.policy_no = policy_no
    await sale.move_to(Status.ISSUED, "issued")
    await sale.record("issued", {"policy_no": policy_no})


async def open_document(session: AsyncSession, document_id: str, conversation_id: str) -> Dict[str, Any]:
    """The text of a document to be read `{title, version, clauses: [{number, title, text}]}`; it counts as opened.

    Raises NotFound for a document of somebody else, or of a version that is no longer kept.
    """
    row = await ApplicationRepository(session).document(document_id)
    if row is None:
        raise NotFound("document_unknown")
    sale = await access(session, row.application_id, conversation_id)
    document = next((item for item in sale.product.documents if item.sha256 == row.sha256), None)
    if document is None:
        raise NotFound("document_unknown")
    if sale.status.is_live:
        await documents.open_document(sale, next(one for one in sale.documents if one.id == document_id))
    clauses = [{"number": one.number, "title": one.title, "text": one.text} for one in document.clauses]
    return {"title": document.title, "version": document.version, "clauses": clauses}


async def is_form_open(sale: Sale, form_id: str) -> bool:
    """Whether the form is what the application waits for now."""
    step = await flow.current_step(sale)
    if step is None or step.code != form_id:
        return False
    return sale.needs is None if form_id == "needs" else all(consent.granted for consent in sale.consents)


async def expire(session: AsyncSession, application_id: str) -> bool:
    """End an application whose time is over; whether it was this call that ended it. Raises NotFound."""
    return await flow.expire(await Sale.load(session, application_id))


async def access(session: AsyncSession, application_id: str, conversation_id: str) -> Sale:
    """The application, if the conversation or its customer owns it. Raises NotFound otherwise."""
    sale = await Sale.load(session, application_id)
    if sale.application.conversation_id == conversation_id:
        return sale
    customer_id = await conversations.customer_of(session, conversation_id)
    if customer_id is None or customer_id != sale.application.customer_id:
        raise NotFound("application_unknown")
    return sale
