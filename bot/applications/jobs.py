"""Jobs of the applications: an unfinished one ends when its time is over."""

from typing import Any, Awaitable, Callable, Dict

from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications import service
from bot.applications.starting import EXPIRY_JOB


async def expire_application(session: AsyncSession, payload: Dict[str, Any]) -> None:
    """`application_expiry`: end an application whose time is over."""
    await service.expire(session, str(payload["application_id"]))


INSIDE: Dict[str, Callable[[AsyncSession, Dict[str, Any]], Awaitable[None]]] = {EXPIRY_JOB: expire_application}
