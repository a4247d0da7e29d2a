"""Redaction: what is personal or secret is found however it is written, what only looks like it passes."""

import itertools
from datetime import date
from typing import List, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import privacy
from bot.privacy import numbers

TODAY = date(2026, 11, 25)
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")


def kinds(text: str) -> List[Tuple[str, str]]:
    return [(finding.kind, finding.value) for finding in privacy.find(text, TODAY)]


def redacted(text: str) -> str:
    findings = privacy.find(text, TODAY)
    return privacy.replace(text, findings, {f: f"<{f.kind}>" for f in findings})


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["99", "81", "82", "83"])) + "0000"
    birth = draw(st.dates(date(1920, 1, 1), TODAY)).strftime("%Y%m%d")
    body = region + birth + f"{draw(st.integers(0, 999)):03d}"
    return body + numbers.id_check(body)


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    body = "999900" + draw(st.text("0123456789", min_size=6, max_size=12))
    return next(body + digit for digit in "0123456789" if numbers.luhn(body + digit))


phone_numbers = st.builds(lambda a, b: f"1{a}{b:09d}", st.integers(3, 9), st.integers(0, 10**9 - 1))
words = st.text("我的是在和请看一下保险多少吗，。 ", max_size=8)


@pytest.mark.parametrize(
    "written",
    [
        "990000199603120010",
        "９９００００１９９６０３１２００１０",
        "990000 1996 0312 0010",
        "9900 0019 9603 1200 10",
        "990000-19960312-0010",
        "九九零零零零一九九六零三一二零零一零",
    ],
)
def test_an_identity_number_is_found_however_it_is_written(written: str) -> None:
    assert kinds(f"身份证是{written}。") == [("id_card", "990000199603120010")]


@pytest.mark.parametrize("last", ["X", "x", "Ｘ", "ｘ"])
def test_a_final_x_may_be_small_or_wide(last: str) -> None:
    assert kinds(f"11010519491231002{last}") == [("id_card", "11010519491231002X")]


@given(id_numbers(), words, words, st.sampled_from([None, WIDE, CHINESE]))
def test_every_identity_number_is_sealed(number: str, before: str, after: str, script: object) -> None:
    written = number.translate(script) if script else number  # type: ignore[arg-type]
    if script is CHINESE:
        before, after = before.replace("一", ""), after.replace("一", "")
    assert redacted(before + written + after) == f"{before}<id_card>{after}"


def test_a_mistyped_identity_number_is_sealed_too() -> None:
    assert kinds("990000199603120011") == [("id_card", "990000199603120011")]


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 13800138000",
        "1 3 8 0 0 1 3 8 0 0 0",
        "１３８００１３８０００",
    ],
)
def test_a_phone_is_found_however_it_is_written(written: str) -> None:
    assert kinds(f"打{written}找我") == [("phone", "13800138000")]


@given(phone_numbers, words, words)
def test_every_phone_is_sealed(number: str, before: str, after: str) -> None:
    assert redacted(before + number + after) == f"{before}<phone>{after}"


@given(card_numbers(), words, st.sampled_from(["", " ", "-"]))
def test_every_card_number_is_dropped(number: str, before: str, blank: str) -> None:
    written = blank.join(number[i : i + 4] for i in range(0, len(number), 4))
    assert redacted(f"{before}{written}。") == f"{before}{privacy.DROPPED}。"


def test_a_mistyped_card_number_is_dropped_when_the_words_say_what_it_is() -> None:
    assert redacted("银行卡号是6222020000000000003") == f"银行卡号是{privacy.DROPPED}"


@pytest.mark.parametrize("address", ["a.b+c@example.com", "Ａ@Example.com", "x_1@mail.example.cn"])
def test_an_email_is_sealed(address: str) -> None:
    assert [kind for kind, _ in kinds(f"发到{address}吧")] == ["email"]


def test_a_passport_is_sealed_when_it_is_called_one() -> None:
    assert kinds("护照号 E12345678") == [("passport", "E12345678")]
    assert kinds("型号 E12345678") == []


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("CVV是123", "123"),
        ("卡背面三位数：456", "456"),
        ("密码是abc123!", "abc123"),
        ("我的密码：Heyu2026", "Heyu2026"),
        ("支付密码就是 482913", "482913"),
        ("abc123是我的密码", "abc123"),
        ("验证码482913", "482913"),
        ("短信验证码收到了，是 0931", "0931"),
        ("482913是验证码", "482913"),
        ("４８２９１３，这是刚收到的验证码", "４８２９１３"),
    ],
)
def test_secrets_are_dropped_by_their_context(text: str, secret: str) -> None:
    left = redacted(text)
    assert secret not in left
    assert privacy.DROPPED in left


@pytest.mark.parametrize(
    "text",
    [
        "保额500000够吗",
        "我是19960312出生的",
        "保单号HY2026120000011",
        "订单号202611220001234567",
        "打95X68、12378还是96110",
        "12378发来的验证码是骗人的吗",
        "工号1024",
        "工号 1024 的人打来说要回访",
        "每年15000元，交20年，一共300000元",
        "2026年11月25日 14:30",
        "密码是多少位",
        "忘记密码怎么办",
        "验证码5分钟有效吗",
        "验证码收不到",
        "他要走验证码后转了5000块",
        "请问密码要不要告诉客服",
        "1700000000000",
        "01J9ZK3V8N4X2Q7R5T6Y8W0ABC",
        "年龄30 保额500000 交费20年",
        "卡里扣了3000元",
        "尾号1234的卡",
    ],
)
def test_look_alikes_pass(text: str) -> None:
    assert kinds(text) == []


@given(st.integers(0, 10**8))
def test_plain_amounts_pass(amount: int) -> None:
    assert kinds(f"保额{amount}元") == []


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_plain_dates_pass(day: date) -> None:
    assert kinds(f"{day:%Y%m%d}") == kinds(f"{day:%Y-%m-%d}") == kinds(f"{day.year}年{day.month}月{day.day}日") == []


@given(st.text(max_size=200))
def test_any_text_can_be_searched_and_only_findings_change(text: str) -> None:
    cleaned = privacy.clean(text)
    findings = privacy.find(cleaned, TODAY)
    assert all(earlier.end <= later.start for earlier, later in itertools.pairwise(findings))
    kept = privacy.replace(cleaned, findings, {f: cleaned[f.start : f.end] for f in findings if not f.secret})
    if not any(f.secret for f in findings):
        assert kept == cleaned


def test_two_values_side_by_side_are_both_found() -> None:
    assert kinds("13800138000 990000199603120010") == [("phone", "13800138000"), ("id_card", "990000199603120010")]


def test_invisible_characters_do_not_hide_a_number() -> None:
    assert kinds(privacy.clean("138\u200b0013\ufeff8000")) == [("phone", "13800138000")]
    assert privacy.clean("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


def test_control_characters_surrogates_and_forged_tokens_are_cleaned() -> None:
    assert privacy.clean("a\x00b\ud800c ⟦phone:00⟧\n") == "abc 〔phone:00〕"


@pytest.mark.parametrize(
    ("text", "kind", "sealed"),
    [
        ("张三", "name", "张三"),
        ("我叫欧阳·娜娜。", "name", "欧阳·娜娜"),
        ("姓名：李四", "name", "李四"),
        ("住在示例省示例市禾屿路1号", "address", "示例省示例市禾屿路1号"),
        ("为什么要填名字", "name", None),
        ("转人工", "name", None),
        ("这个保险赔不赔吗？", "address", None),
        ("先停一下", "name", None),
    ],
)
def test_a_name_or_address_that_was_asked_for_is_sealed_unless_it_is_a_digression(
    text: str, kind: str, sealed: object
) -> None:
    span = privacy.sealed_answer(text, kind)
    assert (text[span[0] : span[1]] if span else None) == sealed
