"""The state machine of ownership and the other pure rules of conversations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.rules import (
    TRANSITIONS,
    Cause,
    Ownership,
    State,
    move,
    pause_after,
    step_of,
    survivor_is_known,
)
from bot.errors import Conflict


def owned(state: State, owner: str | None = None, pending: str | None = None) -> Ownership:
    return Ownership(state, owner, pending, epoch=7, episode=2)


@pytest.mark.parametrize(("state", "cause"), sorted(TRANSITIONS, key=str))
def test_every_transition_raises_the_epoch_by_one(state: State, cause: Cause) -> None:
    before = owned(state, "a1", "a1")
    after = move(before, cause, "a1")
    assert (after.state, after.epoch) == (TRANSITIONS[state, cause], 8)


@given(st.sampled_from(State), st.sampled_from(Cause))
def test_what_is_not_in_the_table_is_refused(state: State, cause: Cause) -> None:
    if (state, cause) not in TRANSITIONS:
        with pytest.raises(Conflict):
            move(owned(state, "a1", "a1"), cause, "a1")


def test_only_the_agent_it_was_offered_to_may_accept() -> None:
    offered = move(owned(State.QUEUED), Cause.OFFER, "a1")
    assert offered.owner == "a1"
    with pytest.raises(Conflict):
        move(offered, Cause.ACCEPT, "a2")
    assert move(offered, Cause.ACCEPT, "a1").owner == "a1"
    assert move(offered, Cause.DECLINE).owner is None


def test_the_owner_keeps_a_conversation_until_the_transfer_is_accepted() -> None:
    asked = move(owned(State.HUMAN, "a1"), Cause.TRANSFER, "a2")
    assert (asked.owner, asked.pending_transfer) == ("a1", "a2")
    declined = move(asked, Cause.TRANSFER_DECLINE, "a2")
    assert (declined.owner, declined.pending_transfer) == ("a1", None)
    accepted = move(asked, Cause.TRANSFER_ACCEPT, "a2")
    assert (accepted.owner, accepted.pending_transfer) == ("a2", None)
    with pytest.raises(Conflict):
        move(asked, Cause.TRANSFER_ACCEPT, "a3")


def test_anyone_with_the_skill_may_accept_a_transfer_to_it() -> None:
    asked = move(owned(State.HUMAN, "a1"), Cause.TRANSFER, "skill:claims")
    assert move(asked, Cause.TRANSFER_ACCEPT, "a9").owner == "a9"


def test_handing_back_leaves_no_owner_and_writing_again_begins_an_episode() -> None:
    assert move(owned(State.HUMAN, "a1"), Cause.HAND_BACK).owner is None
    again = move(owned(State.CLOSED), Cause.WRITES_AGAIN)
    assert (again.state, again.episode) == (State.BOT, 3)
    assert move(owned(State.WRAPUP, "a1"), Cause.WRITES_AGAIN).owner == "a1"


@pytest.mark.parametrize(
    ("known", "anonymous", "survives"),
    [(False, False, True), (True, False, True), (True, True, True), (False, True, False)],
)
def test_of_two_conversations_the_known_one_goes_on_unless_only_the_other_is_busy(
    known: bool, anonymous: bool, survives: bool
) -> None:
    assert survivor_is_known(known, anonymous) is survives


def test_pauses_double_up_to_the_longest() -> None:
    assert [pause_after(n, 1.0, 30.0) for n in (1, 2, 3, 5, 6, 1000)] == [1, 2, 4, 16, 30, 30]


def test_a_step_is_a_form_and_its_slot() -> None:
    assert step_of("quote_form", "age") == "quote_form:age"
    assert step_of("quote_form", None) == "quote_form:"
    assert step_of(None, "age") is None
