"""The JSON of the connector: what a turn is asked with. Anything else is a 400."""

import re
from typing import Any, Dict, List, Literal, Optional, Union

from pydantic import BaseModel, Extra, Field, root_validator, validator

LONGEST_TEXT = 8000
"""Characters; more than the gateway lets a customer write, because vault tokens are longer than what they replace."""

_ID = re.compile(r"[0-9A-Za-z_.:\-]{1,64}")
_INTENT = re.compile(r"[A-Za-z_][\w\-]{0,80}(/[\w\-]{1,80})?")


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid


class EntityIn(_Strict):
    """An entity made by the server."""

    entity: str = Field(..., min_length=1, max_length=80)
    value: Any
    role: Optional[str] = None
    group: Optional[str] = None


class SlotEvent(BaseModel):
    """A slot that is set before the turn, in Rasa's serialised form."""

    event: Literal["slot"]
    name: str = Field(..., min_length=1, max_length=120)
    value: Any


class LoopEvent(BaseModel):
    """The form that is active from before the turn on; null ends the present one."""

    event: Literal["active_loop"]
    name: Optional[str] = Field(None, max_length=120)


class TurnRequest(_Strict):
    """One turn: a text of the customer, a clicked button (its text is its title), or an event of the server."""

    conversation_id: str
    message_id: str
    kind: Literal["text", "button", "event"]
    text: Optional[str] = Field(None, max_length=LONGEST_TEXT)
    intent: Optional[str] = None
    entities: List[EntityIn] = Field([], max_items=100)
    events_before: List[Union[SlotEvent, LoopEvent]] = Field([], max_items=300)

    @validator("entities", "events_before", pre=True)
    def _null_is_empty(cls, value: Any) -> Any:
        return [] if value is None else value

    @validator("conversation_id", "message_id", pre=True)
    def _is_an_id(cls, value: Any) -> str:
        if not isinstance(value, str) or not _ID.fullmatch(value):
            raise ValueError("1 to 64 letters, digits or _ . : -")
        return value

    @validator("intent")
    def _is_an_intent(cls, value: Optional[str]) -> Optional[str]:
        if value is not None and not _INTENT.fullmatch(value):
            raise ValueError("an intent without a slash in front, or intent/response")
        return value

    @root_validator(skip_on_failure=True)
    def _fits_its_kind(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        kind = values["kind"]
        if kind != "event" and values["text"] is None:
            raise ValueError("text is missing")
        if kind == "text" and (values["intent"] or values["entities"]):
            raise ValueError("a text carries neither intent nor entities: they come from the model")
        if kind != "text" and not values["intent"]:
            raise ValueError("intent is missing")
        return values


class ParseRequest(_Strict):
    """A text to be understood without any conversation."""

    text: str = Field(..., max_length=LONGEST_TEXT)
