"""A message moves the dialogue once, however often and however concurrently it is sent."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.channels.rasa.client import Rasa, texts


def test_a_repeat_gets_the_first_answer_and_runs_nothing(rasa: Rasa) -> None:
    first = rasa.turn("both", "m1")
    events = rasa.stored()
    assert rasa.turn("both", "m1") == first
    assert rasa.stored() == events
    assert rasa.actions.calls == ["action_first", "action_second"]


def test_a_repeat_gets_its_own_answer_after_later_turns(rasa: Rasa) -> None:
    first = rasa.turn("buy 2", "m1")
    rasa.turn("red", "m2")
    assert rasa.turn("buy 2", "m1") == first
    assert rasa.heard() == ["m1", "m2"]


def test_the_same_id_in_another_conversation_is_another_message(rasa: Rasa) -> None:
    rasa.turn("hello", "m1", conversation_id="a")
    rasa.turn("price", "m1", conversation_id="b")
    assert (rasa.heard("a"), rasa.heard("b")) == (["m1"], ["m1"])


def test_the_same_message_many_times_at_once_runs_once(rasa: Rasa) -> None:
    rasa.actions.told["action_first"] = 0.3
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: rasa.post(rasa.text("both", "m1")), range(6)))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({answer.text for answer in answers}) == 1
    assert rasa.actions.calls == ["action_first", "action_second"]
    assert rasa.heard() == ["m1"]


def test_two_messages_at_once_are_taken_one_after_the_other(rasa: Rasa) -> None:
    rasa.actions.told["action_first"] = 0.3
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(rasa.post, [rasa.text("both", "m1"), rasa.text("both", "m2")]))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert rasa.actions.calls == ["action_first", "action_second"] * 2
    assert sorted(rasa.heard()) == ["m1", "m2"]


def test_conversations_run_at_the_same_time(rasa: Rasa) -> None:
    rasa.actions.told["action_first"] = rasa.actions.meeting(2)
    with ThreadPoolExecutor(2) as threads:
        asked = [rasa.text("both", "m1", conversation_id=name) for name in ("a", "b")]
        answers = list(threads.map(rasa.post, asked))
    assert [answer.status_code for answer in answers] == [200, 200]


def test_a_caller_who_hangs_up_finds_the_turn_done(rasa: Rasa) -> None:
    rasa.actions.told["action_first"] = 0.5
    rasa.hang_up(rasa.text("both", "m1"), after=0.2)
    assert texts(rasa.turn("both", "m1")) == ["办好了。", "办好了。"]
    assert rasa.actions.calls == ["action_first", "action_second"]


def test_a_new_process_knows_what_was_answered_and_where_the_form_stood(rasa: Rasa, model: Path) -> None:
    first = rasa.turn("buy 2", "m1")
    rasa.restart(model)
    assert rasa.turn("buy 2", "m1") == first
    assert rasa.turn("red")["state"]["active_loop"] is None
    assert rasa.actions.calls == ["action_place_order"]
