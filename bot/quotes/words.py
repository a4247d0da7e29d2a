"""Money in the words of the catalogue."""

from decimal import Decimal

from bot.catalogue.models import Product


def amount(product: Product, whole_yuan: int) -> str:
    """An amount chosen by the customer: 50万元, 12,000元."""
    if whole_yuan % 10000 == 0:
        return product.labels["ten_thousand"].format(amount=whole_yuan // 10000)
    return product.labels["money"].format(yuan=f"{whole_yuan:,}")


def yuan(product: Product, fen: int) -> str:
    """Money in words of the catalogue, with two decimals: 6,610.00元."""
    return product.labels["money"].format(yuan=f"{Decimal(fen) / 100:,.2f}")
