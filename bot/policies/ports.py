"""What policies need of the sale: a port that bot/app.py fills, because applications themselves call the cashier."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.contract import Contract


@dataclass(frozen=True)
class Sales:
    """The two use cases of applications that issuing a policy needs."""

    contract: Callable[[AsyncSession, str], Awaitable[Contract]]
    """The content of a confirmed application; raises NotFound, or Conflict when it is no longer for sale."""
    mark_issued: Callable[[AsyncSession, str, str], Awaitable[None]]
    """(session, application id, policy number): the sale is complete."""


class _Process:
    """The port of this process."""

    sales: Sales | None = None


def use(sales: Sales | None) -> None:
    """Say where contracts come from (bot/app.py, tests); None forgets it."""
    _Process.sales = sales


def sales() -> Sales:
    """The port. Raises RuntimeError when the process was not wired."""
    if _Process.sales is None:
        raise RuntimeError("bot.policies.ports.use was not called: see bot/app.py")
    return _Process.sales
