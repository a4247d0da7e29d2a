"""Policy numbers: shape, check digit, and what a slip of the pen does."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.policies import numbers

parts = st.tuples(st.integers(2000, 9999), st.integers(0, 99), st.integers(1, numbers.SERIAL_LIMIT))


@given(parts)
def test_a_number_reads_back_as_its_parts(parts_):
    number = numbers.make(*parts_)
    assert re.fullmatch(r"HY\d{13}", number)
    assert numbers.parse(number) == numbers.PolicyNumber(*parts_)


@given(parts, st.integers(2, 14), st.integers(0, 9))
def test_every_wrong_digit_is_noticed(parts_, position, digit):
    number = numbers.make(*parts_)
    wrong = number[:position] + str(digit) + number[position + 1 :]
    assume(wrong != number)
    assert numbers.parse(wrong) is None


@given(st.text(st.sampled_from("0123456789"), min_size=1, max_size=16))
def test_the_check_digit_satisfies_the_standard(digits):
    """ISO 7064, 3.2: running the algorithm over all characters, the check character included, leaves 1."""
    product = 10
    for digit in digits:
        product = (((int(digit) + product) % 10 or 10) * 2) % 11
    assert (int(numbers.check_digit(digits)) + product) % 10 == 1


def test_the_published_example_of_the_standard():
    assert numbers.check_digit("0794") == "5"


@pytest.mark.parametrize("written", ["hy2026 11 000001-", "ＨＹ２０２６１１０００００１", " HY-2026-11-000001"])
def test_a_number_is_read_as_people_write_it(written):
    number = numbers.make(2026, 11, 1)
    assert numbers.parse(written + number[-1]) == numbers.PolicyNumber(2026, 11, 1)


@pytest.mark.parametrize("text", ["", "HY", "4111111111111111", "XX2026110000015", "HY20261100000155"])
def test_other_text_is_no_number(text):
    assert numbers.parse(text) is None


@pytest.mark.parametrize("parts_", [(2026, 11, 0), (2026, 11, 1_000_000), (2026, 100, 1), (26, 11, 1)])
def test_parts_that_do_not_fit_are_refused(parts_):
    with pytest.raises(ValueError):
        numbers.make(*parts_)
