"""Names, phones, e-mail, addresses and bank cards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.errors import Invalid
from bot.parties.service import (
    Address,
    Card,
    check_address,
    check_card,
    check_email,
    check_name,
    check_phone,
    check_renewal_card,
    is_region,
    passes_luhn,
    regions,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
    ],
)
def test_phones(text: str, number: str) -> None:
    assert check_phone(text) == number


@pytest.mark.parametrize("text", ["12800138000", "1380013800", "138001380000", "010-12345678", "", "一三八"])
def test_no_phones(text: str) -> None:
    with pytest.raises(Invalid, match="phone_format"):
        check_phone(text)


@pytest.mark.parametrize("text", ["a@b.cn", "first.last+tag@mail.example.com", "ｚｈａｎｇ@example.com"])
def test_emails(text: str) -> None:
    assert "@" in check_email(text)


@pytest.mark.parametrize(
    "text", ["", "a@b", "a b@c.cn", "@c.cn", "a@-c.cn", "a..b@c.cn", ".a@c.cn", "a" * 60 + "@b.cn", "张@例子.cn"]
)
def test_no_emails(text: str) -> None:
    with pytest.raises(Invalid, match="email_format"):
        check_email(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("李雷", "李雷"),
        (" 欧阳 ", "欧阳"),
        ("买买提•艾力", "买买提·艾力"),
        ("阿卜杜拉．吐尔逊", "阿卜杜拉·吐尔逊"),
        ("John Smith", "John Smith"),
        ("㛃䶮", "㛃䶮"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert check_name(text) == name


@pytest.mark.parametrize("text", ["李", "", "李1", "李_雷", "·李雷", "李雷·", "李··雷", "李" * 31, "<b>", "李雷！"])
def test_no_names(text: str) -> None:
    with pytest.raises(Invalid, match="name_format"):
        check_name(text)


def test_an_address() -> None:
    address = check_address("北京市", "北京市", "朝阳区", " 建国路８８号院1栋 ")
    assert address == Address("北京市", "北京市", "朝阳区", "建国路88号院1栋")
    assert address.line() == "北京市朝阳区建国路88号院1栋"


@pytest.mark.parametrize(
    ("place", "detail", "code"),
    [
        (("北京市", "北京市", "浦东新区"), "建国路88号", "address_region"),
        (("", "", ""), "建国路88号", "address_region"),
        (("广东省", "广州市", "天河区"), "8号", "address_detail"),
        (("广东省", "广州市", "天河区"), "体育西路旁边", "address_detail"),
        (("广东省", "广州市", "天河区"), "x1" * 51, "address_detail"),
    ],
)
def test_no_address(place: tuple[str, str, str], detail: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        check_address(*place, detail)


def test_regions_have_three_levels_everywhere() -> None:
    assert len(regions()) == 31
    for province, cities in regions().items():
        assert cities
        for city, districts in cities.items():
            assert districts
            assert len(set(districts)) == len(districts)
            assert is_region(province, city, districts[0])
    assert not is_region("台湾省", "台北市", "大安区")


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("4111 1111 1111 1111", Card("Visa 测试卡", "credit", "1111")),
        ("9999000000000000", None),
        ("4111111111111112", None),
        ("411111111111", None),
        ("4" * 20, None),
        ("", None),
        ("卡号", None),
    ],
)
def test_cards(text: str, card: Card | None) -> None:
    if card is None:
        with pytest.raises(Invalid, match="card_number"):
            check_card(text)
    else:
        assert check_card(text) == card


def with_check_digit(body: str) -> str:
    return next(body + digit for digit in "0123456789" if passes_luhn(body + digit))


def test_the_fictional_bank_and_an_unknown_one() -> None:
    assert check_card(with_check_digit("999900000000000")).kind == "debit"
    assert check_card(with_check_digit("990011000000000")).bank is None


def test_later_premiums_are_drawn_from_a_debit_card() -> None:
    check_renewal_card(Card("x", "debit", "0000"))
    with pytest.raises(Invalid, match="card_credit"):
        check_renewal_card(Card("x", "credit", "0000"))


@given(st.text("0123456789", min_size=12, max_size=18), st.integers(0, 17), st.integers(1, 9))
def test_a_wrong_digit_of_a_card_is_noticed(body: str, place: int, shift: int) -> None:
    number = with_check_digit(body)
    assert check_card(number).last_four == number[-4:]
    at = place % len(number)
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    with pytest.raises(Invalid):
        check_card(wrong)


@given(st.text(max_size=70))
def test_any_text_is_kept_or_refused_with_words(text: str) -> None:
    for check in (check_phone, check_email, check_name, check_card):
        try:
            check(text)
        except Invalid as invalid:
            assert errors.message(invalid)
