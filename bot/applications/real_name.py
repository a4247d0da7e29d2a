"""Whether a name and an identity number belong together: a port that the insurer's real-name service fills."""

from typing import Protocol

from bot.errors import Invalid

MISMATCH = "实名不符"


class RealNameService(Protocol):
    """The service that the insurer is contracted with; asked with clear values, it must not keep them."""

    async def matches(self, name: str, id_number: str) -> bool:
        """Whether the number was issued to a person of this name. Raises Unavailable when it does not answer."""
        ...


class SandboxRealName:
    """Says yes to every pair, and no to the name 实名不符, so that both can be tried."""

    async def matches(self, name: str, id_number: str) -> bool:
        """Whether the name is any other than 实名不符."""
        return name != MISMATCH


class _Process:
    service: RealNameService = SandboxRealName()


def use(service: RealNameService) -> None:
    """Say which service this process asks."""
    _Process.service = service


async def check_real_name(field: str, name: str, id_number: str) -> None:
    """Raises Invalid("form_invalid") on the field when name and number do not belong together."""
    if not await _Process.service.matches(name, id_number):
        raise Invalid("form_invalid", fields={field: "real_name_mismatch"})
