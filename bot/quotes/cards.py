"""The card that shows a quote."""

from typing import Any, Dict

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalogue import service as catalogue
from bot.quotes import service


async def load_quote(session: AsyncSession, conversation_id: str, ref: Dict[str, Any]) -> Dict[str, Any]:
    """The body of a `quote` card; ref {"quote_id"}. Raises NotFound("quote_unknown")."""
    found = await service.get(session, str(ref["quote_id"]))
    product = catalogue.product(found.product_code, found.product_version)
    rows = [{"label": label, "value": value} for label, value in found.breakdown]
    lines = "\n".join(f"{row['label']}：{row['value']}" for row in rows)
    return {
        "text": f"{product.name}\n{lines}",
        "quote_id": found.id,
        "product": {"code": product.code, "name": product.name},
        "premium_fen": found.premium_fen,
        "frequency": found.frequency,
        "rows": rows,
        "total_fen": found.total_fen,
        "buttons": [],
    }
