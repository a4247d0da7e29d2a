"""Outside forms: every intent has an answer, whole and without a hole in it."""

from typing import List

import pytest
import yaml

from bot.settings import ROOT
from tests.actions.dialogue import Dialogue

DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
INTENTS: List[str] = [*(name for name in DOMAIN["intents"] if name != "EXTERNAL_order_paid"), "nlu_fallback"]


@pytest.mark.parametrize("intent", INTENTS)
async def test_every_intent_is_answered(dialogue: Dialogue, intent: str) -> None:
    await dialogue.hears(intent)
    assert dialogue.texts.strip()
    assert "{" not in dialogue.texts and "{" not in "".join(dialogue.titles)


@pytest.mark.parametrize("intent", INTENTS)
async def test_every_intent_leaves_the_quote_where_it_was_or_moves_it_on(dialogue: Dialogue, intent: str) -> None:
    await dialogue.hears("request_quote", product="P4", age=30)
    await dialogue.hears(intent)
    assert dialogue.texts.strip()
    if intent not in ("stop", "start_application", "go_back"):
        assert await dialogue.form() == "quote_form"
        await dialogue.hears("inform", occupation="程序员")
        assert "计划A" in dialogue.titles


async def test_greeting_says_it_is_a_machine(dialogue: Dialogue) -> None:
    await dialogue.hears("greet")
    assert "AI" in dialogue.texts and "禾屿人寿" in dialogue.texts


async def test_a_person_is_not_promised(dialogue: Dialogue) -> None:
    await dialogue.hears("request_human")
    assert "95X68" in dialogue.texts and "没有人工坐席" in dialogue.texts


async def test_cards_of_the_shelf(dialogue: Dialogue) -> None:
    await dialogue.hears("browse_products")
    (card,) = dialogue.cards
    assert card["type"] == "product_cards" and "P4" in card["ref"]["codes"] and "P7" not in card["ref"]["codes"]


async def test_only_products_that_admit_the_age(dialogue: Dialogue) -> None:
    await dialogue.hears("recommend_product", age=60)
    codes = dialogue.cards[0]["ref"]["codes"]
    assert "P4" in codes and "P2" not in codes


async def test_comparison_names_facts_and_no_winner(dialogue: Dialogue) -> None:
    await dialogue.hears("compare_products", product=["P2", "P4"])
    assert dialogue.cards[0]["ref"]["codes"] == ["P2", "P4"]
    assert "等待期" in dialogue.texts and "最" not in dialogue.replies[0]["text"]


async def test_the_wording_is_quoted_with_its_number(dialogue: Dialogue) -> None:
    await dialogue.hears("ask_product", product="P4")
    await dialogue.hears("ask_terms", "酒驾出了事赔不赔")
    assert "3.6" in dialogue.texts and "酒后驾驶" in dialogue.texts


async def test_silence_of_the_wording_is_said(dialogue: Dialogue) -> None:
    await dialogue.hears("ask_terms", "你们公司有多少员工", product="P4")
    assert "没有找到" in dialogue.texts and "95X68" in dialogue.texts


async def test_policies_need_a_known_customer(dialogue: Dialogue) -> None:
    await dialogue.hears("query_policy")
    assert dialogue.cards == [{"type": "form", "ref": {"form_id": "verification"}}]
