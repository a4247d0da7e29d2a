"""`python -m bot records verify`: checks every chain and prints what is wrong."""

from __future__ import annotations

from bot.records import service
from bot.store import transaction


async def verify(chain: str | None = None) -> int:
    """Check one chain or all, print a line for each faulty one and a summary; returns the exit code (0 or 1)."""
    async with transaction(read_only=True) as session:
        results = [await service.verify(session, chain)] if chain else await service.verify_all(session)
    broken = [result for result in results if not result.valid]
    for result in broken:
        faults = ", ".join(f"row {fault.seq}: {fault.code}" for fault in result.faults)
        print(f"BROKEN {result.chain} ({result.length} rows): {faults}")
    print(f"{len(results)} chains, {sum(result.length for result in results)} rows, {len(broken)} broken")
    return 1 if broken else 0
