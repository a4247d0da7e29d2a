"""How well a clause answers a question: shared words and nearness of meaning. Pure."""

import math
import re
from dataclasses import dataclass
from typing import FrozenSet, List, Mapping, Sequence, Tuple

# what a question is made of beside its matter
_ASKING = re.compile(
    r"请问|你好|您好|我想问|想问一下|问一下|怎么办|怎么算|怎么样|怎么|是不是|能不能|可不可以|会不会|有没有|赔不赔|保不保|赔吗|保吗|"
    r"可以吗|可以|能赔|能保|给赔|赔付吗|多少钱|多少|多久|几天|几年|什么时候|什么|哪些|哪个|的话|一下|如果|假如|要是|这个|这款|这份|那个|"
    r"保险|产品|合同|条款|你们|我们|咱们|我|吗|呢|吧|啊|呀|了|的|是|在|出了事|出事"
)
_MEANING = re.compile("什么是|什么叫|是什么|定义|意思|算不算|算.{0,6}吗|怎么算")
_NOT_WORDS = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")
PASSAGE_CHARACTERS = 150
SHARE_WEIGHT = 0.65
PAIR_WEIGHT = 0.35
"""Of a pair of characters, against a whole concept."""
IN_TEXT = 0.6
"""A word in the text of a clause, against one in its title."""
BESIDE = 0.8
NEAR_FLOOR, NEAR_CEILING = 0.84, 0.95
"""Cosines of the encoder between unrelated and between equal sentences of this kind."""


def passage(title: str, text: str) -> str:
    """What of a clause is compared with the question by meaning: its title and how it begins."""
    return f"{title}：{text[:PASSAGE_CHARACTERS]}"


@dataclass(frozen=True)
class Wanted:
    """What a question is about: concepts, each with the ways in which the wording may say it, and words left over."""

    concepts: Tuple[Tuple[str, ...], ...]
    pairs: FrozenSet[str]
    text: str


def wanted(question: str, words: Mapping[str, Sequence[str]]) -> Wanted:
    """The question without interrogative words; `words` maps everyday words to those of the wording."""
    rest = question.casefold()
    concepts = []
    for word in sorted(words, key=len, reverse=True):
        if word in rest:
            concepts.append((word, *words[word]))
            rest = rest.replace(word, " ")
    rest = _ASKING.sub(" ", rest)
    formal = [way for concept in concepts for way in concept]
    return Wanted(tuple(concepts), frozenset(pairs(rest)), " ".join([*formal, rest]).strip() or question)


def pairs(text: str) -> List[str]:
    """The pairs of neighbouring characters of a text."""
    words = [word for word in _NOT_WORDS.split(text.casefold()) if len(word) > 1]
    return [word[place : place + 2] for word in words for place in range(len(word) - 1)]


class Lexicon:
    """The words of the clauses of one product, and how rare they are."""

    def __init__(self, clauses: Sequence[Tuple[str, str]]) -> None:
        """Clauses as (title, text)."""
        self._clauses = clauses

    def shares(self, about: Wanted) -> List[float]:
        """For each clause the share (0 to 1) of what is wanted that it says; its title and rare words count more."""
        sought = [*about.concepts, *((pair,) for pair in about.pairs)]
        weights = [self._rarity(ways) for ways in sought]
        whole = sum(weights) or 1.0
        return [
            sum(weight * _held(ways, title, text) for ways, weight in zip(sought, weights, strict=True)) / whole
            for title, text in self._clauses
        ]

    def _rarity(self, ways: Sequence[str]) -> float:
        """Weight of a concept or word; one that no clause has counts as the rarest: the wording is silent on it."""
        holding = sum(1 for title, text in self._clauses if _held(ways, title, text))
        weight = math.log(1 + len(self._clauses) / max(holding, 0.5))
        return weight if len(ways) > 1 else weight * PAIR_WEIGHT


def is_definition(title: str, text: str) -> bool:
    """Whether a clause only says what a word means."""
    return text.removeprefix(title).startswith("指")


def asks_meaning(question: str) -> bool:
    """Whether a question asks what a word means."""
    return bool(_MEANING.search(question))


def nearness(cosine: float) -> float:
    """A cosine of the encoder on a scale from 0 (unrelated) to 1 (same)."""
    return min(max((cosine - NEAR_FLOOR) / (NEAR_CEILING - NEAR_FLOOR), 0.0), 1.0)


def score(share: float, near: float, beside: bool) -> float:
    """How well a clause answers, 0 to 1; `beside`: it only defines a word whose meaning was not asked."""
    points = SHARE_WEIGHT * share + (1 - SHARE_WEIGHT) * near
    return points * BESIDE if beside else points


def _held(ways: Sequence[str], title: str, text: str) -> float:
    if any(way in title for way in ways):
        return 1.0
    return IN_TEXT if any(way in text for way in ways) else 0.0
