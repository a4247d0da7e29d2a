"""The catalogue as it is sold: checked facts, prices on the cards, versions, occupations, documents."""

import csv
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalogue import cards, check, service
from bot.catalogue.files import CatalogueError, digest, read_clauses
from bot.catalogue.loader import load_conditions, load_product
from bot.catalogue.models import Product
from bot.errors import NotFound
from bot.quotes.models import QuoteRequest
from bot.quotes.rules import premium

ONLINE = [product.code for product in service.products()]


def test_the_check_finds_nothing_wrong() -> None:
    assert check.problems() == []


@pytest.mark.parametrize("code", ONLINE)
def test_the_price_on_the_card_is_the_price(code: str) -> None:
    product = service.product(code)
    request = QuoteRequest(product=code, frequency=product.starting_price.frequency, **product.starting_price.request)
    assert premium(product, request).premium_fen == product.starting_price.premium_fen


def test_documents_in_the_order_of_reading() -> None:
    assert [document.kind for document in service.product("P4").documents] == [
        "notice",
        "terms",
        "exclusions",
        "privacy",
    ]
    assert [document.kind for document in service.product("P2").documents] == [
        "notice",
        "terms",
        "exclusions",
        "manual",
        "privacy",
    ]


def test_facts_of_the_accident_product() -> None:
    product = service.product("P4")
    assert (product.waiting_days, product.cooling_off_days, product.needs_assessment) == (0, 0, False)
    assert not product.callback.due
    assert product.clause("3.7").text.startswith("被保险人从事潜水、攀岩")
    assert {plan.code: plan.sums["accident_death"] for plan in product.plans} == {
        "A": 300_000,
        "B": 500_000,
        "C": 1_000_000,
    }


def test_facts_of_the_critical_illness_product() -> None:
    product = service.product("P2")
    assert (product.waiting_days, product.cooling_off_days, product.needs_assessment) == (90, 15, True)
    assert product.callback.due
    assert product.facts["death"].value == "cash_value"
    assert len(product.rates) == 480


def test_the_manual_shows_the_cash_values_of_the_table() -> None:
    product = service.product("P2")
    lines = [line for line in product.document("manual").clauses[6].text.splitlines() if line.startswith("第")]
    assert len(lines) == 11
    yearly = Decimal("8850.00")
    for line in lines:
        year = int(line[1 : line.index("年末")])
        paid = yearly * min(year, 20)
        value = paid * product.cash_values["whole_life", "20", "policy_year", year]
        assert f"累计保险费{paid:,.2f}元｜现金价值{value:,.2f}元" in line


def test_cash_values_of_the_brief() -> None:
    table = service.product("P2").cash_values
    told = {1: "0.05", 2: "0.10", 3: "0.16", 5: "0.26", 10: "0.42", 20: "0.60", 30: "0.85"}
    assert {year: table["whole_life", "20", "policy_year", year] for year in told} == {
        year: Decimal(ratio) for year, ratio in told.items()
    }


@pytest.mark.parametrize(
    ("words", "occupation_class"),
    [
        ("教师", 1),
        ("程序员", 1),
        ("会计", 1),
        ("公务员", 1),
        ("内科医生", 1),
        ("外勤销售", 2),
        ("记者", 2),
        ("保洁", 2),
        ("出租车司机", 3),
        ("网约车司机", 3),
        ("保安", 3),
        ("一般技工", 3),
        ("外卖骑手", 4),
        ("快递员", 4),
        ("中小货车司机", 4),
        ("电梯维修", 4),
        ("交警", 4),
        ("高处作业工", 5),
        ("刑警", 5),
        ("高压电工", 5),
        ("消防员", 6),
        ("远洋水手", 6),
        ("防暴警察", 6),
        ("井下采矿", None),
        ("潜水员", None),
        ("爆破", None),
        ("特技", None),
        ("ＩＴ", 1),
        ("hr", 1),
    ],
)
def test_occupation_classes(words: str, occupation_class: int | None) -> None:
    found = service.occupation(words)
    assert found is not None
    assert found.occupation_class == occupation_class


def test_an_occupation_that_the_table_lacks() -> None:
    assert len(service.occupations()) >= 120
    assert service.occupation("星际矿主") is None


@pytest.mark.parametrize(("words", "code"), [("p4", "P4"), ("意外险", "P4"), ("守心重疾险", "P2"), ("重疾", "P2")])
def test_a_product_by_what_customers_call_it(words: str, code: str) -> None:
    found = service.product_mentioned(words)
    assert found is not None
    assert found.code == code


def test_an_unknown_product_or_version() -> None:
    for wanted in (("P99", None), ("P4", "1999-01"), ("", None)):
        with pytest.raises(NotFound, match="product_unknown"):
            service.product(*wanted)
    assert service.product_mentioned("车险") is None


async def test_product_cards(session: AsyncSession) -> None:
    body = await cards.load_products(session, "0" * 26, {"codes": ["P4"]})
    (card,) = body["products"]
    assert card["insurer"] == "禾屿人寿保险股份有限公司"
    assert card["statement"] == "这是保险产品"
    assert card["price"] == {"fen": 9900, "frequency": "yearly", "condition": "计划A，1–3类职业，年交"}
    assert [button["payload"] for button in card["buttons"]] == [
        '/ask_product{"product": "P4"}',
        '/request_quote{"product": "P4"}',
    ]
    assert "99.00元起" in body["text"]


Change = Callable[[Path], None]


def replaced(name: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def altered(tmp_path: Path, change: Change, code: str = "P4") -> Product:
    """The product as it is read after a change to a copy of its files."""
    copy = tmp_path / "catalogue"
    shutil.copytree(service.DATA / "catalogue", copy)
    folder = copy / code / service.product(code).version
    change(folder)
    return load_product(folder, service.DATA / "documents", service.conditions(), "x")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            replaced("product.yml", "needs_assessment: false", "needs_assessment: maybe"),
            "product.yml: needs_assessment",
        ),
        (replaced("product.yml", "tagline:", "tag_line:"), "tag_line"),
        (replaced("product.yml", "code: P4", "code: P5"), "do not match the folder"),
        (replaced("product.yml", "frequencies: [yearly", "frequency: [yearly"), "product.yml: frequencies"),
        (replaced("rates.csv", "plan,occupation_class,rate", "plan,class,rate"), "rates.csv: columns"),
        (replaced("rates.csv", "A,4,188", "A,3-4,188"), "two rates"),
        (replaced("rates.csv", "A,4,188", "A,4,x"), "is not a number"),
        (replaced("terms.md", "### 1.2 ", "### 1.1 "), "clause numbers repeated"),
        (replaced("product.yml", '"6.3", "9.1"', '"6.3", "99.1"'), None),
        (replaced("product.yml", "consent_bank: 2026-01", "consent_bank: 1999-01"), "no such document"),
        (replaced("health.yml", "asks: [disability]", "ask: [disability]"), "health.yml: questions"),
    ],
)
def test_wrong_data_names_file_and_field(tmp_path: Path, change: Change, says: str | None) -> None:
    if says is None:
        assert "99.1" not in altered(tmp_path, change).exclusions
        return
    with pytest.raises(CatalogueError, match=says):
        altered(tmp_path, change)


@pytest.mark.parametrize(
    ("code", "change", "says"),
    [
        ("P4", replaced("terms.md", "免赔额为0元", "免赔额为100元"), "fact deductible_yuan: clause 2.4"),
        ("P4", replaced("product.yml", "value: 80,", "value: 90,"), "does not name the value 90"),
        (
            "P4",
            replaced("product.yml", "accident_medical: 50000", "accident_medical: 60000"),
            "plan B: accident_medical",
        ),
        ("P4", replaced("product.yml", 'clause: "2.8"', 'clause: "2.99"'), "there is no clause 2.99"),
        ("P4", replaced("rates.csv", "C,4,629\n", "C,4,317\n"), "not rising along occupation_class"),
        ("P4", replaced("rates.csv", ",4,", ",5,"), "nothing for occupation_class ['4']"),
        ("P4", replaced("health.yml", "asks: [disability]", "asks: [smallpox]"), "unknown topic smallpox"),
        ("P4", replaced("health.yml", "asks: [disability]", "asks: [gout]"), "no condition for gout"),
        ("P2", replaced("rates.csv", "male,whole_life,20,30,17.70\n", ""), "ages are missing"),
        ("P2", replaced("rates.csv", "whole_life,20,30,15.57", "whole_life,20,30,25.57"), "not rising along age"),
        ("P2", replaced("cash_values.csv", "whole_life,20,policy_year,7,0.3240\n", ""), "a year is missing"),
        ("P2", replaced("product.yml", "at_most: 400000", "at_most: 300000"), "最高30万元"),
    ],
)
def test_the_check_finds_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, change: Change, says: str
) -> None:
    product = altered(tmp_path, change, code)
    monkeypatch.setattr(service, "products", lambda offline=False: (product,))
    found = check.problems()
    assert any(says in problem for problem in found), found


def test_a_version_has_a_hash_of_its_files(tmp_path: Path) -> None:
    product = service.product("P4")
    folder = service.DATA / "catalogue" / "P4" / product.version
    assert product.sha256 == digest(folder)
    changed = altered(tmp_path, replaced("terms.md", "180日为限", "181日为限"))
    assert changed.sha256 != product.sha256
    assert changed.document("terms").sha256 != product.document("terms").sha256
    assert changed.document("notice").sha256 == product.document("notice").sha256


def test_conditions_must_name_declared_things(tmp_path: Path) -> None:
    path = tmp_path / "conditions.yml"
    text = (service.DATA / "conditions.yml").read_text(encoding="utf-8")
    for old, new in (("topic: thyroid_low", "topic: nothing"), ("exclusion: thyroid_cancer", "exclusion: nothing")):
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(CatalogueError, match="nothing"):
            load_conditions(path)


def test_a_range_of_ages_is_every_age(tmp_path: Path) -> None:
    with (service.DATA / "catalogue/P4/2026-01/rates.csv").open(encoding="utf-8") as file:
        assert [row["occupation_class"] for row in csv.DictReader(file)][:2] == ["1-3", "4"]
    assert {row["occupation_class"] for row in service.product("P4").rates.combinations()} == set("1234")


def test_clauses_are_read_with_their_numbers() -> None:
    text = "前言\n## 第一章\n### 1.1 甲\n一\n二\n### 1.2 乙\n三\n## 第二章\n### 2.1 丙\n四\n"
    found = read_clauses(Path("x.md"), text)
    assert [(clause.number, clause.title, clause.text) for clause in found] == [
        ("1.1", "甲", "一\n二"),
        ("1.2", "乙", "三"),
        ("2.1", "丙", "四"),
    ]


def test_the_newest_version_is_sold_and_old_ones_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    old = service.product("P4")
    new = old.copy(update={"version": "2027-01"})
    monkeypatch.setattr(service, "_versions", lambda: {"P4": {old.version: old, new.version: new}})
    assert service.product("P4").version == "2027-01"
    assert service.product("P4", old.version) is old
    assert [product.version for product in service.products()] == ["2027-01"]


def test_the_notices_say_what_the_rates_and_facts_say() -> None:
    """The notice is written for people; its numbers are those of the rates, the plans and the facts."""
    accident = service.product("P4")
    text = "\n".join(clause.text for clause in accident.document("notice").clauses)
    for row in accident.rates.combinations():
        assert f"{accident.rates.get(row)}元" in text
    for plan in accident.plans:
        line = next(line for line in text.splitlines() if line.startswith(f"{plan.name}："))
        for amount in plan.sums.values():
            assert f"{amount // 10_000}万元" in line if amount >= 10_000 else f"每日{amount}元" in line
    illness = service.product("P2")
    told = "\n".join(clause.text for clause in illness.document("notice").clauses)
    for name in ("waiting_days", "cooling_off_days", "grace_days"):
        assert f"{illness.facts[name].value}日" in told
    assert "41–50周岁最高40万元，51–55周岁最高20万元" in told
