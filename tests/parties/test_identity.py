"""Identity numbers: check digit, region, date, gender, fictional region, other documents."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.errors import Invalid
from bot.parties.identity import check_digit, check_document, check_identity_number, check_valid_until
from bot.parties.service import Identity

TODAY = date(2026, 11, 22)
STANDARD = "11010519491231002X"  # the example of GB 11643
MALE, FEMALE = "990000199603120010", "990000199603120029"


def check(text: str, **said: object) -> Identity:
    return check_identity_number(text, **{"today": TODAY, "test_identities": True, **said})  # type: ignore[arg-type]


def fault(text: str, **said: object) -> str:
    with pytest.raises(Invalid) as invalid:
        check(text, **said)
    assert errors.message(invalid.value)
    return invalid.value.code


def test_the_example_of_the_standard() -> None:
    assert check(STANDARD) == Identity("id_card", STANDARD, date(1949, 12, 31), "female")


@pytest.mark.parametrize(
    "text", [" 1101 0519 4912 31002x ", "１１０１０５１９４９１２３１００２Ｘ", "110105-19491231-002x"]
)
def test_blanks_width_and_case_are_put_right(text: str) -> None:
    assert check(text).number == STANDARD


def test_the_fictional_region_only_in_tests() -> None:
    assert check(MALE).gender == "male"
    assert check(FEMALE).gender == "female"
    assert fault(MALE, test_identities=False) == "identity_region"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("110105194912310021", "identity_checksum"),
        ("11010519491231002", "identity_format"),
        ("11010519491231002Y", "identity_format"),
        ("X10105194912310020", "identity_format"),
        ("", "identity_format"),
        ("１１０１０５", "identity_format"),
        ("000000199603120010", "identity_region"),
        ("123456199603120010", "identity_region"),
        ("990000199602300010", "identity_date"),
        ("990000190002290010", "identity_date"),
        ("990000202611230010", "identity_date"),
        ("990000180001010010", "identity_date"),
        ("990000199603120011", "identity_checksum"),
    ],
)
def test_what_is_wrong(text: str, code: str) -> None:
    assert fault(text) == code


def test_it_must_agree_with_what_was_said() -> None:
    assert fault(MALE, gender="female") == "identity_gender"
    assert fault(MALE, birth_date=date(1996, 3, 13)) == "identity_birth_date"
    assert check(MALE, gender="male", birth_date=date(1996, 3, 12)).number == MALE


def test_born_today_is_not_in_the_future() -> None:
    body = "990000" + TODAY.strftime("%Y%m%d") + "001"
    assert check(body + check_digit(body)).birth_date == TODAY


def test_an_abolished_district_is_still_a_region() -> None:
    body = "110103" + "19800101" + "001"  # 崇文区, merged in 2010
    assert check(body + check_digit(body)).kind == "id_card"


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_residence_permits_of_hong_kong_macao_and_taiwan(region: str) -> None:
    body = region + "19960312" + "001"
    number = body + check_digit(body)
    assert check(number).kind == "residence_permit"
    options = {"today": TODAY, "test_identities": True}
    assert check_document("residence_permit", number, **options).number == number  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="document_kind"):
        check_document("id_card", number, **options)  # type: ignore[arg-type]


def test_a_passport_goes_to_a_person() -> None:
    found = check_document("passport", "e1234 5678", today=TODAY, test_identities=False)
    assert (found.number, found.needs_human) == ("E12345678", True)
    with pytest.raises(Invalid, match="document_passport"):
        check_document("passport", "护照", today=TODAY, test_identities=False)


def test_a_permanent_residence_card() -> None:
    body = "911" + "840" + "19880506" + "001"
    number = body + check_digit(body)
    found = check_document("permanent_residence", number, today=TODAY, test_identities=False)
    assert (found.birth_date, found.needs_human) == (date(1988, 5, 6), True)
    with pytest.raises(Invalid, match="document_permanent_residence"):
        check_document("permanent_residence", STANDARD, today=TODAY, test_identities=False)


def test_a_document_is_valid_on_its_last_day() -> None:
    check_valid_until(None, TODAY)
    check_valid_until(TODAY, TODAY)
    with pytest.raises(Invalid, match="document_expired"):
        check_valid_until(TODAY - timedelta(days=1), TODAY)


births = st.dates(date(1910, 1, 1), TODAY)
orders = st.integers(0, 999)


@given(births, orders)
def test_a_made_number_says_its_date_and_gender(birth: date, order: int) -> None:
    body = f"990000{birth:%Y%m%d}{order:03d}"
    found = check(body + check_digit(body))
    assert found.birth_date == birth
    assert found.gender == ("male" if order % 2 else "female")


@given(births, orders, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(birth: date, order: int, place: int, shift: int) -> None:
    body = f"990000{birth:%Y%m%d}{order:03d}"
    number = body + check_digit(body)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(Invalid):
        check(wrong)


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_invalid(text: str) -> None:
    try:
        check(text)
    except Invalid as invalid:
        assert errors.message(invalid)
