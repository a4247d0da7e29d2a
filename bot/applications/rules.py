"""Pure reading of what a customer says to a step: yes, no, unsure, agreement, insistence. No I/O, no clock."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Optional, Tuple

from bot.applications.schemas import Said


class Reply(str, Enum):
    """How an answer to a yes-or-no question was meant; PARTLY names only a part of the question, VAGUE is neither."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    PARTLY = "partly"
    VAGUE = "vague"


@dataclass(frozen=True)
class HealthReply:
    """The meaning of an answer to a health question and the conditions it names (values of the entity)."""

    reply: Reply
    conditions: Tuple[str, ...] = ()


BLANKS = re.compile(r"[\s　]+")
PARTICLES = re.compile(r"(?:[啊呀呢哦噢喔哈啦嘛的了吧哟]|[。．.!！~～、,，;；])+$")
SPLIT = re.compile(r"[，,。.；;！!、\s]+")

NOTHING = re.compile(r"没什么|没啥")
QUESTION = re.compile(r"[?？]|吗|么$|什么|怎么|怎样|多少|为何|哪[个些种里]|能不能|可不可以|是不是要|算不算|要不要")
HEDGE = re.compile(r"应该|好像|可能|大概|也许|估计|似乎|差不多|基本|吧[。！!~～]*$")
WELL = re.compile(r"正常|健康|挺好|很好|没毛病|没大碍")

UNSURE = re.compile(
    r"^我?也?真?(?:不(?:太|是很|大)?(?:清楚|确定|知道|记得|晓得|了解)|记不太?清|忘记?|没(?:检查|体检|查)过|"
    r"没做过(?:检查|体检)|说不[准清好]|不好说|拿不准|不一定)$"
)
NO = re.compile(
    r"^(?:我|本人|他|她)?(?:都|全|全都|全部|以上|一直|从来|一个|一项)*(?:都|也)?"
    r"(?:没有|没|无|否|不是|没得|没有得|没有过|没得过|没患过|没生过|没这些|没有这些|没有这种|没有以上|不存在|不涉及|没事)"
    r"(?:过|病|问题|情况|这些|这种|这个|这些病|这些情况|这些问题|以上情况|任何问题|任何情况)*$"
)
YES = re.compile(
    r"^(?:我|本人|他|她)?(?:确实|的确|以前|曾经|之前|现在)?"
    r"(?:是|有|有过|得过|患过|对|存在|涉及|是有|有这个)(?:过|病|情况|问题)*$"
)
NEGATED = re.compile(r"没有?|未|无|不是|从不")
AGREE = re.compile(
    r"^(?:我|本人)?已?(?:全部|全都|都)?(?:同意|接受|确认|确定|可以|好|行|嗯|对|是|没问题|没错|无误|ok|OK|继续|"
    r"投保|去?支付|去?付款|下一步|认可|知道|明白)+$"
)
REFUSE = re.compile(
    r"^(?:我|本人)?(?:还是|先|就)?"
    r"(?:不同意|不接受|不要|不行|不买|算|不|拒绝|不用|不投保|放弃|不确认|听建议|不想买?)(?:了|先)?$"
)
INSIST = re.compile(
    r"(?:坚持|自愿|仍然?要|还是要|依然要|确认).{0,12}(?:投保|购买|买)|"
    r"(?:知晓|了解|知道|清楚|明白).{0,12}风险.{0,16}(?:投保|购买|买)"
)
INSIST_NEGATED = re.compile(r"(?:不|别|没有?|放弃)(?:再)?(?:坚持|自愿|想|打算|要)|不(?:投保|购买|买)")


def tidy(text: str) -> str:
    """The text without blanks and without the particles and stops at its end; 没什么 and 没啥 become 没."""
    return PARTICLES.sub("", NOTHING.sub("没", BLANKS.sub("", text)))


def is_question(text: str) -> bool:
    """Whether the customer asks something instead of answering."""
    return bool(QUESTION.search(NOTHING.sub("没", BLANKS.sub("", text))))


def read_health(said: Said) -> Optional[HealthReply]:
    """What was said to a health question, or None when it is a digression.

    Only the words of the customer decide: a general "嗯" or "好" is VAGUE, a "no" to one named condition is PARTLY,
    because one question names several (the declaration answers what was asked, no more and no less).
    """
    conditions = tuple(said.entity_values("condition"))
    if said.kind != "text":
        return _from_intent(said.intent, conditions)
    if is_question(said.text):
        return None
    reply = _read_words(said.text, bool(conditions))
    if reply is not None:
        return HealthReply(reply, conditions if reply in (Reply.YES, Reply.UNSURE) else ())
    return _from_short_words(said)


def read_agreement(said: Said) -> Optional[Reply]:
    """YES or NO to "do you accept, do you confirm", or None when it is a digression."""
    if said.kind != "text":
        found = _from_intent(said.intent, ())
        return found.reply if found and found.reply in (Reply.YES, Reply.NO) else None
    if is_question(said.text) or HEDGE.search(said.text):
        return None
    words = tidy(said.text)
    if REFUSE.match(words):
        return Reply.NO
    if AGREE.match(words):
        return Reply.YES
    return None


def is_insistence(text: str) -> bool:
    """Whether the customer states in own words that he knows the risk and still wants to buy."""
    return not is_question(text) and not INSIST_NEGATED.search(text) and bool(INSIST.search(BLANKS.sub("", text)))


def _from_intent(intent: Optional[str], conditions: Tuple[str, ...]) -> Optional[HealthReply]:
    meaning = {"affirm": Reply.YES, "deny": Reply.NO, "unsure": Reply.UNSURE}.get(intent or "")
    if meaning is None and conditions and intent == "inform":
        meaning = Reply.YES
    return HealthReply(meaning, conditions) if meaning else None


def _read_words(text: str, names_condition: bool) -> Optional[Reply]:
    """The meaning of the words alone; None when they say neither yes nor no.

    The first clause decides; a "no" holds only when nothing but another no or good health follows it.
    """
    whole = _meaning(tidy(text))
    if whole is Reply.UNSURE:
        return whole
    if names_condition:
        return _read_named(text)
    if HEDGE.search(text):
        return Reply.VAGUE
    if whole is not None:
        return whole
    clauses = [tidy(clause) for clause in SPLIT.split(text) if tidy(clause)]
    first = _meaning(clauses[0]) if clauses else None
    harmless = all(_meaning(clause) is Reply.NO or WELL.search(clause) for clause in clauses[1:])
    return Reply.VAGUE if first is Reply.NO and not harmless else first


def _meaning(words: str) -> Optional[Reply]:
    """Yes, no or unsure when these tidy words are nothing else."""
    for reply, pattern in ((Reply.UNSURE, UNSURE), (Reply.NO, NO), (Reply.YES, YES)):
        if pattern.match(words):
            return reply
    return None


def _read_named(text: str) -> Reply:
    """The meaning of words that name a condition: one that is there counts, one that is denied answers only a part."""
    if HEDGE.search(text):
        return Reply.UNSURE
    clauses = [clause for clause in SPLIT.split(text) if clause]
    return Reply.PARTLY if all(NEGATED.search(clause) for clause in clauses) else Reply.YES


def _from_short_words(said: Said) -> Optional[HealthReply]:
    """Short assent or silence of meaning ("嗯", "好的") is no answer to a health question: it is VAGUE."""
    if said.intent in ("affirm", "deny", "unsure") and len(tidy(said.text)) <= 6:
        return HealthReply(Reply.VAGUE)
    words = tidy(said.text)
    return HealthReply(Reply.VAGUE) if AGREE.match(words) or WELL.search(words) else None
