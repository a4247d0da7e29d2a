"""The card that shows products."""

from decimal import Decimal
from typing import Any, Dict, List

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalogue import service
from bot.catalogue.models import Product


async def load_products(session: AsyncSession, conversation_id: str, ref: Dict[str, Any]) -> Dict[str, Any]:
    """The body of a `product_cards` card; ref {"codes": [product code]}, all on the shelf when absent.

    Raises NotFound("product_unknown").
    """
    codes = ref.get("codes")
    chosen = [service.product(str(code)) for code in codes] if codes else list(service.products())
    return {"text": "\n".join(_line(product) for product in chosen), "products": [_card(product) for product in chosen]}


def _card(product: Product) -> Dict[str, Any]:
    price = product.starting_price
    return {
        "code": product.code,
        "name": product.name,
        "short_name": product.short_name,
        "tagline": product.tagline,
        "insurer": product.insurer,
        "statement": product.labels["statement"],
        "highlights": [highlight.text for highlight in product.highlights],
        "price": {"fen": price.premium_fen, "frequency": price.frequency, "condition": price.condition},
        "buttons": _buttons(product),
    }


def _buttons(product: Product) -> List[Dict[str, str]]:
    """What a click on a card asks for; the gateway keeps the payload and gives the client an opaque id."""
    return [
        {"title": product.labels["button_details"], "payload": f'/ask_product{{"product": "{product.code}"}}'},
        {"title": product.labels["button_quote"], "payload": f'/request_quote{{"product": "{product.code}"}}'},
    ]


def _line(product: Product) -> str:
    price = product.starting_price
    return product.labels["card_line"].format(
        name=product.name,
        statement=product.labels["statement"],
        insurer=product.insurer,
        tagline=product.tagline,
        yuan=f"{Decimal(price.premium_fen) / 100:,.2f}",
        condition=price.condition,
    )
