"""The graph components, each on its own."""

from pathlib import Path
from typing import Any, Dict, List

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.answer_features import ENTITIES, SIZE, answer_features
from bot.nlu.dictionary import Dictionary
from bot.nlu.embedding_featurizer import EmbeddingFeaturizer, vector_of
from bot.nlu.entity_extractor import EntityExtractor
from bot.nlu.faq_selector import FaqSelector
from bot.nlu.intent_classifier import IntentClassifier
from bot.nlu.lexicon import Entry
from bot.nlu.mentioned_values import MentionedValues
from bot.nlu.ngram_featurizer import NgramFeaturizer
from bot.nlu.scope_gate import ScopeGate
from bot.nlu.text_normaliser import TextNormaliser
from bot.nlu.values.found import Found
from tests.nlu.fakes import FakeEncoder, featurizer, intent, message

RESPONSES = {"utter_faq/cash_value": [{"text": "现金价值是…"}], "utter_faq/invoice": [{"text": "可以开…"}]}


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


def config(component: Any, **changes: Any) -> Dict[str, Any]:
    return {**component.get_default_config(), **changes}


def faq_examples() -> List[Message]:
    texts = {"faq/cash_value": ["现金价值是什么", "什么叫现价"], "faq/invoice": ["怎么开发票", "要一张发票"]}
    return [message(text, intent="faq", intent_response_key=key) for key, some in texts.items() for text in some]


def test_the_normaliser_leaves_messages_without_text() -> None:
    messages = [Message({"text": "５０万"}), Message({"action_name": "utter_greet"})]
    TextNormaliser().process(messages)
    assert messages[0].get("text") == "50万"
    assert messages[1].get("text") is None


def test_the_normaliser_leaves_payloads() -> None:
    payload = message('/inform{"product": "P4"}')
    TextNormaliser().process([payload])
    assert payload.get("text") == '/inform{"product": "P4"}'


def test_an_empty_text_has_a_feature_row() -> None:
    empty = message("")
    assert vector_of(empty).shape == (FakeEncoder.dimension,)
    assert np.isclose(np.linalg.norm(vector_of(empty)), 20.0, atol=1e-3)


def test_a_scale_must_be_positive() -> None:
    with pytest.raises(ValueError, match="scale"):
        EmbeddingFeaturizer({"alias": "embedding", "scale": 0}, "name", FakeEncoder())


def test_ngrams_need_no_training() -> None:
    one, two = Message({"text": "怎么开发票"}), Message({"text": ""})
    NgramFeaturizer(config(NgramFeaturizer), "ngrams").process([one, two])
    rows = [text.get_dense_features("text")[1].features for text in (one, two)]
    assert rows[0].shape == rows[1].shape == (1, 512)
    assert np.isclose(np.linalg.norm(rows[0]), 8.0)
    assert not rows[1].any()


def test_a_bare_answer_looks_different_from_a_question() -> None:
    answer = answer_features("30岁", [Found("age", 0, 3, 30)])
    question = answer_features("30岁的人可以买这个保险吗", [Found("age", 0, 3, 30)])
    assert answer.shape == (SIZE,)
    assert answer[ENTITIES.index("age")] == question[ENTITIES.index("age")] == 1
    assert answer[len(ENTITIES)] == 1 > question[len(ENTITIES)]
    assert question[-1] == 1 > answer[-1]


def test_entities_in_rasas_form() -> None:
    dictionary = Dictionary([Entry("product", "意外险", "P4")])
    asked = Message({"text": "买意外险,30岁"})
    EntityExtractor(config(EntityExtractor), "answer", dictionary).process([asked])
    assert asked.get("entities") == [
        {"entity": "product", "start": 1, "end": 4, "value": "P4", "extractor": "EntityExtractor"},
        {"entity": "age", "start": 5, "end": 8, "value": 30, "extractor": "EntityExtractor"},
    ]
    assert "entities" in asked.as_dict(only_output_properties=True)


def test_training_examples_keep_their_annotation() -> None:
    annotated = [{"start": 0, "end": 2, "entity": "age", "value": "30"}]
    example = Message({"text": "30岁", "intent": "inform", "entities": list(annotated)})
    EntityExtractor(
        config(EntityExtractor), "answer", Dictionary([Entry("product", "意外险", "P4")])
    ).process_training_data(TrainingData([example]))
    assert example.get("entities") == annotated
    assert example.get_dense_features("text")[1].features.shape == (1, SIZE)


def test_values_in_a_digression_are_only_mentioned() -> None:
    marker = MentionedValues({"digressions": ["ask_terms"]})
    asked = Message({**intent("ask_terms"), "entities": [{"entity": "age", "value": 60}, {"entity": "product"}]})
    given = Message({**intent("inform"), "entities": [{"entity": "age", "value": 60}]})
    marker.process([asked, given])
    assert [entity.get("role") for entity in asked.get("entities")] == ["mentioned", None]
    assert given.get("entities")[0].get("role") is None


def test_the_classifier_adds_the_answers_of_an_intent_up(storage: LocalModelStorage) -> None:
    examples = faq_examples() + [message(text, intent="greet") for text in ("你好", "您好", "嗨你好")]
    classifier = IntentClassifier(config(IntentClassifier), "intent", storage, Resource("intent"))
    classifier.train(TrainingData(examples))
    loaded = IntentClassifier.load(classifier.config, storage, Resource("intent"), _Context())
    asked = message("发票怎么开呢")
    loaded.process([asked, Message({"action_name": "utter_greet"})])
    assert asked.get("intent")["name"] == "faq"
    assert {item["name"] for item in asked.get("intent_ranking")} == {"faq", "greet"}
    assert sum(item["confidence"] for item in asked.get("intent_ranking")) == pytest.approx(1.0)


class _Context:
    node_name = "intent"


def gate(storage: LocalModelStorage, **changes: Any) -> ScopeGate:
    texts = [
        words + ending for words in ("我要买意外险", "重疾险多少钱", "保费怎么算") for ending in ("", "呀", "吧", "哦")
    ]
    made = ScopeGate(config(ScopeGate, percentile=0.0, **changes), storage, Resource("gate"))
    made.train(TrainingData([message(text, intent="request_quote") for text in texts]))
    return ScopeGate.load(made._config, storage, Resource("gate"), _Context())


def passed(component: ScopeGate, text: str, **data: Any) -> str:
    judged = message(text, **{**intent("request_quote"), **data})
    component.process([judged])
    assert judged.get("intent_ranking")[0] == judged.get("intent")
    return str(judged.get("intent")["name"])


def test_the_gate_turns_foreign_talk_away(storage: LocalModelStorage) -> None:
    component = gate(storage)
    assert passed(component, "我要买意外险吗") == "request_quote"
    assert passed(component, "月亮离地球有多远呀") == "out_of_scope"


def test_the_gate_lets_answers_and_values_pass(storage: LocalModelStorage) -> None:
    component = gate(storage, exempt_entities=["age"])
    assert passed(component, "嗯嗯嗯") == "request_quote"
    assert passed(component, "月亮离地球有多远呀", entities=[{"entity": "age"}]) == "request_quote"
    mentioned = [{"entity": "age", "role": "mentioned"}]
    assert passed(component, "月亮离地球有多远呀", entities=mentioned) == "out_of_scope"


def test_suspicion_raises_the_bar(storage: LocalModelStorage) -> None:
    component = gate(storage, margin=2.0)
    assert passed(component, "我要买意外险") == "request_quote"
    assert passed(component, "我要买意外险", **intent("request_quote", out_of_scope=0.2)) == "out_of_scope"


def test_a_value_speaks_for_a_message_that_is_not_surely_foreign(storage: LocalModelStorage) -> None:
    component, age = gate(storage, exempt_entities=["age"]), [{"entity": "age"}]
    judged = [
        message("那个啥30", **intent("out_of_scope", 0.5, inform=0.4), entities=age),
        message("那个啥30", **intent("out_of_scope", 0.9, inform=0.1), entities=age),
        message("那个啥好", **intent("out_of_scope", 0.5, inform=0.4), entities=[]),
    ]
    component.process(judged)
    assert [one.get("intent")["name"] for one in judged] == ["inform", "out_of_scope", "out_of_scope"]


def test_an_untrained_gate_lets_everything_pass(storage: LocalModelStorage) -> None:
    component = ScopeGate.load(config(ScopeGate), storage, Resource("never trained"), _Context())
    assert passed(component, "月亮离地球有多远呀") == "request_quote"


def test_the_selector_answers_as_rasas_own(storage: LocalModelStorage) -> None:
    data = TrainingData(faq_examples(), responses=RESPONSES)
    FaqSelector(config(FaqSelector), storage, Resource("faq")).train(data)
    selector = FaqSelector.load(config(FaqSelector), storage, Resource("faq"), _Context())
    asked = message("发票怎么开")
    selector.process([asked])
    selected = asked.get("response_selector")
    assert selected["all_retrieval_intents"] == ["faq"]
    response = selected["faq"]["response"]
    assert response["utter_action"] == "utter_faq/invoice"
    assert response["intent_response_key"] == "faq/invoice"
    assert response["responses"] == RESPONSES["utter_faq/invoice"]
    ranking = selected["faq"]["ranking"]
    assert [item["intent_response_key"] for item in ranking] == ["faq/invoice", "faq/cash_value"]
    assert response["confidence"] == ranking[0]["confidence"] > ranking[1]["confidence"]
    assert "response_selector" in asked.as_dict(only_output_properties=True)


def test_an_untrained_selector_selects_nothing(storage: LocalModelStorage) -> None:
    selector = FaqSelector.load(config(FaqSelector), storage, Resource("never trained"), _Context())
    asked = message("发票怎么开")
    selector.process([asked])
    assert asked.get("response_selector") is None


def test_the_encoder_is_asked_once_for_a_batch() -> None:
    fake = FakeEncoder()
    featurizer(fake).process([Message({"text": "一"}), Message({"text": "二"})])
    assert fake.encoded == ["一", "二"]
