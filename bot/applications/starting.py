"""How an application begins: a new one with its documents to read, or the one that is under way."""

from datetime import timedelta
from typing import Any, Dict, Mapping, Optional

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.applications import flow, pricing
from bot.applications.repository import ApplicationRepository
from bot.applications.sale import Sale
from bot.applications.schemas import Status
from bot.catalogue import service as catalogue
from bot.catalogue.models import Document, Product
from bot.conversations import service as conversations
from bot.errors import Invalid
from bot.ids import new_id
from bot.jobs import service as jobs
from bot.settings import settings
from bot.store.tables.applications import Application, ApplicationDocument

EXPIRY_JOB = "application_expiry"


async def begin(
    session: AsyncSession, conversation_id: str, product_code: str, factors: Mapping[str, Any]
) -> Dict[str, Any]:
    """`{application_id}` of the application to go on with. Raises NotFound, Invalid("product_offline")."""
    product = catalogue.product(product_code)
    if not product.online:
        raise Invalid("product_offline", product=product.short_name)
    fields = pricing.fields_of(factors)
    customer_id = await conversations.customer_of(session, conversation_id)
    for row in await ApplicationRepository(session).live(conversation_id, customer_id):
        if row.product_code == product.code and row.product_version == product.version:
            sale = await Sale.load(session, row.id)
            if not await flow.expire(sale):
                await _take_up(sale, conversation_id, fields)
                return {"application_id": sale.id}
    await make_way(session, conversation_id)
    return {"application_id": await _create(session, conversation_id, customer_id, product, fields)}


async def _take_up(sale: Sale, conversation_id: str, fields: Mapping[str, Any]) -> None:
    """Go on with an application under way; factors newly quoted replace the old ones until the parties are known."""
    sale.application.conversation_id = conversation_id
    changed = {name: value for name, value in fields.items() if sale.application.factors.get(name) != value}
    if changed and sale.insured is None and sale.status is not Status.HUMAN_REVIEW:
        sale.application.told_premium_fen = None
        await sale.set_factors(changed)
    if sale.status is Status.PAUSED:
        await make_way(sale.session, conversation_id, sale.id)
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
    payload = {"application_id": application.id}
    await jobs.schedule(session, EXPIRY_JOB, application.id, application.expires_at, payload)
    for position, document in enumerate(product.documents, start=1):
        await repository.add(_document(application.id, position, document))
    sale = await Sale.load(session, application.id)
    price = pricing.premium_or_none(sale)
    application.told_premium_fen = price.premium_fen if price else None
    identity = {"product": product.code, "version": product.version, "sha256": product.sha256}
    await sale.record("started", {**identity, "name": product.name, "factors": fields, "entry_notice": True})
    return sale.id


def _document(application_id: str, position: int, document: Document) -> ApplicationDocument:
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


async def make_way(session: AsyncSession, conversation_id: str, but: Optional[str] = None) -> None:
    """Pause the conversation's other open application: there is one at a time."""
    for row in await ApplicationRepository(session).live(conversation_id, None):
        if row.status == Status.OPEN.value and row.id != but:
            await (await Sale.load(session, row.id)).move_to(Status.PAUSED)
