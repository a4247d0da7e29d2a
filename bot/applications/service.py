"""The use cases of one purchase: start, present, answer, go back, change, pause, abandon, issue."""

from datetime import timedelta
from functools import partial
from typing import Any, Dict, Mapping, Optional

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.applications import contracts, pricing
from bot.applications.changes import apply_change, field_named
from bot.applications.contract import Contract
from bot.applications.repository import ApplicationRepository
from bot.applications.sale import Sale
from bot.applications.schemas import ApplicationState, Outcome, Prompt, Said, Status
from bot.applications.steps import BY_CODE, STEPS, Step
from bot.applications.steps.payment import cancel_order
from bot.applications.steps.underwriting import close_review
from bot.catalogue import service as catalogue
from bot.catalogue.models import Product
from bot.conversations import service as conversations
from bot.errors import Conflict, Invalid, NotFound
from bot.ids import new_id
from bot.settings import settings
from bot.store.once import once
from bot.store.tables.applications import Application, ApplicationDocument

CORRECT = "correct"
FORM_STEPS = ("needs", "verification", "consent", "parties")


async def start(
    session: AsyncSession, conversation_id: str, product_code: str, factors: Mapping[str, Any], message_id: str
) -> ApplicationState:
    """Begin buying a product, or go on with the application of that product that is under way.

    `factors` are quote slots. Another product's open application is paused. Idempotent per message. Raises
    NotFound("product_unknown"), Invalid("product_offline").
    """
    begin = partial(_start, session, conversation_id, product_code, factors)
    done = await once(session, message_id, "application_start", begin)
    return await _state(await Sale.load(session, str(done["application_id"])))


async def current(session: AsyncSession, conversation_id: str) -> Optional[ApplicationState]:
    """The application under way in this conversation, or of its customer elsewhere: open, in review, or paused.

    One that was begun in another conversation of the same customer moves here, so that it goes on on any device.
    """
    customer_id = await conversations.customer_of(session, conversation_id)
    for row in await ApplicationRepository(session).live(conversation_id, customer_id):
        sale = await Sale.load(session, str(row.id))
        if await _expire(sale):
            continue
        if sale.application.conversation_id != conversation_id:
            sale.application.conversation_id = conversation_id
            await sale.record("moved", {"conversation_id": conversation_id})
        return await _state(sale)
    return None


async def present(session: AsyncSession, application_id: str) -> Prompt:
    """What to ask now: the prompt of the first step that applies and is not done; a paused application is resumed.

    Raises NotFound.
    """
    sale = await Sale.load(session, application_id)
    await _expire(sale)
    if sale.status is Status.PAUSED:
        await _make_way(sale.session, str(sale.application.conversation_id), sale.id)
        await sale.move_to(Status.OPEN)
    return await _prompt(sale)


async def answer(session: AsyncSession, application_id: str, said: Said) -> Outcome:
    """Take what was said to the present prompt. Idempotent per `said.message_id`. Raises NotFound."""
    take = partial(_answer, session, application_id, said)
    return Outcome.from_json(await once(session, said.message_id, "application_answer", take))


async def go_back(session: AsyncSession, application_id: str) -> Prompt:
    """Take back the last thing that can be taken back and ask it again. Raises NotFound."""
    sale = await Sale.load(session, application_id)
    if sale.status.is_live:
        step = await _current_step(sale)
        done = STEPS[: STEPS.index(step) + 1] if step else STEPS
        for earlier in reversed(done):
            if earlier.is_applicable(sale) and await earlier.undo(sale):
                await _reopen(sale)
                await sale.record("went_back", {"step": earlier.code})
                break
    return await _prompt(sale)


async def change(
    session: AsyncSession, application_id: str, field_or_step: str, value: Optional[str] = None
) -> Prompt:
    """Ask a part again, or set a pricing factor at once when its new `value` is given.

    `field_or_step` is a step code, a field name, or the customer's word for it ("电话", "保额"); what is unknown or not
    reached yet changes nothing. Raises NotFound, QuoteRefused when the product is not offered that way.
    """
    sale = await Sale.load(session, application_id)
    if sale.status.is_live:
        await _change(sale, field_named(field_or_step) or field_or_step, value)
    return await _prompt(sale)


async def pause(session: AsyncSession, application_id: str) -> None:
    """Leave it for later; `present` resumes it. Raises NotFound."""
    sale = await Sale.load(session, application_id)
    if sale.status is Status.OPEN:
        await sale.move_to(Status.PAUSED)


async def abandon(session: AsyncSession, application_id: str) -> None:
    """End it at the customer's wish; an open order is cancelled. Raises NotFound, Conflict when it is paid."""
    sale = await Sale.load(session, application_id)
    if sale.status.is_live:
        await _end(sale, Status.ABANDONED, "customer")


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


async def expire_due(session: AsyncSession, limit: int = 100) -> int:
    """End applications whose time is over; returns how many."""
    rows = await ApplicationRepository(session).expired(clock.now(), limit)
    return sum([await _expire(await Sale.load(session, str(row.id))) for row in rows])


async def access(session: AsyncSession, application_id: str, conversation_id: str) -> Sale:
    """The application, if the conversation or its customer owns it. Raises NotFound otherwise."""
    sale = await Sale.load(session, application_id)
    if sale.application.conversation_id == conversation_id:
        return sale
    customer_id = await conversations.customer_of(session, conversation_id)
    if customer_id is None or customer_id != sale.application.customer_id:
        raise NotFound("application_unknown")
    return sale


async def advance(sale: Sale) -> Optional[Step]:
    """The first step that applies and is not done, everything before it worked out; None when all is done."""
    for step in STEPS:
        await step.prepare(sale)
        if step.is_applicable(sale) and not step.is_completed(sale):
            return step
    return None


async def _start(
    session: AsyncSession, conversation_id: str, product_code: str, factors: Mapping[str, Any]
) -> Dict[str, Any]:
    product = catalogue.product(product_code)
    if not product.online:
        raise Invalid("product_offline", product=product.short_name)
    fields = pricing.fields_of(factors)
    customer_id = await conversations.customer_of(session, conversation_id)
    for row in await ApplicationRepository(session).live(conversation_id, customer_id):
        if row.product_code == product.code and row.product_version == product.version:
            sale = await Sale.load(session, str(row.id))
            if not await _expire(sale):
                await _take_up(sale, conversation_id, fields)
                return {"application_id": sale.id}
    await _make_way(session, conversation_id)
    return {"application_id": await _create(session, conversation_id, customer_id, product, fields)}


async def _take_up(sale: Sale, conversation_id: str, fields: Mapping[str, Any]) -> None:
    """Go on with an application under way; factors newly quoted replace the old ones until the parties are known."""
    sale.application.conversation_id = conversation_id
    changed = {name: value for name, value in fields.items() if sale.application.factors.get(name) != value}
    if changed and sale.insured is None and sale.status is not Status.HUMAN_REVIEW:
        sale.application.told_premium_fen = None
        await sale.set_factors(changed)
    if sale.status is Status.PAUSED:
        await _make_way(sale.session, conversation_id, sale.id)
        await sale.move_to(Status.OPEN)


async def _create(
    session: AsyncSession, conversation_id: str, customer_id: Optional[str], product: Product, fields: Dict[str, Any]
) -> str:
    now = clock.now()
    application = Application(
        id=new_id(),
        conversation_id=conversation_id,
        customer_id=customer_id,
        product_code=product.code,
        product_version=product.version,
        product_sha256=product.sha256,
        status=Status.OPEN.value,
        factors=fields,
        created_at=now,
        updated_at=now,
        expires_at=now + timedelta(days=settings().application_days),
    )
    repository = ApplicationRepository(session)
    await repository.add(application)
    for position, document in enumerate(product.documents, start=1):
        await repository.add(_document(str(application.id), position, document))
    sale = await Sale.load(session, str(application.id))
    price = pricing.premium_or_none(sale)
    application.told_premium_fen = price.premium_fen if price else None
    identity = {"product": product.code, "version": product.version, "sha256": product.sha256}
    await sale.record("started", {**identity, "name": product.name, "factors": fields, "entry_notice": True})
    return sale.id


def _document(application_id: str, position: int, document: Any) -> ApplicationDocument:
    return ApplicationDocument(
        id=new_id(),
        application_id=application_id,
        position=position,
        code=document.code,
        kind=document.kind,
        title=document.title,
        version=document.version,
        sha256=document.sha256,
        min_seconds=settings().reading_seconds,
    )


async def _make_way(session: AsyncSession, conversation_id: str, but: Optional[str] = None) -> None:
    """Pause the conversation's other open application: there is one at a time."""
    for row in await ApplicationRepository(session).live(conversation_id, None):
        if row.status == Status.OPEN.value and row.id != but:
            await (await Sale.load(session, str(row.id))).move_to(Status.PAUSED)


async def _answer(session: AsyncSession, application_id: str, said: Said) -> Dict[str, Any]:
    sale = await Sale.load(session, application_id)
    await _expire(sale)
    if not sale.status.is_live:
        return Outcome.finished(sale.status.value).to_json()
    outcome = await _event(sale, said) if said.kind == "event" else await _words(sale, said)
    if not sale.status.is_live and sale.status is not Status.ISSUED:
        await cancel_order(sale)
    return outcome.to_json()


async def _event(sale: Sale, said: Said) -> Outcome:
    """An event reports what its handler has done already; the step it belongs to may be over by now."""
    intent = (said.intent or "").removeprefix("EXTERNAL_")
    if intent == "form_submitted":
        return Outcome.accepted() if said.entity("form_id") in FORM_STEPS else Outcome.not_an_answer()
    if intent == "document_confirmed":
        mine = {str(document.id) for document in sale.documents if document.confirmed_at}
        return Outcome.accepted() if said.entity("document_id") in mine else Outcome.not_an_answer()
    if intent == "order_paid" and said.entity("order_id") == sale.application.order_id:
        return Outcome.invalid("payment_pending")
    return Outcome.accepted() if intent == "underwriting_decided" else Outcome.not_an_answer()


async def _words(sale: Sale, said: Said) -> Outcome:
    if said.intent == CORRECT and said.entity("field"):
        named = field_named(str(said.entity("field"))) or str(said.entity("field"))
        try:
            changed = await _change(sale, named, said.entity("value"))
        except Invalid as refused:
            return Outcome.invalid("plan_refused", reason=pricing.reason(refused))
        return Outcome.accepted() if changed else Outcome.invalid("change_nothing")
    step = await _current_step(sale)
    return await step.answer(sale, said) if step else Outcome.not_an_answer()


async def _current_step(sale: Sale) -> Optional[Step]:
    return await advance(sale) if sale.status.is_live else None


async def _change(sale: Sale, named: str, value: Optional[str]) -> bool:
    changed = await apply_change(sale, named, value)
    if changed:
        await _reopen(sale)
        await sale.record("changed", {"part": named})
    return changed


async def _reopen(sale: Sale) -> None:
    """What was to be paid or judged changes: no order and no review may go on with the old state."""
    await cancel_order(sale)
    await BY_CODE["summary"].undo(sale)
    await close_review(sale, "customer")


async def _end(sale: Sale, status: Status, reason: str) -> None:
    await cancel_order(sale)
    await close_review(sale, reason)
    await sale.move_to(status, reason)


async def _expire(sale: Sale) -> bool:
    """End the application when its time is over; whether it did. One that is paid for never expires."""
    if not sale.status.is_live or sale.application.expires_at > sale.moment:
        return False
    try:
        await _end(sale, Status.EXPIRED, "time_over")
    except Conflict:
        return False
    return True


async def _prompt(sale: Sale) -> Prompt:
    step = await _current_step(sale)
    if step is not None:
        return await step.prompt(sale)
    values = {"product": sale.product.short_name, "policy_no": sale.application.policy_no or ""}
    if sale.status is Status.ISSUED:
        return Prompt("issued", values, {"type": "policy", "ref": {"policy_no": sale.application.policy_no}})
    return Prompt(sale.status.value, values)


async def _state(sale: Sale) -> ApplicationState:
    step = await _current_step(sale)
    application = sale.application
    return ApplicationState(
        id=sale.id,
        conversation_id=str(application.conversation_id),
        product_code=str(application.product_code),
        product_version=str(application.product_version),
        status=sale.status,
        step=step.code if step else None,
        policy_no=application.policy_no,
    )
