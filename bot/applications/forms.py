"""Takes the submitted card forms of a purchase; every field at fault is named with the code of its text."""

from decimal import Decimal, InvalidOperation
from typing import Any, Dict, Mapping, Optional

from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications import service, texts
from bot.applications.party_seal import read_parties
from bot.applications.sale import Sale
from bot.applications.steps import consent, parties
from bot.applications.steps.document import confirm_document
from bot.errors import Conflict, Invalid, NotFound
from bot.ids import new_id
from bot.store.tables.applications import ApplicationNeeds

GREATEST_YUAN = Decimal(10**9)


async def submit_needs(session: AsyncSession, conversation_id: str, values: Dict[str, Any]) -> Dict[str, Any]:
    """FormHandler `needs`: keep needs and means. Raises Invalid with fields, NotFound, Conflict("form_not_due")."""
    sale = await _sale_waiting_for(session, conversation_id, "needs")
    shape = {field["name"]: field for part in texts.form("needs")["sections"] for field in part["fields"]}
    errors: Dict[str, str] = {}
    money = [name for name, field in shape.items() if field["kind"] == "money"]
    chosen = {name: _choice(shape[name], values.get(name), errors) for name in shape if name not in money}
    amounts = {name: _fen(name, values.get(name), errors) for name in money}
    if errors:
        raise Invalid("form_invalid", fields=errors)
    row = ApplicationNeeds(
        id=new_id(),
        application_id=sale.id,
        submitted_at=sale.moment,
        **chosen,
        **{f"{name}_fen": fen for name, fen in amounts.items()},
    )
    await sale.repository.add(row)
    await sale.record("needs", {**chosen, **{f"{name}_fen": fen for name, fen in amounts.items()}})
    return {"application_id": sale.id}


async def submit_consent(session: AsyncSession, conversation_id: str, values: Dict[str, Any]) -> Dict[str, Any]:
    """FormHandler `consent`: keep each decision; a refusal is a decision. Raises as `submit_needs`."""
    sale = await _sale_waiting_for(session, conversation_id, "consent")
    decisions: Dict[str, bool] = {}
    errors: Dict[str, str] = {}
    for document in consent.open_consents(sale):
        said = values.get(document.kind)
        if said not in ("agree", "refuse"):
            errors[document.kind] = "field_required"
        decisions[document.kind] = said == "agree"
    if errors:
        raise Invalid("form_invalid", fields=errors)
    await consent.decide(sale, decisions)
    return {"application_id": sale.id}


async def submit_parties(session: AsyncSession, conversation_id: str, values: Dict[str, Any]) -> Dict[str, Any]:
    """FormHandler `parties`: check and seal every party. Raises as `submit_needs`."""
    sale = await _sale_waiting_for(session, conversation_id, "parties")
    await parties.replace_parties(sale, await read_parties(sale, values))
    return {"application_id": sale.id}


async def submit_document(session: AsyncSession, conversation_id: str, document_id: str) -> Dict[str, Any]:
    """DocumentHandler: confirm a document that was opened. Raises NotFound, Conflict, Invalid."""
    state = await service.current(session, conversation_id)
    if state is None:
        raise NotFound("document_unknown")
    sale = await Sale.load(session, state.id)
    document = await confirm_document(sale, document_id)
    return {"application_id": sale.id, "document_id": document.id}


async def _sale_waiting_for(session: AsyncSession, conversation_id: str, form_id: str) -> Sale:
    """The application under way, if this form is what it waits for."""
    state = await service.current(session, conversation_id)
    if state is None:
        raise NotFound("application_unknown")
    sale = await Sale.load(session, state.id)
    if not await service.is_form_open(sale, form_id):
        raise Conflict("form_not_due")
    return sale


def _choice(field: Mapping[str, Any], value: Any, errors: Dict[str, str]) -> Optional[str]:
    if value in (None, ""):
        errors[field["name"]] = "field_required"
    elif value not in [option["value"] for option in field["options"]]:
        errors[field["name"]] = "field_choice"
    return value if field["name"] not in errors else None


def _fen(name: str, value: Any, errors: Dict[str, str]) -> int:
    """Yuan as typed → fen; at most two decimals, above zero."""
    try:
        yuan = Decimal(str(value or "").strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        yuan = Decimal(-1)
    fen = yuan * 100
    if value in (None, ""):
        errors[name] = "field_required"
    elif not yuan.is_finite() or not 0 < yuan <= GREATEST_YUAN or fen != fen.to_integral_value():
        errors[name] = "field_money"
    return 0 if name in errors else int(fen)
