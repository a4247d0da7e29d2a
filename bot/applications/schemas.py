"""What the application and the dialogue say to each other: Said goes in, Prompt and Outcome come out."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Dict, List, Literal, Mapping, Optional

Kind = Literal["text", "button", "event"]


@dataclass(frozen=True)
class Said:
    """What the customer, or an event on the customer's behalf, said in one turn.

    `intent` and `entities` are what the dialogue understood; for buttons and events the server made them.
    `message_id` makes the answer idempotent.
    """

    intent: Optional[str]
    text: str
    entities: Mapping[str, Any]
    message_id: str
    kind: Kind = "text"

    def entity(self, name: str) -> Optional[str]:
        """The first value of an entity as text, or None."""
        values = self.entity_values(name)
        return values[0] if values else None

    def entity_values(self, name: str) -> List[str]:
        """All values of an entity as texts, in the order in which they were said."""
        value = self.entities.get(name)
        if value is None:
            return []
        return [str(item) for item in value] if isinstance(value, (list, tuple)) else [str(value)]


@dataclass(frozen=True)
class Choice:
    """A button: its title and the intent with entities that a click stands for."""

    title: str
    intent: str
    entities: Dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Prompt:
    """What to ask now; the words are the response `utter_application_<code>` with `values` filled in.

    `card` is `{"type", "ref"}` of a message that the gateway loads, or None for plain words.
    """

    code: str
    values: Dict[str, Any] = field(default_factory=dict)
    card: Optional[Dict[str, Any]] = None
    choices: List[Choice] = field(default_factory=list)

    @property
    def response(self) -> str:
        """The name of the response in domain.yml."""
        return f"utter_application_{self.code}"


class OutcomeKind(str, Enum):
    """How an answer was taken."""

    ACCEPTED = "accepted"
    NOT_AN_ANSWER = "not_an_answer"
    INVALID = "invalid"
    FINISHED = "finished"


@dataclass(frozen=True)
class Outcome:
    """How an answer was taken; INVALID and FINISHED carry the code of the response that says so."""

    kind: OutcomeKind
    code: Optional[str] = None
    values: Dict[str, Any] = field(default_factory=dict)

    @classmethod
    def accepted(cls) -> "Outcome":
        """The answer was taken; present the next prompt."""
        return cls(OutcomeKind.ACCEPTED)

    @classmethod
    def not_an_answer(cls) -> "Outcome":
        """The words do not answer the prompt: a digression."""
        return cls(OutcomeKind.NOT_AN_ANSWER)

    @classmethod
    def invalid(cls, code: str, **values: Any) -> "Outcome":
        """Meant as an answer, but it cannot be taken; say `utter_application_<code>` and ask again."""
        return cls(OutcomeKind.INVALID, code, values)

    @classmethod
    def finished(cls, code: str) -> "Outcome":
        """The application is over; `present` has the closing words."""
        return cls(OutcomeKind.FINISHED, code)

    @property
    def response(self) -> Optional[str]:
        """The name of the response in domain.yml that belongs to the code."""
        return f"utter_application_{self.code}" if self.code else None

    def to_json(self) -> Dict[str, Any]:
        """For the store of use cases done once."""
        return {"kind": self.kind.value, "code": self.code, "values": self.values}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Outcome":
        """The outcome that `to_json` wrote."""
        return cls(OutcomeKind(stored["kind"]), stored["code"], dict(stored["values"]))


class Status(str, Enum):
    """Where an application stands; docs/application.md draws the transitions."""

    OPEN = "open"
    PAUSED = "paused"
    HUMAN_REVIEW = "human_review"
    ISSUED = "issued"
    DECLINED = "declined"
    ABANDONED = "abandoned"
    EXPIRED = "expired"

    @property
    def is_live(self) -> bool:
        """Whether the purchase can still go on."""
        return self in (Status.OPEN, Status.PAUSED, Status.HUMAN_REVIEW)


@dataclass(frozen=True)
class ApplicationState:
    """An application at a glance; `step` is the code of the first step that is not done, None when it is over."""

    id: str
    conversation_id: str
    product_code: str
    product_version: str
    status: Status
    step: Optional[str]
    policy_no: Optional[str] = None
