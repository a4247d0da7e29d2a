"""What the fake assistant answers: a purchase of P4, step by step, and a few words that show other messages."""

from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from tests.web.fake import cards


@dataclass
class Reply:
    type: str
    body: Dict[str, Any]
    sender: str = "assistant"
    ownership: Optional[Dict[str, Any]] = None


def text(words: str, sender: str = "assistant") -> Reply:
    return Reply("text", {"text": words}, sender)


def replies_to(kind: str, said: str, log: List[Dict[str, Any]]) -> List[Reply]:
    """The replies to a text, a button id, a form id or a document id; `log` is the conversation so far."""
    if kind == "button" and said in ("yes", "no", "unsure"):
        return _next_question(log)
    if kind == "text":
        return next((make() for word, make in WORDS.items() if word in said), [text(f"您说的是：{said}")])
    return STEPS.get(said, lambda: [text("好的。")])()


def _next_question(log: List[Dict[str, Any]]) -> List[Reply]:
    asked = max(message["body"].get("index", 0) for message in log if message["type"] == "question")
    return [Reply("question", cards.question(asked + 1))] if asked < 3 else [Reply("form", cards.parties())]


def _human() -> List[Reply]:
    choices = [cards.button("cancel", "不等了")]
    queued = Reply("queue", {"text": "正在为您转接人工客服，前面还有 2 位。", "buttons": choices})
    queued.ownership = {"state": "QUEUED", "owner": None, "epoch": 1, "position": 2}
    return [queued]


def _agent() -> List[Reply]:
    hello = text("您好，我是客服小禾，工号 1024，很高兴为您服务。", "agent")
    hello.ownership = {"state": "HUMAN", "owner": "01AGENT", "epoch": 2, "agent_name": "小禾"}
    return [text("人工客服已接入", "system"), hello]


def _links() -> List[Reply]:
    words = "官网是 https://www.heyu.example/help。<b>不是粗体</b> javascript:alert(1)\n客服热线 tel:95000，欢迎来电。"
    file = {"text": "这是您的对话记录。", "name": "对话记录.pdf", "url": "/api/documents/P4-terms"}
    return [text(words), Reply("file", file)]


def _many() -> List[Reply]:
    return [text(f"第 {number} 条：{'投保前请仔细阅读条款。' * (number % 4 + 1)}") for number in range(1, 46)]


def _choices() -> List[Reply]:
    choices = [cards.button("a", "保障责任"), cards.button("b", "等待期和犹豫期")]
    return [Reply("buttons", {"text": "您想先了解哪方面？", "buttons": choices})]


WORDS = {
    "有哪些产品": lambda: [Reply("product_cards", cards.products())],
    "转人工": _human,
    "接入": _agent,
    "可疑": lambda: [Reply("warning", cards.warning())],
    "链接": _links,
    "很多": _many,
    "选项": _choices,
    "投保": lambda: [Reply("quote", cards.quote())],
}
STEPS = {
    "buy-P4": lambda: [Reply("quote", cards.quote())],
    "apply": lambda: [text("即将进入投保流程，请您本人操作。"), Reply("form", cards.verification())],
    "verification": lambda: [Reply("document", cards.document("terms", 1))],
    "P4-terms": lambda: [Reply("document", cards.document("exclusions", 2))],
    "P4-exclusions": lambda: [Reply("form", cards.consent())],
    "consent": lambda: [Reply("question", cards.question(1))],
    "parties": lambda: [Reply("question", cards.summary())],
    "confirm": lambda: [Reply("cashier", cards.cashier("01ORDER"))],
}
