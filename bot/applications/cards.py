"""Bodies of the cards of a purchase: forms, documents, the summary. They tell no clear personal value, only masks."""

from typing import Any, Dict, List, Optional

from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications import service, texts
from bot.applications.party_form import parties_form
from bot.applications.sale import Sale
from bot.applications.steps.consent import needed, open_consents
from bot.applications.summary_card import summary_sections
from bot.conversations import service as conversations
from bot.errors import NotFound
from bot.store.tables.applications import ApplicationNeeds

VERIFICATION = "verification"


async def load_form(session: AsyncSession, conversation_id: str, ref: Dict[str, Any]) -> Dict[str, Any]:
    """Body of a `form` card, ref `{form_id, application_id}`; the verification needs no application. NotFound."""
    form_id = str(ref["form_id"])
    if form_id == VERIFICATION and "application_id" not in ref:
        known = await conversations.customer_of(session, conversation_id) is not None
        return _form(form_id, texts.form(form_id)["sections"], submitted=known)
    sale = await service.access(session, str(ref["application_id"]), conversation_id)
    return _form(form_id, await _sections(sale, form_id), submitted=not await service.is_form_open(sale, form_id))


async def load_document(session: AsyncSession, conversation_id: str, ref: Dict[str, Any]) -> Dict[str, Any]:
    """Body of a `document` card, ref `{document_id, application_id}`. Raises NotFound."""
    sale = await service.access(session, str(ref["application_id"]), conversation_id)
    document = next((row for row in sale.documents if row.id == ref["document_id"]), None)
    if document is None:
        raise NotFound("document_unknown")
    return {
        "text": texts.label("document", "text", title=document.title),
        "document_id": document.id,
        "title": document.title,
        "kind": document.kind,
        "version": document.version,
        "sha256": document.sha256,
        "index": document.position,
        "total": len(sale.documents),
        "url": f"/api/documents/{document.id}",
        "min_seconds": document.min_seconds,
        "confirm_label": texts.label("document", "confirm"),
        "confirmed": document.confirmed_at is not None,
    }


async def load_question(session: AsyncSession, conversation_id: str, ref: Dict[str, Any]) -> Dict[str, Any]:
    """Body of a `question` card, ref `{application_id, part: "summary"}` or `{application_id, index?, total?}`.

    The words come with the reply. Raises NotFound.
    """
    sale = await service.access(session, str(ref["application_id"]), conversation_id)
    if ref.get("part") == "summary":
        return {"summary": await summary_sections(sale)}
    return {name: ref[name] for name in ("index", "total") if name in ref}


def _form(form_id: str, sections: List[Dict[str, Any]], *, submitted: bool) -> Dict[str, Any]:
    shape = texts.form(form_id)
    return {
        "text": shape["text"],
        "form_id": form_id,
        "title": shape["title"],
        "submit_label": shape["submit_label"],
        "sections": sections,
        "submitted": submitted,
    }


async def _sections(sale: Sale, form_id: str) -> List[Dict[str, Any]]:
    if form_id == "consent":
        return _consent_sections(sale)
    if form_id == "parties":
        return await parties_form(sale)
    sections: List[Dict[str, Any]] = texts.form(form_id)["sections"]
    if form_id != "needs":
        return sections
    earlier = await sale.repository.latest_needs(sale.id)
    return [{**part, "fields": [_with_default(field, earlier) for field in part["fields"]]} for part in sections]


def _consent_sections(sale: Sale) -> List[Dict[str, Any]]:
    """One section for each consent: its whole text, and a choice with nothing chosen beforehand."""
    options = texts.form("consent")["options"]
    return [
        {
            "title": document.title,
            "text": "\n".join(f"{clause.title}：{clause.text}" for clause in document.clauses),
            "fields": [
                {"name": document.kind, "label": document.title, "kind": "radio", "required": True, "options": options}
            ],
        }
        for document in open_consents(sale) or needed(sale)
    ]


def _with_default(field: Dict[str, Any], earlier: Optional[ApplicationNeeds]) -> Dict[str, Any]:
    """The field with what the form held when it was submitted before."""
    if earlier is None:
        return field
    if field["name"] in ("annual_income", "budget"):
        fen = int(getattr(earlier, f"{field['name']}_fen"))
        return {**field, "default": f"{fen // 100}.{fen % 100:02d}".removesuffix(".00")}
    return {**field, "default": str(getattr(earlier, field["name"]))}
