"""The vault: what is sealed comes back only by its token, audited, and is nowhere in clear."""

import pytest
from sqlalchemy import select

from bot.errors import NotFound
from bot.settings import settings
from bot.store import vault
from bot.store.once import once
from bot.store.tables.store import VaultReveal, VaultValue

ID_NUMBER = "990000199603120010"


async def test_sealed_value_comes_back_and_the_look_is_audited(session):
    token = await vault.seal(session, "id_card", ID_NUMBER, owner="c1")
    assert await vault.reveal(session, token, purpose="policy_document", actor="system") == ID_NUMBER
    reveals = (await session.execute(select(VaultReveal))).scalars().all()
    assert [(row.token, row.purpose, row.actor) for row in reveals] == [(token, "policy_document", "system")]


async def test_nothing_of_the_value_is_stored_in_clear(session):
    await vault.seal(session, "id_card", ID_NUMBER, owner="c1")
    row = (await session.execute(select(VaultValue))).scalars().one()
    assert ID_NUMBER.encode() not in bytes(row.ciphertext)
    assert ID_NUMBER not in f"{row.token}{row.digest}{row.owner}"


async def test_same_value_of_same_owner_has_one_token_and_of_another_owner_a_different_one(session):
    first = await vault.seal(session, "phone", "13800138000", owner="c1")
    assert await vault.seal(session, "phone", "13800138000", owner="c1") == first
    assert await vault.seal(session, "phone", "13800138000", owner="c2") != first


async def test_unknown_token_is_not_found(session):
    with pytest.raises(NotFound):
        await vault.reveal(session, "⟦phone:" + "0" * 24 + "⟧", purpose="x", actor="y")


async def test_masks_replace_tokens_inside_a_text(session):
    token = await vault.seal(session, "phone", "13800138000", owner="c1")
    assert await vault.masks(session, f"电话是{token}吗") == "电话是138****8000吗"


async def test_rotation_moves_old_values_to_the_new_key(session, monkeypatch):
    token = await vault.seal(session, "name", "王小明", owner="c1")
    old = settings().vault_keys.get_secret_value()
    monkeypatch.setenv("HEYU_VAULT_KEYS", "new:" + "bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4=," + old)
    settings.cache_clear()
    assert await vault.rotate(session) == 1
    assert await vault.rotate(session) == 0
    monkeypatch.setenv("HEYU_VAULT_KEYS", "new:bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4=")
    settings.cache_clear()
    assert await vault.reveal(session, token, purpose="test", actor="test") == "王小明"


async def test_once_runs_the_use_case_a_single_time(session):
    calls = []

    async def do():
        calls.append(1)
        return {"id": len(calls)}

    assert await once(session, "m1", "quote", do) == {"id": 1}
    assert await once(session, "m1", "quote", do) == {"id": 1}
    assert await once(session, "m1", "order", do) == {"id": 2}
