"""Underwriting: the table of conclusions, how several findings combine, and what was never asked."""

from typing import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import service as catalogue
from bot.catalogue.models import HealthDeclaration, HealthQuestion, Product
from bot.errors import Invalid
from bot.underwriting.rules import OTHER_CONDITION, SEVERITY, Decision, assess, follow_ups

CI, ACCIDENT = catalogue.product("P2"), catalogue.product("P4")
AGE = 30


def answers(product: Product, yes: tuple[int, ...] = (), unsure: tuple[int, ...] = ()) -> dict[int, str]:
    said = {question.no: "no" for question in product.health_questions}
    return {**said, **dict.fromkeys(yes, "yes"), **dict.fromkeys(unsure, "unsure")}


def decide(product: Product, yes: tuple[int, ...], *findings: str, age: int | None = AGE) -> Decision:
    return assess(product, answers(product, yes), findings, age)


def asking(underwriting: str) -> Product:
    """A product that has one question on everything its rules know."""
    conditions = catalogue.conditions()["by_product"][underwriting]
    topics = tuple(dict.fromkeys(condition.topic for condition in conditions))
    question = HealthQuestion(no=1, category="-", text="-", asks=topics)
    health = HealthDeclaration(about="insured", intro="-", questions=(question,))
    return CI.copy(update={"conditions": conditions, "health": health, "underwriting": underwriting})


def test_nothing_to_declare_is_standard() -> None:
    for product in (CI, ACCIDENT):
        decision = decide(product, ())
        assert (decision.conclusion, decision.reasons, decision.options) == ("standard", (), ())


# the rows of the underwriting guide: condition, medical insurance, critical illness, term life; None: not in the guide
GUIDE = [
    ("thyroid_1_2", "standard", "standard", "standard"),
    ("thyroid_3", "exclusion", "exclusion", "standard"),
    ("thyroid_4a", "declined", "postponed", "human_review"),
    ("thyroid_4a_benign", "declined", "exclusion", "standard"),
    ("thyroid_4b", "declined", "declined", "postponed"),
    ("breast_1_2", "standard", "standard", "standard"),
    ("breast_3", "exclusion", "exclusion", "standard"),
    ("breast_4", "declined", "postponed", "human_review"),
    ("breast_hyperplasia", "standard", "standard", "standard"),
    ("lung_5mm_stable", "exclusion", "exclusion", "standard"),
    ("lung_6_8mm", "declined", "postponed", "human_review"),
    ("lung_over_8mm", "declined", "declined", "postponed"),
    ("pressure_1_controlled", "standard", "standard", "standard"),
    ("pressure_2_controlled", "declined", "loading", "loading"),
    ("pressure_3", "declined", "declined", "declined"),
    ("prediabetes_low", "standard", "standard", "standard"),
    ("prediabetes_high", "standard", "loading", "standard"),
    ("diabetes_2_good", "declined", "declined", "loading"),
    ("diabetes_2", "declined", "declined", "postponed"),
    ("diabetes_1", "declined", "declined", "declined"),
    ("hepatitis_b_carrier", "exclusion", "loading", "standard"),
    ("hepatitis_b_active", "declined", "postponed", "human_review"),
    ("hepatitis_c_cured", "exclusion", "human_review", "standard"),
    ("fatty_liver_mild", "standard", "standard", "standard"),
    ("fatty_liver", "human_review", "loading", "standard"),
    ("gallbladder_small", "exclusion", "standard", "standard"),
    ("gallbladder_large", "declined", "postponed", "standard"),
    ("bowel_removed", "exclusion", "exclusion", "standard"),
    ("fibroid_small", "standard", "standard", "standard"),
    ("fibroid_surgery", "exclusion", "standard", "standard"),
    ("hpv", "exclusion", "postponed", "standard"),
    ("gout", "standard", "standard", "standard"),
    ("gout_hospital", "exclusion", "standard", "standard"),
    ("arrhythmia_mild", "standard", "standard", "standard"),
    ("depression_on_medication", "declined", "postponed", "postponed"),
    ("bmi_over_32", "standard", "loading", "standard"),
    ("smoking_30", "standard", "loading", "standard"),
    ("fracture_healed", "standard", "standard", "standard"),
    ("pregnancy", "postponed", "postponed", "standard"),
]


@pytest.mark.parametrize(("condition", "medical", "critical", "term"), GUIDE)
def test_the_guide(condition: str, medical: str, critical: str, term: str) -> None:
    for underwriting, conclusion in (("P1", medical), ("P2", critical), ("P3", term)):
        assert decide(asking(underwriting), (1,), condition).conclusion == conclusion


@pytest.mark.parametrize(("age", "conclusion", "percent"), [(45, "standard", None), (46, "loading", 25)])
def test_a_verdict_may_depend_on_age(age: int, conclusion: str, percent: int | None) -> None:
    decision = decide(CI, (3,), "pressure_1_controlled", age=age)
    assert (decision.conclusion, decision.loading_percent) == (conclusion, percent)


def test_without_an_age_the_worst_verdict_counts() -> None:
    assert decide(CI, (3,), "pressure_1_controlled", age=None).loading_percent == 25


def test_an_exclusion_comes_with_its_special_term() -> None:
    decision = decide(CI, (1, 7), "thyroid_3")
    assert decision.conclusion == "exclusion"
    assert decision.exclusions == ("甲状腺癌及其转移，我们不承担给付保险金和豁免保险费的责任。",)
    assert decision.options == ("accept", "refuse", "human_review")
    assert decision.materials == ("6个月内的甲状腺彩超报告和甲状腺功能检查",)
    assert [(reason.category, reason.text) for reason in decision.reasons] == [
        ("甲状腺结节", "甲状腺结节，TI-RADS 3级")
    ]


def test_a_postponement_says_until_when() -> None:
    decision = decide(CI, (6,), "pregnancy")
    assert (decision.conclusion, decision.postpone_until) == ("postponed", "产后60天")


def test_several_findings_that_are_not_standard_go_to_a_person() -> None:
    decision = decide(CI, (3, 8), "prediabetes_high", "smoking_30")
    assert decision.conclusion == "human_review"
    assert {reason.code for reason in decision.reasons} == {"prediabetes_high", "smoking_30"}
    assert decision.loading_percent is None


def test_unless_one_of_them_is_a_decline() -> None:
    assert decide(CI, (3, 8), "diabetes_1", "smoking_30").conclusion == "declined"


def test_a_standard_finding_beside_another_does_not_count() -> None:
    decision = decide(CI, (3, 8), "prediabetes_low", "smoking_30")
    assert (decision.conclusion, decision.loading_percent) == ("loading", 25)


def test_what_was_not_asked_does_not_count() -> None:
    """Stated, but no question answered yes asked it: 保险法 第16条."""
    assert decide(CI, (), "diabetes_1").conclusion == "standard"
    assert decide(ACCIDENT, (3,), "diabetes_1", "disability_mild").conclusion == "exclusion"
    assert decide(CI, (9,), "diabetes_1", "symptoms").conclusion == "more_documents"


def test_medical_insurance_does_not_ask_for_body_weight() -> None:
    medical = CI.copy(update={"conditions": catalogue.conditions()["by_product"]["P1"]})
    assert all(condition.topic != "thyroid_low" for condition in follow_ups(medical, 1))
    assert any(condition.topic == "thyroid_3" for condition in follow_ups(medical, 1))


def test_a_yes_without_a_finding_goes_to_a_person() -> None:
    decision = decide(CI, (2,))
    assert (decision.conclusion, decision.reasons[0].code) == ("human_review", "question_2")
    assert decision.materials


def test_something_not_on_the_list_goes_to_a_person_even_beside_a_finding() -> None:
    assert decide(CI, (3,), "prediabetes_low", OTHER_CONDITION).conclusion == "human_review"


def test_unsure_asks_for_documents() -> None:
    decision = assess(CI, answers(CI, unsure=(4,)), [], AGE)
    assert (decision.conclusion, decision.reasons[0].code) == ("more_documents", "question_4")
    assert decision.options == ("human_review", "refuse")


def test_a_question_without_an_answer_is_no_no() -> None:
    with pytest.raises(Invalid) as invalid:
        assess(CI, {1: "no"}, [], AGE)
    assert invalid.value.code == "health_unanswered"
    assert set(invalid.value.fields) == {str(number) for number in range(2, 11)}


def test_a_question_on_birth_is_put_to_infants_only() -> None:
    question = CI.health_questions[-1]
    assert question.only_if.applies(1, "male")
    assert not question.only_if.applies(2, "male")
    infant = {number: said for number, said in answers(CI, yes=(11,)).items()}
    assert assess(CI, infant, ["premature"], 0).conclusion == "human_review"


@pytest.mark.parametrize(
    ("question", "finding", "conclusion"),
    [
        (1, "hazardous_class_5_6", "declined"),
        (2, "sport_occasional", "standard"),
        (2, "sport_regular", "declined"),
        (3, "disability_mild", "exclusion"),
        (3, "blind_deaf", "declined"),
        (4, "epilepsy", "declined"),
        (4, "uncontrolled_cardiovascular", "declined"),
        (5, "accident_sum_total", "human_review"),
        (6, "accident_claims", "human_review"),
    ],
)
def test_questions_of_the_accident_product(question: int, finding: str, conclusion: str) -> None:
    assert decide(ACCIDENT, (question,), finding).conclusion == conclusion


def test_follow_ups_are_what_the_question_asked() -> None:
    assert [condition.code for condition in follow_ups(ACCIDENT, 4)] == [
        "epilepsy",
        "mental_illness",
        "uncontrolled_cardiovascular",
        "controlled_cardiovascular",
    ]
    with pytest.raises(KeyError):
        follow_ups(ACCIDENT, 7)


@pytest.mark.parametrize("product", [CI, ACCIDENT], ids=["P2", "P4"])
def test_every_question_has_follow_ups(product: Product) -> None:
    for question in product.health_questions:
        assert follow_ups(product, question.no)
        assert question.materials


findings = st.lists(st.sampled_from([condition.code for condition in CI.conditions]), max_size=4)
said = st.fixed_dictionaries({q.no: st.sampled_from(["yes", "no", "unsure"]) for q in CI.health_questions})


@given(said, findings, st.integers(0, 55))
def test_any_answers_have_a_decision(given_answers: Mapping[int, str], found: list[str], age: int) -> None:
    decision = assess(CI, given_answers, found, age)
    assert decision.conclusion in SEVERITY
    assert (decision.conclusion == "standard") == (not decision.reasons)
    assert decision == assess(CI, given_answers, [*reversed(found), *found], age)
    if len(decision.reasons) > 1:
        assert decision.conclusion in ("human_review", "declined")
    if any(reason.conclusion == "declined" for reason in decision.reasons):
        assert decision.conclusion == "declined"
