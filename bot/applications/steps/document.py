"""The documents: opened and confirmed one by one, the exclusions on a page of their own (conduct rules, art. 25–26)."""

import re
from typing import Optional

from bot.applications.rules import read_agreement, tidy
from bot.applications.sale import Sale
from bot.applications.schemas import Outcome, Prompt, Said
from bot.applications.steps.base import Step, card
from bot.errors import Conflict, Invalid, NotFound
from bot.store.tables.applications import ApplicationDocument

READ = re.compile(r"^(?:我)?(?:已经?|都|全)*(?:看|读|阅读|看过|读过)(?:完|过|好|完毕)*$")


class DocumentStep(Step):
    """Nothing said in the chat confirms a document; only the card does, after the document was opened."""

    code = "document"

    def is_completed(self, sale: Sale) -> bool:
        """Whether all documents are confirmed."""
        return due(sale) is None

    async def prompt(self, sale: Sale) -> Prompt:
        """The next document."""
        document = due(sale)
        assert document is not None
        if document.shown_at is None:
            document.shown_at = sale.moment
            await sale.session.flush()
            await sale.record("document_shown", identity(document))
        values = {"title": document.title, "index": document.position, "total": len(sale.documents)}
        return Prompt("document", values, card("document", sale, document_id=document.id))

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Say that words are not enough."""
        if said.kind == "text" and (read_agreement(said) or READ.match(tidy(said.text))):
            document = due(sale)
            code = "document_unopened" if document and document.opened_at is None else "document_unconfirmed"
            return Outcome.invalid(code, title=document.title if document else "")
        return Outcome.not_an_answer()

    async def undo(self, sale: Sale) -> bool:
        """Take the last confirmation back."""
        confirmed = [document for document in sale.documents if document.confirmed_at]
        if not confirmed:
            return False
        confirmed[-1].confirmed_at = None
        await sale.session.flush()
        await sale.record("document_reopened", identity(confirmed[-1]))
        return True


def due(sale: Sale) -> Optional[ApplicationDocument]:
    """The first document that is not confirmed."""
    return next((document for document in sale.documents if document.confirmed_at is None), None)


def identity(document: ApplicationDocument) -> dict:
    """What the record says of a document."""
    names = ("code", "kind", "title", "version", "sha256")
    return {"document_id": document.id, **{name: getattr(document, name) for name in names}}


async def open_document(sale: Sale, document: ApplicationDocument) -> None:
    """Note that the customer opened the document; the first time counts."""
    if document.opened_at is None:
        document.opened_at = sale.moment
        await sale.session.flush()
        await sale.record("document_opened", identity(document))


async def confirm_document(sale: Sale, document_id: str) -> ApplicationDocument:
    """Confirm a document that was opened long enough; a repeat changes nothing.

    Raises NotFound, Conflict("document_out_of_turn"), Invalid("document_unopened" or "document_too_fast").
    """
    document = next((row for row in sale.documents if row.id == document_id), None)
    if document is None:
        raise NotFound("document_unknown")
    if document.confirmed_at is not None:
        return document
    if document is not due(sale):
        raise Conflict("document_out_of_turn")
    if document.opened_at is None:
        raise Invalid("document_unopened", title=document.title)
    left = document.min_seconds - (sale.moment - document.opened_at).total_seconds()
    if left > 0:
        raise Invalid("document_too_fast", seconds=int(left) + 1)
    document.confirmed_at = sale.moment
    await sale.session.flush()
    await sale.record("document_confirmed", identity(document))
    return document
