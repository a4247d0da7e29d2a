"""The purchase as a dialogue: the whole way, and every kind of interruption at every step."""

from typing import Awaitable, Callable

import pytest

from bot.settings import settings
from tests.actions.dialogue import Dialogue
from tests.actions.purchase import Purchase

P4 = {"age": 30, "occupation": "程序员", "plan": "B"}
STEPS = ("verification", "document", "consent", "health_first", "health", "parties", "summary", "payment")
DIGRESSIONS = {
    "faq": "常见问题的答案",
    "chitchat": "闲聊的答案",
    "report_scam": "96110",
    "verify_caller": "号码可以伪装",
    "file_complaint": "12378",
    "request_human": "95X68",
    "greet": "智能助手",
    "bot_challenge": "AI",
    "ask_help": "我可以",
    "browse_products": "可以在线投保",
    "ask_product": "为您找到",
    "out_of_scope": "帮不上忙",
    "nlu_fallback": "没听明白",
    "thank": "不客气",
    "query_order": "",
    "check_claim": "条款",
}


@pytest.fixture(autouse=True)
def read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents need not stay open."""
    monkeypatch.setenv("HEYU_READING_SECONDS", "0")
    settings.cache_clear()


async def test_accident_policy_from_quote_to_cashier(dialogue: Dialogue) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P4", **P4)
    assert "即将进入" in dialogue.texts and await dialogue.form() == "application_form"
    codes = await purchase.codes()
    assert next(code for code in codes if code in STEPS) == "verification"
    assert dialogue.cards[-1]["type"] == "cashier"


async def test_critical_illness_policy_from_quote_to_cashier(dialogue: Dialogue) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P2", age=30, gender="male", amount=500000, term="whole_life", payment_period="30")
    codes = await purchase.codes()
    assert codes[0] == "needs" and dialogue.cards[-1]["type"] == "cashier"


async def test_one_call_for_a_step(dialogue: Dialogue) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P4", **P4)
    await purchase.until("health_first")
    await purchase.step()
    assert dialogue.endpoint.calls == ["validate_application_form"]


@pytest.mark.parametrize("intent", DIGRESSIONS)
async def test_digression_at_every_step(dialogue: Dialogue, intent: str) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P4", **P4)
    for code in STEPS:
        await purchase.until(code)
        await dialogue.hears(intent, "请问你们公司怎么样？")
        assert DIGRESSIONS[intent] in dialogue.texts, code
        assert await dialogue.form() == "application_form", code
        assert (await purchase.prompt()).code == code
        assert len(dialogue.replies) > 1, code


async def test_question_about_the_wording_at_every_step(dialogue: Dialogue) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P4", **P4)
    for code in STEPS:
        await purchase.until(code)
        await dialogue.hears("ask_terms", "酒驾出了事赔不赔？")
        assert "3.6" in dialogue.texts, code
        assert (await purchase.prompt()).code == code


async def test_price_asked_at_every_step(dialogue: Dialogue) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P4", **P4)
    for code in STEPS:
        await purchase.until(code)
        await dialogue.hears("request_quote", "多少钱来着？")
        assert "quote" in [card["type"] for card in dialogue.cards], code
        assert await dialogue.form() == "application_form"


async def test_stop_and_resume_at_every_step(dialogue: Dialogue) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P4", **P4)
    for code in STEPS:
        await purchase.until(code)
        await dialogue.hears("stop", "先不弄了")
        assert await dialogue.form() is None and "进度已保存" in dialogue.texts, code
        await dialogue.hears("faq", "随便问问？")
        assert await dialogue.form() is None
        await dialogue.hears("resume", "继续投保")
        assert await dialogue.form() == "application_form", code
        assert (await purchase.prompt()).code == code
        assert "欢迎回来" in dialogue.texts


async def test_card_submitted_during_a_pause_goes_on(dialogue: Dialogue) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P4", **P4)
    await purchase.until("parties")
    await dialogue.hears("stop", "先不弄了")
    await purchase.submit("parties")
    assert await dialogue.form() == "application_form"
    assert (await purchase.prompt()).code == "summary" and "核对" in dialogue.texts


async def test_resume_on_another_device(dialogue: Dialogue, open_dialogue: Callable[[], Awaitable[Dialogue]]) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P4", **P4)
    await purchase.until("health_first")
    other = await open_dialogue()
    again = Purchase(other)
    again.customer_id = purchase.customer_id
    await again.verified()
    await other.hears("resume", "接着投保")
    assert await other.form() == "application_form"
    assert (await again.prompt()).code == "health_first"


async def test_back(dialogue: Dialogue) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P4", **P4)
    await purchase.until("health_first")
    await dialogue.hears("deny", "没有")
    assert (await purchase.prompt()).code == "health"
    await dialogue.hears("go_back", "返回上一题")
    assert (await purchase.prompt()).code == "health_first" and "第1题" in dialogue.texts


async def test_correction_by_words_and_by_button(dialogue: Dialogue) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P4", **P4)
    await purchase.until("summary")
    await dialogue.hears("correct", "电话填错了，改一下")
    assert (await purchase.prompt()).code.startswith("parties")
    await purchase.until("summary")
    await dialogue.hears("correct", "填错了")
    assert await dialogue.form() == "application_form" and dialogue.texts
    await dialogue.hears("adjust_quote", "改成C计划", plan="C")
    assert await dialogue.form() == "application_form"
    await purchase.until("payment")
    assert dialogue.cards[-1]["type"] == "cashier"


async def test_vague_answer_is_asked_again(dialogue: Dialogue) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P4", **P4)
    await purchase.until("health_first")
    await dialogue.hears("affirm", "嗯")
    assert "明确的回答" in dialogue.texts and (await purchase.prompt()).code == "health_first"


async def test_other_product_while_one_is_open(dialogue: Dialogue) -> None:
    purchase = Purchase(dialogue)
    await purchase.begin("P4", **P4)
    await dialogue.hears("stop", "先停")
    await dialogue.hears(
        "request_quote", product="P2", age=30, gender="male", amount=500000, term="whole_life", payment_period="30"
    )
    await dialogue.clicks("去投保")
    assert "还没办完" in dialogue.texts
    await dialogue.clicks("改投")
    assert (await purchase.prompt()).code == "needs"


async def test_start_without_a_price_asks_for_it_first(dialogue: Dialogue) -> None:
    await dialogue.hears("start_application", "我要买意外险", product="P4")
    assert await dialogue.form() == "quote_form" and "周岁" in dialogue.texts
