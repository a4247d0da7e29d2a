"""What the customers of the journeys want to buy and who they are; all of it fictional."""

from dataclasses import dataclass, field, replace
from typing import Any, Dict, Tuple

CHECK_DIGITS = "10X98765432"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
BORN = "19960312"


def identity(number: int) -> str:
    """An identity number of the fictional region 99 (GB 11643); each number is another person, odd ones male."""
    body = f"990000{BORN}{number:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECK_DIGITS[total % 11]


HOLDER = {
    "holder_name": "王小明",
    "holder_id_kind": "id_card",
    "holder_id_number": identity(1),
    "holder_email": "ming@example.com",
    "holder_region": {"province": "浙江省", "city": "杭州市", "district": "西湖区"},
    "holder_address": "文三路100号2栋301室",
    "holder_tax_residence": "china",
    "insured_relation": "self",
    "insured_occupation": "程序员",
    "beneficiary_kind": "statutory",
}
NEEDS = {
    "insured_relation": "self",
    "main_concern": "serious_illness",
    "existing_cover": "none",
    "annual_income": "300000",
    "budget": "20000",
}
# the holder's own account; no real bank gives out these digits
CARD = "9999001234567891"


@dataclass(frozen=True)
class Wish:
    """A product and what the customer says when asked for what its price depends on."""

    product: str
    opening: str
    # word in the question → answer
    answers: Tuple[Tuple[str, str], ...]
    forms: Dict[str, Dict[str, Any]] = field(default_factory=lambda: {"parties": HOLDER, "needs": NEEDS})


ANSWERS = (
    ("周岁", "30岁"),
    ("性别", "男"),
    ("做什么工作", "程序员"),
    ("哪个计划", "计划B"),
    ("多少保额", "50万"),
    ("保障多久", "终身"),
    ("多少年交", "30年交"),
    ("按年交还是按月交", "按年交"),
    ("社保", "有社保"),
)


def of_person(wish: Wish, number: int) -> Wish:
    """The same wish of another person: everybody may have one such policy."""
    parties = {**HOLDER, "holder_id_number": identity(number)}
    return replace(wish, forms={**wish.forms, "parties": parties})


P4 = Wish("P4", "意外险多少钱", ANSWERS)
P2 = Wish("P2", "重疾险多少钱", ANSWERS)
