"""Reading what customers say to a step: only clear words count, and one no answers one question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.applications.rules import Reply, is_insistence, is_question, read_agreement, read_health, tidy
from bot.applications.schemas import Said


def said(text, intent=None, kind="text", **entities):
    return Said(intent, text, entities, "m1", kind)


def health(text, intent=None, **entities):
    reply = read_health(said(text, intent, **entities))
    return reply.reply if reply else None


NO = [
    "没有",
    "都没有",
    "没",
    "无",
    "否",
    "不是",
    "没有过",
    "从来没有",
    "以上都没有",
    "我没有",
    "都没有这些情况",
    "没什么问题",
    "没有的",
    "没有，身体很好",
    "全都没有！",
]


@pytest.mark.parametrize("text", NO)
def test_no(text):
    assert health(text, "deny") is Reply.NO
    assert health(text, None) is Reply.NO


@pytest.mark.parametrize("text", ["有", "是", "是的", "有的", "有过", "我有", "对", "以前有过", "得过"])
def test_yes(text):
    assert health(text, "affirm") is Reply.YES


@pytest.mark.parametrize(
    "text",
    [
        "不清楚",
        "不知道",
        "不确定",
        "记不清了",
        "没查过",
        "忘了",
        "我也不太清楚",
        "说不好",
        "不清楚，没体检过",
    ],
)
def test_unsure(text):
    assert health(text, "unsure") is Reply.UNSURE


@pytest.mark.parametrize(
    "text",
    [
        "嗯",
        "好",
        "好的",
        "行",
        "可以",
        "继续",
        "应该没有",
        "好像没有",
        "可能有吧",
        "没有吧",
        "都正常",
        "我很健康",
    ],
)
def test_vague_words_are_asked_again(text):
    assert health(text, "affirm") is Reply.VAGUE


@pytest.mark.parametrize(
    "text",
    ["高血压算吗", "这个要体检吗", "没有的话会怎样", "多少算高血压？", "为什么要问这个", "什么是原位癌"],
)
def test_a_question_is_a_digression(text):
    assert health(text, "affirm", condition="pressure") is None


@pytest.mark.parametrize("text", ["转人工", "我要投诉", "今天天气不错", "算一下保费"])
def test_other_talk_is_a_digression(text):
    assert health(text, "request_human") is None


@pytest.mark.parametrize(
    "text", ["有过高血压", "我有高血压", "高血压", "有，高血压", "没有糖尿病，但有高血压", "血压高，在吃药"]
)
def test_a_named_condition_is_a_yes(text):
    reply = read_health(said(text, "inform", condition="pressure"))
    assert (reply.reply, reply.conditions) == (Reply.YES, ("pressure",))


def test_several_named_conditions_are_kept():
    assert read_health(said("高血压和糖尿病都有", condition=["pressure", "diabetes"])).conditions == (
        "pressure",
        "diabetes",
    )


@pytest.mark.parametrize("text", ["没有高血压", "高血压没有", "我不是高血压"])
def test_denying_one_condition_does_not_answer_the_question(text):
    assert health(text, "deny", condition="pressure") is Reply.PARTLY


@pytest.mark.parametrize("text", ["好像有高血压", "可能是高血压吧"])
def test_a_doubtful_condition_is_unsure(text):
    assert health(text, "inform", condition="pressure") is Reply.UNSURE


@pytest.mark.parametrize("text", ["没有，就是血压有点高", "没有，去年住过院", "没有。不过最近胸闷"])
def test_a_no_that_goes_on_is_asked_again(text):
    assert health(text, "deny") is Reply.VAGUE


def test_a_named_condition_after_a_no_is_a_yes():
    assert health("没有，就是有高血压", "deny", condition="pressure") is Reply.YES


@pytest.mark.parametrize(("intent", "reply"), [("affirm", Reply.YES), ("deny", Reply.NO), ("unsure", Reply.UNSURE)])
def test_a_button_counts_by_its_intent(intent, reply):
    assert read_health(said("随便", intent, "button")).reply is reply


def test_an_event_answers_no_question():
    assert read_health(said("", "EXTERNAL_order_paid", "event")) is None


@pytest.mark.parametrize("text", ["同意", "接受", "好的", "确认无误", "可以", "嗯嗯", "没问题", "确认投保", "OK"])
def test_agreement(text):
    assert read_agreement(said(text)) is Reply.YES


@pytest.mark.parametrize("text", ["不同意", "不接受", "不买了", "先不买了", "算了", "不要", "拒绝"])
def test_refusal(text):
    assert read_agreement(said(text)) is Reply.NO


@pytest.mark.parametrize("text", ["可以退吗", "同意了会怎样", "应该可以", "把计划改成B", "我再想想怎么办"])
def test_neither_agreement_nor_refusal(text):
    assert read_agreement(said(text, "affirm")) is None


@pytest.mark.parametrize("text", ["我已了解上述风险，仍自愿坚持投保", "我坚持投保", "知道风险了，还是要买", "自愿购买"])
def test_insistence(text):
    assert is_insistence(text)


@pytest.mark.parametrize("text", ["不坚持投保了", "确认", "坚持投保会怎样？", "我不买", "好的", "不自愿购买"])
def test_no_insistence(text):
    assert not is_insistence(text)


@given(st.text(max_size=60))
def test_any_text_is_read_without_error_and_never_as_more_than_one_answer(text):
    reply = read_health(said(text))
    assert reply is None or reply.reply in Reply
    assert read_agreement(said(text)) in (None, Reply.YES, Reply.NO)
    assert isinstance(is_insistence(text), bool)


@given(st.text(max_size=60), st.sampled_from(["affirm", "deny", "unsure", "inform", None]))
def test_without_words_of_yes_or_no_there_is_never_a_yes_or_no(text, intent):
    """The guess of the classifier alone never answers a health question."""
    if not any(word in text for word in "有没无否是对存涉得患不事记忘说拿"):
        assert health(text, intent) in (None, Reply.VAGUE)


@given(st.sampled_from(NO), st.sampled_from(["", "。", "！", "啊", " ", "~", "呢"]))
def test_particles_and_stops_change_nothing(text, tail):
    assert health(text + tail, "deny") is Reply.NO


@given(st.text(max_size=30))
def test_tidy_is_idempotent(text):
    assert tidy(tidy(text)) == tidy(text)


def test_what_a_question_is():
    assert is_question("能买吗") and is_question("怎么办") and not is_question("没什么") and not is_question("没有")
