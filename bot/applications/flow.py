"""How an application moves: its present step, its prompt, an answer, a change, its end. Used by service.py."""

from typing import Optional

from bot.applications import pricing
from bot.applications.changes import apply_change, field_named
from bot.applications.rules import read_agreement
from bot.applications.sale import Sale
from bot.applications.schemas import ApplicationState, Outcome, Prompt, Said, Status
from bot.applications.steps import STEPS, Step
from bot.applications.steps.payment import PROCESSING, cancel_order, is_paid
from bot.applications.steps.summary import unconfirm
from bot.applications.steps.underwriting import close_review
from bot.errors import Conflict, Invalid

CORRECT = "correct"
FORM_STEPS = ("needs", "verification", "consent", "parties")


async def advance(sale: Sale) -> Optional[Step]:
    """The first step that applies and is not done, everything before it worked out; None when all is done."""
    for step in STEPS:
        await step.prepare(sale)
        if step.is_applicable(sale) and not step.is_completed(sale):
            return step
    return None


async def take(sale: Sale, said: Said) -> Outcome:
    """Take what was said to the present prompt."""
    await expire(sale)
    if not sale.status.is_live:
        return Outcome.finished(sale.status.value)
    outcome = await _event(sale, said) if said.kind == "event" else await _words(sale, said)
    if not sale.status.is_live and sale.status is not Status.ISSUED:
        await cancel_order(sale)
    return outcome


async def _event(sale: Sale, said: Said) -> Outcome:
    """An event reports what its handler has done already; the step it belongs to may be over by now."""
    intent = (said.intent or "").removeprefix("EXTERNAL_")
    if intent == "form_submitted":
        return Outcome.accepted() if said.entity("form_id") in FORM_STEPS else Outcome.not_an_answer()
    if intent == "document_confirmed":
        mine = {document.id for document in sale.documents if document.confirmed_at}
        return Outcome.accepted() if said.entity("document_id") in mine else Outcome.not_an_answer()
    if intent == "order_paid" and said.entity("order_id") == sale.application.order_id:
        return Outcome.invalid("payment_pending")
    return Outcome.accepted() if intent == "underwriting_decided" else Outcome.not_an_answer()


async def _words(sale: Sale, said: Said) -> Outcome:
    if await is_paid(sale):
        return Outcome.invalid(PROCESSING) if read_agreement(said) else Outcome.not_an_answer()
    if said.intent == CORRECT and said.entity("field"):
        named = field_named(str(said.entity("field"))) or str(said.entity("field"))
        try:
            changed = await change(sale, named, said.entity("value"))
        except Invalid as refused:
            return Outcome.invalid("plan_refused", reason=pricing.reason(refused))
        return Outcome.accepted() if changed else Outcome.invalid("change_nothing")
    step = await current_step(sale)
    return await step.answer(sale, said) if step else Outcome.not_an_answer()


async def current_step(sale: Sale) -> Optional[Step]:
    """The step that the application waits at; None when it is over."""
    return await advance(sale) if sale.status.is_live else None


async def change(sale: Sale, named: str, value: Optional[str]) -> bool:
    """Ask a part again or set a factor; whether anything changed. Raises Invalid for what is not offered."""
    changed = await apply_change(sale, named, value)
    if changed:
        await reopen(sale)
        await sale.record("changed", {"part": named})
    return changed


async def reopen(sale: Sale) -> None:
    """What was to be paid or judged changes: no order and no review may go on with the old state."""
    await cancel_order(sale)
    await unconfirm(sale)
    await close_review(sale, "customer")


async def end(sale: Sale, status: Status, reason: str) -> None:
    """End the application. Raises Conflict when it is paid."""
    await cancel_order(sale)
    await close_review(sale, reason)
    await sale.move_to(status, reason)


async def expire(sale: Sale) -> bool:
    """End the application when its time is over; whether it did. One that is paid for never expires."""
    if not sale.status.is_live or sale.application.expires_at > sale.moment:
        return False
    try:
        await end(sale, Status.EXPIRED, "time_over")
    except Conflict:
        return False
    return True


async def prompt(sale: Sale) -> Prompt:
    """What to say now."""
    step = await current_step(sale)
    if step is not None:
        return await step.prompt(sale)
    values = {"product": sale.product.short_name, "policy_no": sale.application.policy_no or ""}
    if sale.status is Status.ISSUED:
        return Prompt("issued", values, {"type": "policy", "ref": {"policy_no": sale.application.policy_no}})
    return Prompt(sale.status.value, values)


async def state(sale: Sale) -> ApplicationState:
    """The application at a glance."""
    step = await current_step(sale)
    application = sale.application
    return ApplicationState(
        id=sale.id,
        conversation_id=application.conversation_id,
        product_code=application.product_code,
        product_version=application.product_version,
        status=sale.status,
        step=step.code if step else None,
        policy_no=application.policy_no,
    )
