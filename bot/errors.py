"""The tree of errors, each with an HTTP status and a code; the words for people are in data/messages.yml.

HeyuError (500)
├── Invalid (422)        input that can be put right; `fields` names the ones at fault
├── Unauthorized (401)   nobody is known to be asking
├── Forbidden (403)      known, but not allowed
├── NotFound (404)
├── Conflict (409)       somebody else was first, or the step is over
├── TooMany (429)        `retry_after` seconds
└── Unavailable (503)    a part that is needed does not answer; the same call may work later
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, Mapping, Optional

import yaml

MESSAGES = Path(__file__).resolve().parent.parent / "data" / "messages.yml"


class HeyuError(Exception):
    """An error with a code (the key of its text in data/messages.yml) and the values of that text."""

    status = 500
    default_code = "internal"

    def __init__(self, code: Optional[str] = None, **values: Any) -> None:
        self.code = code or self.default_code
        self.values = values
        super().__init__(self.code)


class Invalid(HeyuError):
    """Input that can be put right; `fields` maps the name of each field at fault to an error code."""

    status = 422
    default_code = "invalid"

    def __init__(
        self, code: Optional[str] = None, *, fields: Optional[Mapping[str, str]] = None, **values: Any
    ) -> None:
        super().__init__(code, **values)
        self.fields: Dict[str, str] = dict(fields or {})


class Unauthorized(HeyuError):
    """Nobody is known to be asking."""

    status = 401
    default_code = "unauthorized"


class Forbidden(HeyuError):
    """The one who asks is known, but may not."""

    status = 403
    default_code = "forbidden"


class NotFound(HeyuError):
    """There is no such thing, or none that the one who asks may see."""

    status = 404
    default_code = "not_found"


class Conflict(HeyuError):
    """Somebody else was first, or what was meant is over."""

    status = 409
    default_code = "conflict"


class TooMany(HeyuError):
    """A limit is reached; `retry_after` is in seconds."""

    status = 429
    default_code = "too_many"

    def __init__(self, code: Optional[str] = None, *, retry_after: int = 1, **values: Any) -> None:
        super().__init__(code, **values)
        self.retry_after = retry_after


class Unavailable(HeyuError):
    """A part that is needed does not answer; the same call may work later."""

    status = 503
    default_code = "unavailable"


@lru_cache(maxsize=1)
def _messages() -> Dict[str, str]:
    return dict(yaml.safe_load(MESSAGES.read_text(encoding="utf-8")))


def text(code: str, **values: Any) -> str:
    """The sentence for a person that belongs to a code.

    Raises KeyError for a code without one: tests look every code up.
    """
    return _messages()[code].format(**values)


def message(error: HeyuError) -> str:
    """The sentence for a person that says what went wrong."""
    return text(error.code, **error.values)


def body(error: HeyuError) -> Dict[str, Any]:
    """The JSON body of an error: `{"error", "message", "fields"?}`, the same on every route."""
    answer: Dict[str, Any] = {"error": error.code, "message": message(error)}
    if isinstance(error, Invalid) and error.fields:
        answer["fields"] = {name: text(code, **error.values) for name, code in error.fields.items()}
    return answer
