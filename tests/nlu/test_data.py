"""The training data itself: enough of it, none twice, nothing that breaks, and nothing of the held-out set."""

import re
from collections import Counter
from typing import Dict, Iterator, List, Tuple

import pytest
import yaml

from bot.nlu.normalise import normalise
from bot.settings import ROOT

FOLDER = ROOT / "data" / "nlu"
ANNOTATION = re.compile(r"\[([^\[\]]+)\](?:\([a-z_]+\)|\{[^{}]+\})")
FEWEST, FEWEST_OF_AN_ANSWER = 35, 4


def blocks() -> Iterator[Tuple[str, str, List[str]]]:
    for path in sorted(FOLDER.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            yield path.name, block["intent"], [line[2:] for line in block["examples"].splitlines()]


def bare(example: str) -> str:
    """The example without annotation, punctuation and width, for comparison."""
    return re.sub(r"\W", "", normalise(ANNOTATION.sub(r"\1", example)))


BLOCKS = list(blocks())
EXAMPLES = [(intent, example) for _, intent, examples in BLOCKS for example in examples]


@pytest.mark.parametrize("name", sorted({name for name, _, _ in BLOCKS}))
def test_no_stray_brackets_and_no_empty_lines(name: str) -> None:
    for _, intent, examples in (block for block in BLOCKS if block[0] == name):
        for example in examples:
            rest = ANNOTATION.sub("", example)
            assert not set("[]{}") & set(rest), f"{intent}: {example}"
            assert bare(example), f"{intent}: {example!r}"


def test_every_intent_has_examples_enough() -> None:
    counts: Counter[str] = Counter()
    for _, intent, examples in BLOCKS:
        counts[intent.split("/")[0]] += len(examples)
        assert len(examples) >= (FEWEST_OF_AN_ANSWER if "/" in intent else FEWEST), intent
    assert min(counts.values()) >= FEWEST


def test_every_intent_of_the_domain_is_trained_and_no_other() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    named = {intent if isinstance(intent, str) else next(iter(intent)) for intent in domain["intents"]}
    trained = {intent.split("/")[0] for _, intent, _ in BLOCKS}
    assert {name for name in named if not name.startswith("EXTERNAL_")} == trained


def test_no_example_stands_twice() -> None:
    seen: Dict[str, str] = {}
    for intent, example in EXAMPLES:
        key = re.sub(r"\s", "", normalise(ANNOTATION.sub(r"\1", example)))
        assert key not in seen, f"{example}: {intent} and {seen[key]}"
        seen[key] = intent


def test_no_held_out_sentence_is_in_the_training_data() -> None:
    cases = yaml.safe_load((ROOT / "tests" / "nlu" / "heldout.yml").read_text(encoding="utf-8"))
    sentences = [text for part in ("intents", "retrieval") for texts in cases[part].values() for text in texts]
    sentences += cases["out_of_scope"] + [case["text"] for case in cases["entities"]]
    trained = {bare(example) for _, example in EXAMPLES}
    assert [text for text in sentences if bare(text) in trained] == []


def test_the_held_out_set_is_large_enough() -> None:
    cases = yaml.safe_load((ROOT / "tests" / "nlu" / "heldout.yml").read_text(encoding="utf-8"))
    assert {intent: len(texts) for intent, texts in cases["intents"].items() if len(texts) < 8} == {}
    assert len(cases["out_of_scope"]) >= 60
    assert len(cases["entities"]) >= 60


def test_every_answer_has_its_response() -> None:
    responses: Dict[str, object] = {}
    for name in ("faq_responses.yml", "chitchat_responses.yml"):
        responses.update(yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))["responses"])
    keys = {f"utter_{intent}" for _, intent, _ in BLOCKS if "/" in intent}
    assert set(responses) == keys
    assert len([key for key in keys if key.startswith("utter_faq/")]) >= 40


def answer(name: str) -> str:
    text = yaml.safe_load((FOLDER / "faq_responses.yml").read_text(encoding="utf-8"))["responses"]
    return str(text[f"utter_faq/{name}"][0]["text"])


def test_answers_name_the_insurers_own_channels() -> None:
    insurer = yaml.safe_load((ROOT / "data" / "insurer.yml").read_text(encoding="utf-8"))
    site = insurer["website"].removeprefix("https://")
    assert all(known in answer("official_channels") for known in (insurer["hotline"], site, insurer["app"]))
    assert insurer["address"] in answer("branches")
    hours = re.sub(r"[^\d:]+", " ", insurer["agent_hours"]).split()
    assert insurer["hotline"] in answer("service_hours")
    assert all(hour in answer("service_hours") for hour in hours)


def test_answers_state_the_facts_of_the_products() -> None:
    paths = {code: next((ROOT / "data" / "catalogue" / code).glob("*/product.yml")) for code in ("P2", "P4")}
    critical, accident = (yaml.safe_load(paths[code].read_text(encoding="utf-8")) for code in ("P2", "P4"))
    facts = critical["facts"]
    assert f"{critical['short_name']}是{facts['waiting_days']['value']}天" in answer("waiting_period")
    assert f"{critical['short_name']}是{facts['cooling_off_days']['value']}天" in answer("cooling_off")
    assert f"有{facts['grace_days']['value']}天宽限期" in answer("grace_period")
    assert f"中止后{facts['revival_years']['value']}年内" in answer("reinstatement")
    assert accident["facts"]["waiting_days"]["value"] == accident["facts"]["cooling_off_days"]["value"] == 0
    assert f"{accident['short_name']}没有等待期" in answer("waiting_period")
    assert accident["facts"]["deductible_yuan"]["value"] == 0
    assert "0免赔" in answer("deductible")
    assert accident["facts"]["renewal"]["value"] == "none"
    assert "不保证续保" in answer("renewal_guarantee")
