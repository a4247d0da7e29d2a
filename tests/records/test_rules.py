"""The hash chain: sound chains verify, and every kind of tampering is found."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.records import rules
from bot.records.rules import Head, Row

CHAIN = "01HZZZZZZZZZZZZZZZZZZZZZZZ"
KEY = b"key of the seal"
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc)

scalars = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
contents = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), scalars, max_size=4)
chains = st.lists(contents, min_size=1, max_size=8)


def build(items: list[dict]) -> tuple[list[Row], Head]:
    """A sound chain of these contents with its sealed head."""
    rows: list[Row] = []
    for number, content in enumerate(items):
        at = NOON + timedelta(seconds=number)
        rows.append(rules.next_row(rows[-1] if rows else None, chain=CHAIN, kind="shown", content=content, at=at))
    last = rows[-1]
    return rows, Head(CHAIN, last.seq, last.hash, rules.seal(KEY, CHAIN, last.seq, last.hash))


def codes(rows: list[Row], head: Head | None) -> set[str]:
    return {fault.code for fault in rules.verify(CHAIN, rows, head, KEY).faults}


@given(chains)
def test_a_sound_chain_is_valid(items):
    rows, head = build(items)
    assert rules.verify(CHAIN, rows, head, KEY).valid


@given(chains, st.data())
def test_a_changed_row_is_found(items, data):
    rows, head = build(items)
    index = data.draw(st.integers(0, len(rows) - 1))
    rows[index] = replace(rows[index], content={**rows[index].content, "tampered": 1})
    assert "changed" in codes(rows, head)


@given(st.lists(contents, min_size=2, max_size=8), st.data())
def test_a_removed_row_is_found(items, data):
    rows, head = build(items)
    del rows[data.draw(st.integers(0, len(rows) - 2))]
    assert {"broken_link", "out_of_order"} <= codes(rows, head)


@given(st.lists(contents, min_size=2, max_size=8), st.data())
def test_reordered_rows_are_found(items, data):
    rows, head = build(items)
    first = data.draw(st.integers(0, len(rows) - 2))
    rows[first], rows[first + 1] = rows[first + 1], rows[first]
    assert {"broken_link", "out_of_order"} <= codes(rows, head)


@given(st.lists(contents, min_size=1, max_size=8), st.data())
def test_rows_cut_off_at_the_end_are_found(items, data):
    rows, head = build(items)
    kept = data.draw(st.integers(0, len(rows) - 1))
    assert codes(rows[:kept], head) == {"truncated"}


@given(chains)
def test_a_row_added_behind_the_seal_is_found(items):
    rows, head = build(items)
    rows.append(rules.next_row(rows[-1], chain=CHAIN, kind="shown", content={}, at=NOON))
    assert codes(rows, head) == {"extended"}


@given(st.lists(contents, min_size=2, max_size=8), st.data())
def test_a_chain_recomputed_without_the_key_is_found(items, data):
    """Whoever can write to the database can make all hashes fit again, but cannot seal the result."""
    index = data.draw(st.integers(0, len(items) - 1))
    _, head = build(items)
    forged, _ = build([*items[:index], {"forged": "是"}, *items[index + 1 :]])
    unsealed = replace(head, hash=forged[-1].hash)
    assert codes(forged, unsealed) == {"seal_broken"}
    assert codes(forged, head) == {"seal_broken"}


def test_a_missing_head_is_found():
    rows, _ = build([{"document": "terms"}])
    assert codes(rows, None) == {"head_missing"}


def test_a_row_of_another_chain_is_found():
    rows, head = build([{}, {}])
    rows[1] = replace(rows[1], chain="another")
    assert "foreign_row" in codes(rows, head)


def test_the_hash_does_not_depend_on_zone_or_key_order():
    fields = {"chain": CHAIN, "seq": 1, "kind": "shown", "prev_hash": rules.GENESIS}
    shanghai = NOON.astimezone(timezone(timedelta(hours=8)))
    one = rules.row_hash(content={"a": 1, "b": 2}, at=NOON, **fields)
    assert one == rules.row_hash(content={"b": 2, "a": 1}, at=shanghai, **fields)


def test_keys_that_are_not_text_do_not_break_the_chain():
    rows, head = build([{10: "ten", 9: "nine"}])
    assert rows[0].content == {"10": "ten", "9": "nine"}
    assert codes(rows, head) == set()


@pytest.mark.parametrize("content", [{"value": float("nan")}, {"value": object()}, {"value": {1, 2}}])
def test_what_json_cannot_hold_is_refused(content):
    with pytest.raises((TypeError, ValueError)):
        rules.next_row(None, chain=CHAIN, kind="shown", content=content, at=NOON)
