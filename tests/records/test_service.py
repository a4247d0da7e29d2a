"""The record in the database: appended, exported, and tampering found."""

import asyncio
import json

import pytest
from sqlalchemy import delete, text, update

from bot.errors import Invalid, NotFound
from bot.ids import new_id
from bot.records import cli, rules, service
from bot.store import transaction
from bot.store.tables.records import RecordHead, RecordRow


@pytest.fixture
async def chain(database):
    """A stored chain of four links."""
    name = new_id()
    async with transaction() as session:
        for number in range(4):
            content = {"title": f"条款{number}", "nul": "\x00", "share": 0.1}
            await service.append(session, name, "document_shown", content)
    return name


async def faults(chain: str) -> set[str]:
    async with transaction(read_only=True) as session:
        return {fault.code for fault in (await service.verify(session, chain)).faults}


async def test_a_stored_chain_verifies(chain):
    async with transaction(read_only=True) as session:
        result = await service.verify(session, chain)
        assert result.valid and result.length == 4
        assert await service.head(session, chain) != rules.GENESIS


async def test_append_returns_the_hash_the_chain_ends_with(chain):
    async with transaction() as session:
        last = await service.append(session, chain, "confirmed", {})
        assert await service.head(session, chain) == last


async def test_a_row_changed_in_the_database_is_found(chain):
    async with transaction() as session:
        await session.execute(
            update(RecordRow).where(RecordRow.chain == chain, RecordRow.seq == 2).values(content='{"title":"别的"}')
        )
    assert "changed" in await faults(chain)


async def test_a_row_removed_from_the_database_is_found(chain):
    async with transaction() as session:
        await session.execute(delete(RecordRow).where(RecordRow.chain == chain, RecordRow.seq == 2))
    assert {"broken_link", "out_of_order", "truncated"} <= await faults(chain)


async def test_rows_swapped_in_the_database_are_found(chain):
    async with transaction() as session:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            await session.execute(
                update(RecordRow).where(RecordRow.chain == chain, RecordRow.seq == old).values(seq=new)
            )
    assert {"broken_link", "changed"} <= await faults(chain)


async def test_rows_cut_off_in_the_database_are_found(chain):
    async with transaction() as session:
        await session.execute(delete(RecordRow).where(RecordRow.chain == chain, RecordRow.seq >= 3))
    assert await faults(chain) == {"truncated"}


async def test_a_head_moved_back_with_the_rows_is_found(chain):
    async with transaction() as session:
        await session.execute(delete(RecordRow).where(RecordRow.chain == chain, RecordRow.seq == 4))
        third = (await session.execute(text("SELECT hash FROM record_rows WHERE seq = 3"))).scalar()
        await session.execute(update(RecordHead).values(length=3, hash=third))
    assert await faults(chain) == {"seal_broken"}


async def test_writers_at_the_same_time_make_one_sound_chain(database):
    name = new_id()

    async def write(number: int) -> None:
        async with transaction() as session:
            await service.append(session, name, "answer", {"number": number})

    await asyncio.gather(*(write(number) for number in range(8)))
    async with transaction(read_only=True) as session:
        result = await service.verify(session, name)
    assert result.valid and result.length == 8


async def test_an_unknown_chain_is_not_found(database):
    async with transaction(read_only=True) as session:
        with pytest.raises(NotFound):
            await service.verify(session, new_id())


async def test_an_export_verifies_away_from_the_database_until_it_is_changed(chain):
    async with transaction(read_only=True) as session:
        exported = json.loads(json.dumps(await service.export(session, chain)))
    assert service.verify_export(exported).valid
    exported["rows"][1]["content"]["title"] = "别的"
    assert not service.verify_export(exported).valid


@pytest.mark.parametrize("text_", [{}, {"format": "other"}, {"format": service.FORMAT, "chain": "a", "rows": [1]}])
def test_what_is_no_export_is_refused(text_):
    with pytest.raises(Invalid):
        service.verify_export(text_)


async def test_the_command_tells_sound_from_broken(chain, capsys):
    assert await cli.verify() == 0
    assert "1 chains, 4 rows, 0 broken" in capsys.readouterr().out
    async with transaction() as session:
        await session.execute(update(RecordRow).where(RecordRow.seq == 1).values(kind="other"))
    assert await cli.verify() == 1
    assert f"BROKEN {chain} (4 rows): row 1: changed" in capsys.readouterr().out
