"""Speaks to the connector as the gateway does, and looks into the tracker database."""

import itertools
import json
from pathlib import Path
from typing import Any, ClassVar, Dict, List, Optional

import httpx
import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from bot.channels.rasa.tracker_store import EVENTS, HeyuTrackerStore
from tests.channels.rasa.action_server import ActionServer
from tests.conftest import SECRETS

HEADERS = {"X-Heyu-Secret": SECRETS["HEYU_CONNECTOR_SECRET"]}


class Rasa:
    """The server with an agent of its own, as a client sees it."""

    app: ClassVar[Sanic]

    def __init__(self, client: httpx.Client, model: Optional[Path], actions: ActionServer, url: str, loop: Any) -> None:
        self.client = client
        self.actions = actions
        self.url = url
        self.loop = loop
        self._ids = itertools.count()
        self.restart(model)

    def restart(self, model: Optional[Path]) -> None:
        """A new agent on the same database, as a new process has it."""
        store = HeyuTrackerStore(host=self.url)
        self.agent = Agent(
            tracker_store=store,
            lock_store=InMemoryLockStore(),
            action_endpoint=EndpointConfig(self.actions.url),
        )
        if model is not None:
            self.agent.load_model(model)
        self.store = store
        self.app.ctx.agent = self.agent

    def post(self, body: Any, headers: Optional[Dict[str, str]] = None) -> httpx.Response:
        """POST /turns."""
        return self.client.post("/webhooks/heyu/turns", json=body, headers=HEADERS if headers is None else headers)

    def turn(self, text: str, message_id: Optional[str] = None, **more: Any) -> Dict[str, Any]:
        """A text message that must succeed."""
        answer = self.post(self.text(text, message_id, **more))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def text(self, text: str, message_id: Optional[str] = None, **more: Any) -> Dict[str, Any]:
        """The request of a text message, in conversation `c` unless said otherwise."""
        message_id = message_id or f"m{next(self._ids)}"
        return {"conversation_id": "c", "message_id": message_id, "kind": "text", "text": text, **more}

    def stored(self, conversation_id: str = "c") -> List[Dict[str, Any]]:
        """All stored events of a conversation."""
        query = sa.select(EVENTS.c.data).where(EVENTS.c.sender_id == conversation_id).order_by(EVENTS.c.id)
        with self.store.engine.connect() as connection:
            return [json.loads(data) for data in connection.execute(query).scalars()]

    def heard(self, conversation_id: str = "c") -> List[Optional[str]]:
        """The message ids on the tracker, in order."""
        return [event["message_id"] for event in self.stored(conversation_id) if event["event"] == "user"]


def texts(answer: Dict[str, Any]) -> List[str]:
    """The texts of the replies."""
    return [reply.get("text") for reply in answer["replies"]]
