"""How the cashier writes amounts."""

from __future__ import annotations


def yuan(fen: int) -> str:
    """An amount in fen (not negative) as yuan with thousands separators: 6,610.00."""
    return f"{fen // 100:,}.{fen % 100:02d}"
