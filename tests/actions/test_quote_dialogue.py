"""The quote form: several values at once, short answers, refusals, digressions, corrections, pause."""

from tests.actions.dialogue import Dialogue


async def test_asks_only_what_the_product_needs(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4")
    assert "周岁" in dialogue.texts
    await dialogue.hears("inform", age=30)
    assert "工作" in dialogue.texts
    await dialogue.hears("inform", occupation="程序员")
    assert dialogue.titles == ["计划A", "计划B", "计划C"]
    await dialogue.clicks("计划B")
    assert dialogue.cards == [{"type": "quote", "ref": {"quote_id": await dialogue.slot("quote_id")}}]
    assert await dialogue.form() is None


async def test_several_values_at_once(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P2", age=30, gender="male", amount=500000)
    assert await dialogue.slot("sum_insured") == 500000
    await dialogue.hears("inform", term="whole_life", payment_period="30")
    assert dialogue.cards[0]["type"] == "quote"


async def test_everything_in_the_opening_sentence(dialogue: Dialogue) -> None:
    await dialogue.hears(
        "request_quote", product="P2", age=30, gender="male", amount=500000, term="whole_life", payment_period="30"
    )
    assert dialogue.cards[0]["type"] == "quote"
    assert await dialogue.form() is None


async def test_one_call_to_ask_the_next_question(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4")
    await dialogue.hears("inform", age=30)
    assert dialogue.endpoint.calls == ["validate_quote_form"]


async def test_a_digression_is_answered_and_the_question_asked_again(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4")
    await dialogue.hears("faq")
    assert "常见问题的答案" in dialogue.texts
    assert "我们接着刚才的" in dialogue.texts and "周岁" in dialogue.texts
    await dialogue.hears("inform", age=30)
    assert "工作" in dialogue.texts


async def test_an_amount_in_a_scam_report_is_no_answer(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P2", age=30, gender="male")
    await dialogue.hears("report_scam", "他让我转50万到安全账户", amount=500000)
    assert "96110" in dialogue.texts and await dialogue.slot("sum_insured") is None
    assert await dialogue.form() == "quote_form"


async def test_a_bare_number_means_what_was_asked(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P2")
    await dialogue.hears("inform", "三十", number=30)
    assert await dialogue.slot("age") == 30
    await dialogue.hears("inform", "男", gender="male")
    await dialogue.hears("nlu_fallback", "50", number=50)
    assert await dialogue.slot("sum_insured") == 500000


async def test_seventy_years_is_a_term_when_the_term_is_asked(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P2", age=30, gender="male", amount=500000)
    assert "至70周岁" in dialogue.titles
    await dialogue.hears("inform", "70岁吧", age=70)
    assert (await dialogue.slot("age"), await dialogue.slot("term")) == (30, "to70")


async def test_pointing_at_a_choice(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4", age=30, occupation="程序员")
    await dialogue.hears("inform", "第二个", ordinal=2)
    assert await dialogue.slot("plan") == "B" and dialogue.cards[0]["type"] == "quote"


async def test_what_is_not_offered_is_refused_with_the_reason(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4")
    await dialogue.hears("inform", age=80)
    assert "18周岁至65周岁" in dialogue.texts and "多少周岁" in dialogue.texts
    assert await dialogue.slot("age") is None
    assert await dialogue.form() == "quote_form"


async def test_refused_occupation(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4", age=30)
    await dialogue.hears("inform", occupation="潜水员")
    assert await dialogue.slot("occupation") is None and "工作" in dialogue.texts


async def test_another_value_after_the_price(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4", age=30, occupation="程序员", plan="A")
    first = await dialogue.slot("quote_id")
    await dialogue.hears("adjust_quote", plan="C")
    assert dialogue.cards[0]["type"] == "quote" and await dialogue.slot("quote_id") != first


async def test_monthly(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4", age=30, occupation="程序员", plan="A")
    await dialogue.hears("adjust_quote", "月交多少", payment_frequency="monthly")
    assert dialogue.cards[0]["type"] == "quote" and await dialogue.slot("payment_frequency") == "monthly"


async def test_a_named_factor_is_asked_again(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4", age=30, occupation="程序员", plan="A")
    await dialogue.hears("adjust_quote", "换个计划")
    assert dialogue.titles == ["计划A", "计划B", "计划C"]
    await dialogue.clicks("计划C")
    assert dialogue.cards[0]["type"] == "quote"


async def test_correction_inside_the_form(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4", age=30)
    await dialogue.hears("correct", "年龄填错了，35", age=35)
    assert await dialogue.slot("age") == 35 and "工作" in dialogue.texts
    await dialogue.hears("correct", "年龄填错了")
    assert "多少周岁" in dialogue.texts


async def test_correction_by_button(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4", age=30, occupation="程序员", plan="A")
    await dialogue.clicks("改条件重算")
    await dialogue.clicks("投保年龄")
    assert "多少周岁" in dialogue.texts


async def test_back(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4", age=30)
    await dialogue.hears("inform", occupation="程序员")
    await dialogue.hears("go_back")
    assert "工作" in dialogue.texts and await dialogue.slot("occupation") is None


async def test_pause_and_resume(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote", product="P4", age=30)
    await dialogue.hears("stop")
    assert await dialogue.form() is None and "进度已保存" in dialogue.texts
    await dialogue.hears("greet")
    assert "工作" not in dialogue.texts
    await dialogue.hears("resume")
    assert "工作" in dialogue.texts and await dialogue.slot("age") == 30


async def test_two_misunderstandings_offer_the_hotline(dialogue: Dialogue) -> None:
    await dialogue.hears("nlu_fallback")
    assert "95X68" not in dialogue.texts
    await dialogue.hears("nlu_fallback")
    assert "95X68" in dialogue.texts
    await dialogue.hears("greet")
    await dialogue.hears("nlu_fallback")
    assert "95X68" not in dialogue.texts


async def test_no_product_is_asked_by_buttons(dialogue: Dialogue) -> None:
    await dialogue.hears("request_quote")
    await dialogue.clicks("随行意外险")
    assert await dialogue.slot("product") == "P4" and "周岁" in dialogue.texts


async def test_information_without_a_question_opens_the_quote(dialogue: Dialogue) -> None:
    await dialogue.hears("ask_product", product="P2")
    await dialogue.hears("inform", "30岁男，50万", age=30, gender="male", amount=500000)
    assert await dialogue.form() == "quote_form" and "至70周岁" in dialogue.titles
