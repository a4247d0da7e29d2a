"""Who is to be insured: age, gender, social security."""

import re
from collections.abc import Iterator
from datetime import datetime

from bot.nlu.values.found import Found
from bot.nlu.values.numbers import NUMERALS, SMALL, parse_number

OLDEST = 120

_YEARS = re.compile(rf"({SMALL})(?:多|来)?(?:个)?(?:周岁|岁半|岁)(?:半|多|出头|左右)?")
_SAID = re.compile(
    rf"(?:今年|年龄|年纪|岁数|年岁|刚满|周岁|刚过|刚)(?:是|都|已经|刚|快|也|才|满|:|,| )*({SMALL})"
    r"(?!\d|年|万|块|元|天|个|月|号|千|百|保|w|k|%|有|[.,]\d|种|点|次|份|多万|来万)"
)
_PERSON = "(?<![给帮替跟])我|俩|老公|老婆|爱人|丈夫|妻子|媳妇|妈妈?|爸爸?|儿子|女儿|闺女|孩子|宝宝|她|他|本人"
_BY_PERSON = re.compile(rf"(?:{_PERSON})(?:今年|现在|是|都|也|才|快|刚|满)*({SMALL})(?=[,，。;!\s了啦呢]|$)")
_BY_GENDER = re.compile(
    rf"(?:(?:男|女)(?:性|的|生|士|孩)?[ ,，、/.。]*)({SMALL})(?![\d万块元年月天个%w人种]|计划|份)"
    rf"|({SMALL})[ ,，、/.。]*(?=(?:男|女)(?:性|的|生|士|孩|[ ,，、/.。]|$))"
)
_BABY = re.compile(rf"({SMALL})(?:个多?月|天)(?=大|的?(?:宝宝|孩子|娃|婴儿|小孩))|({SMALL})个月(?=$)")

_GENDER_WORDS = {
    "male": "男性|男士|男生|男孩|男娃|男宝|男的|男人|男方|小伙子|先生(?=,|。|$)",
    "female": "女性|女士|女生|女孩|女娃|女宝|女的|女人|女方|小姑娘|姑娘",
}
_GENDER = {value: re.compile(words) for value, words in _GENDER_WORDS.items()}
_EDGE = rf"[\s,，。.、;/|!~:0-9{NUMERALS}岁是]"
_GENDER_LETTER = re.compile(rf"(?:^|(?<={_EDGE}))(男|女)(?=$|{_EDGE}|哈|呀|哦|啊|呢|生)")

_INSURANCE = "(?:社会保险|社保|医保|居民医保|职工医保|新农合|农合|合作医疗)"
_WITHOUT = re.compile(
    rf"(?:没有?|无|未|没得|木有|冇)(?:交|上|参加|买|办|缴)?(?:过)?(?:什么|任何)?{_INSURANCE}|{_INSURANCE}(?:也|都)?(?:没有?|断了|停了|无|未)"
)
_WITH = re.compile(
    rf"(?:有|交着?|上着?|参加|买|办|缴)(?:了|过|着|的)?(?:是|城镇|城乡|居民|农村|职工|单位)*{_INSURANCE}|{_INSURANCE}(?:是|一直|也|都)?(?:有|交着?|在交|齐全|正常)"
)


def find_ages(text: str, now: datetime) -> Iterator[Found]:
    """Yield ages in whole years; a baby's months or days are age 0."""
    for pattern in (_YEARS, _SAID, _BY_GENDER, _BY_PERSON):
        for match in pattern.finditer(text):
            group = next(index for index in range(1, pattern.groups + 1) if match.group(index))
            value = parse_number(match.group(group))
            if value is not None and value <= OLDEST:
                end = match.end() if pattern is _YEARS else match.end(group)
                yield Found("age", match.start(group), end, value)
    for match in _BABY.finditer(text):
        months = parse_number(match.group(1) or match.group(2))
        if months is not None and months < 36:
            years = 0 if "天" in match.group() else months // 12
            yield Found("age", match.start(), match.end(), years)


def find_genders(text: str, now: datetime) -> Iterator[Found]:
    """Yield male or female, from words and from 男/女 standing alone."""
    for value, pattern in _GENDER.items():
        for match in pattern.finditer(text):
            yield Found("gender", match.start(), match.end(), value)
    for match in _GENDER_LETTER.finditer(text):
        yield Found("gender", match.start(), match.end(), "male" if match.group() == "男" else "female")


def find_social_security(text: str, now: datetime) -> Iterator[Found]:
    """Yield yes or no: whether the person has public medical insurance."""
    for value, pattern in (("no", _WITHOUT), ("yes", _WITH)):
        for match in pattern.finditer(text):
            question = re.match("[吗么嘛]|没有|的话", text[match.end() : match.end() + 2])
            if not question:
                yield Found("social_security", match.start(), match.end(), value)
