"""Card rules: Luhn, holder, expiry, and that nothing of a card leaks through its text form."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cashier import bankcards
from bot.cashier.bankcards import Card
from bot.cashier.banks import banks

TODAY = date(2026, 11, 22)
NUMBER = "4111111111111111"
GOOD = Card(NUMBER, "王小禾", "12/28", "123")


def check(card: Card, credit: bool = True) -> dict[str, str]:
    return bankcards.check(card, credit=credit, holder="王小禾", today=TODAY)


def test_a_good_card_has_no_faults():
    assert check(GOOD) == {}
    assert bankcards.summary(GOOD, {}) == bankcards.CardSummary(bank=None, last4="1111")


def test_the_sandbox_bank_is_recognised():
    assert bankcards.summary(Card("9999 0012 3456 7890 128", "王小禾"), banks()).bank == "禾屿沙箱银行"


@given(st.text(st.sampled_from("0123456789"), min_size=12, max_size=18))
def test_exactly_one_last_digit_passes_luhn(digits):
    assert sum(bankcards.luhn(digits + str(last)) for last in range(10)) == 1


@pytest.mark.parametrize("number", ["4111111111111112", "411111111111", "4" * 20, "", "abcd1111", "４１１１"])
def test_a_wrong_number_is_refused(number):
    assert check(Card(number, "王小禾", "12/28", "123")) == {"number": "card_number_invalid"}


@pytest.mark.parametrize("number", ["4111 1111 1111 1111", "4111-1111-1111-1111", "４１１１１１１１１１１１１１１１"])
def test_a_number_may_be_grouped_or_full_width(number):
    assert check(Card(number, "王小禾", "12/28", "123")) == {}


def test_the_payer_must_be_the_policyholder():
    assert check(Card(NUMBER, "李四", "12/28", "123")) == {"holder": "card_holder_not_policyholder"}
    assert check(Card(NUMBER, "", "12/28", "123")) == {"holder": "card_holder_not_policyholder"}


@pytest.mark.parametrize("one, other", [("买买提·艾力", "买买提•艾力"), ("王 小禾", "王小禾"), ("Anna Li", "ANNA LI")])
def test_names_are_compared_as_people_write_them(one, other):
    assert bankcards.same_name(one, other)


def test_no_name_matches_no_name():
    assert not bankcards.same_name("", " ")


@pytest.mark.parametrize("expiry", ["10/26", "13/28", "00/30", "2028-12", "", "01/60"])
def test_a_credit_card_must_not_be_over(expiry):
    assert check(Card(NUMBER, "王小禾", expiry, "123")) == {"expiry": "card_expiry_invalid"}


def test_a_card_is_good_until_the_end_of_its_month():
    assert check(Card(NUMBER, "王小禾", "11/26", "123")) == {}


def test_a_bank_card_needs_neither_expiry_nor_cvv():
    assert check(Card(NUMBER, "王小禾"), credit=False) == {}


def test_the_text_form_of_a_card_shows_nothing():
    assert repr(GOOD) == "Card()"
