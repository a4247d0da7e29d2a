"""Finds the words of the lexicon in a text with spaCy's entity ruler; the longest word wins."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import cast

import spacy
from spacy.pipeline import EntityRuler

from bot.nlu.lexicon import Entry
from bot.nlu.values.found import Found

IMPLIED_GENDER = "implied_gender"
_ALNUM = re.compile("[a-z0-9]")


class Dictionary:
    """The entries of a lexicon, ready to be searched."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Build the matcher; the same word may name values of several entities (妈妈: parent, and female)."""
        self._meanings: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._meanings[entry.word].append(entry)
        self._language = spacy.blank("zh")
        ruler = cast(EntityRuler, self._language.add_pipe("entity_ruler"))
        ruler.add_patterns([{"label": "word", "pattern": word} for word in self._meanings])

    def find(self, text: str) -> list[Found]:
        """Return what the lexicon's words in a normalised text name; a word inside a Latin or digit run is none."""
        found = []
        for span in self._language(text).ents:
            if not self._cuts_a_run(text, span.start_char, span.end_char):
                found += [
                    Found(
                        "gender" if entry.entity == IMPLIED_GENDER else entry.entity,
                        span.start_char,
                        span.end_char,
                        entry.value,
                    )
                    for entry in self._meanings.get(span.text, [])
                ]
        return found

    @staticmethod
    def _cuts_a_run(text: str, start: int, end: int) -> bool:
        before, first, last, after = text[start - 1 : start], text[start], text[end - 1], text[end : end + 1]
        starts_inside = bool(_ALNUM.match(before) and _ALNUM.match(first))
        return starts_inside or bool(_ALNUM.match(last) and _ALNUM.match(after))
