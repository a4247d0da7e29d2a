"""The price from the papers of the insured: a price other than the one told before needs a new yes."""

from bot.applications import pricing
from bot.applications.rules import Reply, read_agreement
from bot.applications.sale import Sale, fingerprint
from bot.applications.schemas import Choice, Outcome, Prompt, Said, Status
from bot.applications.steps.base import Step
from bot.applications.texts import title
from bot.errors import Invalid
from bot.quotes import service as quotes


class QuoteStep(Step):
    """Done when the customer knows the price that is to be paid."""

    code = "quote"

    async def prepare(self, sale: Sale) -> None:
        """Quote anew when a pricing factor changed, and note the first price told."""
        price = pricing.premium_or_none(sale)
        if price is None:
            return
        request = pricing.request_of(sale)
        print_ = fingerprint([request.dict(), price.loading_percent])
        if sale.application.quote_sha256 != print_:
            quote = await quotes.quote(sale.session, request, sale.application.conversation_id)
            sale.application.quote_id, sale.application.quote_sha256 = quote.id, print_
            content = {"quote_id": quote.id, "premium_fen": price.premium_fen, "rows": list(price.rows)}
            await sale.record("quoted", content)
        if sale.application.told_premium_fen is None:
            sale.application.told_premium_fen = price.premium_fen
        await sale.session.flush()

    def is_completed(self, sale: Sale) -> bool:
        """Whether there is a price and it is the one told."""
        price = pricing.premium_or_none(sale)
        return price is not None and price.premium_fen == sale.application.told_premium_fen

    async def prompt(self, sale: Sale) -> Prompt:
        """The new price, or why there is none."""
        try:
            price = pricing.price(sale)
        except Invalid as refused:
            return Prompt("quote_refused", {"reason": pricing.reason(refused)}, choices=_ways_out(sale))
        values = {
            "old": pricing.yuan(int(sale.application.told_premium_fen or 0)),
            "new": pricing.yuan(price.premium_fen),
            "frequency": sale.product.title("frequency", price.frequency),
            "total": pricing.yuan(price.total_fen),
        }
        await sale.mark("price_change_shown", {"quote_id": sale.application.quote_id, **values})
        return Prompt("quote_changed", values, choices=[Choice(title("accept_price"), "affirm"), *_ways_out(sale)])

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Take the yes to the new price, or leave."""
        reply = read_agreement(said)
        price = pricing.premium_or_none(sale)
        if reply is Reply.NO:
            await sale.move_to(Status.ABANDONED, "price")
            return Outcome.finished(Status.ABANDONED.value)
        if reply is None or price is None:
            return Outcome.invalid("quote_needs_change") if reply else Outcome.not_an_answer()
        sale.application.told_premium_fen = price.premium_fen
        await sale.session.flush()
        await sale.record("price_confirmed", {"quote_id": sale.application.quote_id, "premium_fen": price.premium_fen})
        return Outcome.accepted()


def _ways_out(sale: Sale) -> list:
    return [
        Choice(title("change_parties"), "correct", {"field": "parties"}),
        *pricing.change_choices(sale),
        Choice(title("leave"), "deny"),
    ]
