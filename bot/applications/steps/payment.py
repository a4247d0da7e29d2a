"""Paying: the cashier's card; nothing said in the chat pays, and paying issues the policy."""

import re

from bot.applications import pricing
from bot.applications.rules import read_agreement, tidy
from bot.applications.sale import Sale
from bot.applications.schemas import Outcome, Prompt, Said, Status
from bot.applications.steps.base import Step
from bot.cashier import service as cashier

PAID = re.compile(r"^(?:我)?(?:已经?|刚)?(?:付|支付|交|缴)(?:完|好|过|成功|完成|款|费|钱)+$")


PROCESSING = "payment_processing"
UNPAID = ("pending", "cancelled", "expired", "refund_pending", "refunded")


class PaymentStep(Step):
    """Done when the policy is issued."""

    code = "payment"

    def is_completed(self, sale: Sale) -> bool:
        """Whether there is a policy."""
        return sale.status is Status.ISSUED

    async def prompt(self, sale: Sale) -> Prompt:
        """The cashier card of the open order."""
        if await is_paid(sale):
            return Prompt(PROCESSING, {"product": sale.product.short_name})
        price = pricing.price(sale)
        application = sale.application
        # the cashier puts orders on the record itself
        order = await cashier.open_order(
            sale.session,
            sale.id,
            application.conversation_id,
            str(application.customer_id),
            str(application.quote_id),
            price.premium_fen,
            sale.product.name,
            price.frequency,
        )
        if application.order_id != order.id:
            application.order_id = order.id
            await sale.session.flush()
        values = {"amount": pricing.yuan(price.premium_fen), "product": sale.product.short_name}
        return Prompt("payment", values, {"type": "cashier", "ref": {"order_id": order.id}})

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Say that the payment has not arrived."""
        if said.kind == "text" and (PAID.match(tidy(said.text)) or read_agreement(said)):
            return Outcome.invalid("payment_pending")
        return Outcome.not_an_answer()


async def is_paid(sale: Sale) -> bool:
    """Whether money has come in for the order: from then on only issue or refund may end it."""
    if sale.application.order_id is None:
        return False
    return (await cashier.order(sale.session, sale.application.order_id)).status not in UNPAID


async def cancel_order(sale: Sale) -> None:
    """Cancel the open order, because what it pays for changes or ends. Raises Conflict when it is paid."""
    if sale.application.order_id is not None:
        await cashier.cancel_order(sale.session, sale.application.order_id)
        sale.application.order_id = None
        await sale.session.flush()
