"""The shapes of the health declaration and of what a condition means for a product."""

from typing import Optional, Tuple

from pydantic import Field

from bot.catalogue.base import Frozen


class OnlyIf(Frozen):
    """When a health question is put at all."""

    max_age: Optional[int] = None
    min_age: Optional[int] = None
    gender: Optional[str] = None

    def is_always(self) -> bool:
        """Whether the question is put to everybody."""
        return self.max_age is None and self.min_age is None and self.gender is None

    def applies(self, age: int, gender: str) -> bool:
        """Whether the question is put to an insured of this age (full years) and gender."""
        return (
            (self.max_age is None or age <= self.max_age)
            and (self.min_age is None or age >= self.min_age)
            and (self.gender is None or gender == self.gender)
        )


class HealthQuestion(Frozen):
    """A question of the health declaration and the condition topics that it asks about."""

    no: int
    category: str
    text: str
    asks: Tuple[str, ...]
    only_if: OnlyIf = OnlyIf()
    materials: Tuple[str, ...] = ()


class HealthDeclaration(Frozen):
    """The health questions of a product with the words that go before them."""

    about: str
    intro: str
    questions: Tuple[HealthQuestion, ...]


class Verdict(Frozen):
    """What one condition means for one product, within an age range; the first that fits counts."""

    conclusion: str = Field(regex="^(standard|loading|exclusion|more_documents|human_review|postponed|declined)$")
    loading_percent: Optional[int] = None
    exclusion: Optional[str] = None
    materials: Tuple[str, ...] = ()
    postpone_until: Optional[str] = None
    min_age: Optional[int] = None
    max_age: Optional[int] = None

    def fits(self, age: int) -> bool:
        """Whether it holds at this age, in full years."""
        return (self.min_age is None or age >= self.min_age) and (self.max_age is None or age <= self.max_age)


class Condition(Frozen):
    """A condition that a customer may have, as one choice after a yes, and what it leads to for one product."""

    code: str
    group: str
    group_title: str
    topic: str
    text: str
    follow_up: str = ""
    verdicts: Tuple[Verdict, ...]
