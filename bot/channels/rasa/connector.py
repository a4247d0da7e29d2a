"""Rasa's input channel: POST /turns and /parse behind a shared secret, GET /health; nothing else of Rasa answers."""

import asyncio
import hmac
import json
import logging
from typing import Any, Awaitable, Callable, Coroutine, Dict, Optional, Set, Type, TypeVar

from pydantic import BaseModel, ValidationError
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.channels.rasa import validator
from bot.channels.rasa.endpoint import ActionEndpoint
from bot.channels.rasa.failures import TurnFailed, TurnRefused
from bot.channels.rasa.messages import CHANNEL
from bot.channels.rasa.schemas import ParseRequest, TurnRequest
from bot.channels.rasa.turns import prepare, take_turn, understand
from bot.errors import HeyuError, Unauthorized
from bot.settings import settings

LARGEST_BODY = 256 * 1024
TRIAL_TEXT = "你好"
SECRET_HEADER = "X-Heyu-Secret"

logger = logging.getLogger(__name__)
validator.install()

_Body = TypeVar("_Body", bound=BaseModel)
_Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


class Malformed(HeyuError):
    """The body is not what the route expects; `problems` maps fields to what is wrong, without their values."""

    status = 400

    def __init__(self, problems: Dict[str, str]) -> None:
        super().__init__("malformed")
        self.problems = problems


class TurnsInput(InputChannel):
    """The one way into Rasa; credentials.yml names this class and needs no entries for it."""

    def __init__(self) -> None:
        self._turns: Set[asyncio.Task[Dict[str, Any]]] = set()
        self._tried: Optional[MessageProcessor] = None

    @classmethod
    def name(cls) -> str:
        """The routes are under /webhooks/heyu."""
        return CHANNEL

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes; Rasa's own handler is not used, it answers nothing and loses errors."""
        blueprint = Blueprint("heyu_turns")
        blueprint.add_route(_guarded(self._turn), "/turns", methods=["POST"], name="turns")
        blueprint.add_route(_guarded(self._parse), "/parse", methods=["POST"], name="parse")
        blueprint.add_route(_guarded(self._health, open_to_all=True), "/health", methods=["GET"], name="health")
        blueprint.listener("before_server_start")(_close_other_ways)
        blueprint.listener("before_server_stop")(self._finish)
        return blueprint

    async def _turn(self, request: Request) -> HTTPResponse:
        """A turn goes on when its caller hangs up: the caller will ask again and find it done."""
        turn = asyncio.ensure_future(take_turn(request.app.ctx.agent, _body(request, TurnRequest)))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        return _answer(await asyncio.shield(turn))

    async def _parse(self, request: Request) -> HTTPResponse:
        return _answer(await understand(request.app.ctx.agent, _body(request, ParseRequest).text))

    async def _health(self, request: Request) -> HTTPResponse:
        """200 when turns can be taken, else 503; the model's id either way.

        A newly loaded model is tried on a text once: one that does not fit the code would fail at every turn, and the
        first text is slow.
        """
        agent = request.app.ctx.agent
        try:
            processor = prepare(agent)
            if processor is not self._tried:
                await understand(agent, TRIAL_TEXT)
            self._tried = processor
        except TurnFailed as error:
            return _answer({"ready": False, "model_id": agent.model_id, "error": error.code}, error.status)
        return _answer({"ready": True, "model_id": agent.model_id})

    async def _finish(self, app: Sanic, _loop: Any) -> None:
        """Let running turns end, then close the connections to the action server."""
        if self._turns:
            await asyncio.wait(self._turns, timeout=settings().turn_seconds)
        endpoint = getattr(app.ctx.agent, "action_endpoint", None)
        if isinstance(endpoint, ActionEndpoint):
            await endpoint.close()


def _guarded(handler: _Handler, open_to_all: bool = False) -> _Handler:
    """The handler behind the secret, with errors as JSON `{"error": code}`."""

    async def answer(request: Request) -> HTTPResponse:
        try:
            if not open_to_all:
                _check_secret(request)
            return await handler(request)
        except Malformed as error:
            return _answer({"error": error.code, "fields": error.problems}, error.status)
        except TurnRefused as error:
            return _answer({"error": error.code, **error.values}, error.status)
        except HeyuError as error:
            return _answer({"error": error.code}, error.status)

    return answer


def _check_secret(request: Request) -> None:
    expected = settings().connector_secret.get_secret_value().encode()
    if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), expected):
        raise Unauthorized()


def _body(request: Request, model: Type[_Body]) -> _Body:
    try:
        content = json.loads(request.body)
    except ValueError as error:
        raise Malformed({"body": "not JSON"}) from error
    if not isinstance(content, dict):
        raise Malformed({"body": "not an object"})
    try:
        return model(**content)
    except ValidationError as error:
        raise Malformed({".".join(map(str, e["loc"])): e["msg"] for e in error.errors()}) from error


def _answer(body: Dict[str, Any], status: int = 200) -> HTTPResponse:
    return json_response(body, status=status, dumps=json.dumps)


async def _close_other_ways(app: Sanic, _loop: Any) -> None:
    app.config.REQUEST_MAX_SIZE = LARGEST_BODY
    app.register_middleware(_only_this_channel, "request")


async def _only_this_channel(request: Request) -> Optional[HTTPResponse]:
    """Rasa's greeting at / and the routes of any other channel do not answer."""
    if request.path.startswith(f"/webhooks/{CHANNEL}/"):
        return None
    return _answer({"error": "not_found"}, 404)
