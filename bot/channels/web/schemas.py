"""Shapes of the chat's HTTP routes."""

from typing import Any, Dict, List, Optional, Type, TypeVar

from pydantic import BaseModel, Field, ValidationError
from sanic.request import Request

from bot.errors import Invalid

Model = TypeVar("Model", bound=BaseModel)


class Session(BaseModel):
    """A new conversation and the secret that opens it again."""

    conversation_id: str
    resume_token: str = Field(description="keep it on the device; sent in Authorization and in the socket's auth")


class WireMessage(BaseModel):
    """One message as a client sees it."""

    message_id: str
    seq: int
    sender: str = Field(description="customer, assistant, agent or system")
    type: str
    body: Dict[str, Any]
    at: str
    client_msg_id: Optional[str] = None
    reply_to: Optional[str] = None


class HistoryQuery(BaseModel):
    """Which page of the history."""

    before_seq: Optional[int] = Field(None, ge=1, description="only messages before this seq; default: the newest")
    limit: int = Field(50, ge=1, le=100)


class History(BaseModel):
    """A page of the history, oldest first."""

    messages: List[WireMessage]


def body_of(request: Request, model: Type[Model]) -> Model:
    """The JSON body as a model. Raises Invalid with a code for each field at fault."""
    content = request.json
    return checked(model, content if isinstance(content, dict) else {})


def query_of(request: Request, model: Type[Model]) -> Model:
    """The query string as a model. Raises Invalid with a code for each field at fault."""
    return checked(model, {name: values[0] for name, values in request.args.items()})


def checked(model: Type[Model], values: Dict[str, Any]) -> Model:
    """The values as a model. Raises Invalid with a code for each field at fault."""
    try:
        return model(**values)
    except ValidationError as error:
        fields = {str(problem["loc"][0]): _code(problem["type"]) for problem in error.errors()}
        raise Invalid(fields=fields) from error


def _code(problem: str) -> str:
    return "field_missing" if problem in ("value_error.missing", "type_error.none.not_allowed") else "field_invalid"
