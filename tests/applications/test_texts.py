"""Every code that a purchase can say has its words."""

import re
from pathlib import Path

import pytest
import yaml

from bot import errors
from bot.applications import party_seal, suitability, texts
from bot.applications.reviews import CONCLUSIONS
from bot.applications.schemas import Status
from bot.catalogue import service as catalogue
from tests.applications.buyer import responses

FOLDER = Path(party_seal.__file__).parent
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.rglob("*.py")))
DATA = FOLDER.parents[1] / "data" / "applications"


def found(pattern):
    return sorted(set(re.findall(pattern, SOURCE)))


def test_every_prompt_and_outcome_has_a_response():
    codes = found(r'(?:Prompt|form_prompt|Outcome\.invalid)\(\s*"(\w+)"')
    assert len(codes) > 25
    codes += [f"underwriting_{one}" for one in (*CONCLUSIONS, "human_review", "more_documents") if one != "standard"]
    codes += [status.value for status in Status if not status.is_live]
    codes += [
        "health",
        "health_first",
        "health_more",
        "health_which",
        "health_which_grade",
        "health_pick_one",
    ]
    assert [code for code in codes if f"utter_application_{code}" not in responses()] == []


def test_every_error_has_a_sentence():
    codes = found(r'(?:Invalid|Conflict|NotFound)\(\s*"(\w+)"') + found(r'(?:faults|own)\.add\([^,]+, "(\w+)"')
    assert {"form_invalid", "document_too_fast", "application_unknown"} <= set(codes)
    known = yaml.safe_load(errors.MESSAGES.read_text(encoding="utf-8"))
    assert [code for code in codes if code not in known] == []


def test_every_button_has_a_title():
    codes = found(r'title\("(\w+)"\)')
    assert len(codes) > 10
    assert all(texts.title(code) for code in codes)


def test_every_label_is_there():
    for group, code in found(r'label\("(\w+)", "(\w+)"'):
        assert code in texts.labels(group)
    for code in found(r'_row\("(\w+)"'):
        assert code in texts.labels("summary")


def test_every_finding_of_suitability_and_concern_is_named():
    codes = re.findall(r'Finding\("(\w+)"', Path(suitability.__file__).read_text(encoding="utf-8"))
    assert set(codes) | {suitability.OTHER_CONCERN} == set(texts.labels("suitability"))
    concerns = {option["value"] for option in texts.form("needs")["sections"][0]["fields"][1]["options"]}
    assert {one for fitting in suitability.CONCERNS.values() for one in fitting} <= concerns
    assert {product.kind for product in catalogue.products()} <= set(suitability.CONCERNS)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.yml")), ids=lambda path: path.name)
def test_no_line_looks_like_training_data(path):
    assert not re.search(r"^\s*(rules|stories|nlu|responses):", path.read_text(encoding="utf-8"), re.M)


def test_every_relation_of_the_catalogue_has_a_name():
    for product in catalogue.products():
        for relation in (*product.insured_relations, *product.beneficiaries.relations):
            assert relation in texts.labels("relations")
