"""Speaks to the connector as the gateway does, and looks into the tracker database."""

import itertools
import json
from pathlib import Path
from typing import Any, ClassVar, Dict, List, Optional, Tuple

import httpx
import pytest
import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from bot.channels.rasa.endpoint import ActionEndpoint
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

    def restart(self, model: Optional[Path], store: Optional[TrackerStore] = None) -> None:
        """A new agent on the same database, as a new process has it."""
        store = store or HeyuTrackerStore(host=self.url)
        self.close()
        self.agent = Agent(
            tracker_store=store,
            lock_store=InMemoryLockStore(),
            action_endpoint=EndpointConfig(self.actions.url),
        )
        if model is not None:
            self.agent.load_model(model)
        if isinstance(store, HeyuTrackerStore):
            self.store = store
        self.app.ctx.agent = self.agent

    def close(self) -> None:
        """Close the agent's connections to the action server."""
        endpoint = getattr(getattr(self, "agent", None), "action_endpoint", None)
        if isinstance(endpoint, ActionEndpoint):
            self.loop.run(endpoint.close())

    def post(self, body: Any, headers: Optional[Dict[str, str]] = None) -> httpx.Response:
        """POST /turns."""
        return self.client.post("/webhooks/heyu/turns", json=body, headers=HEADERS if headers is None else headers)

    def raw(self, body: str) -> httpx.Response:
        """POST /turns with a body that need not be JSON."""
        return self.client.post("/webhooks/heyu/turns", content=body.encode("utf-8", "surrogatepass"), headers=HEADERS)

    def hang_up(self, body: Any, after: float) -> None:
        """POST /turns and close the connection before the answer comes."""
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{self.client.base_url}/webhooks/heyu/turns", json=body, headers=HEADERS, timeout=after)

    def health(self) -> Tuple[int, Dict[str, Any]]:
        """GET /health: status and body."""
        answer = self.client.get("/webhooks/heyu/health")
        return answer.status_code, answer.json()

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
        return stored_events(self.store, conversation_id)

    def heard(self, conversation_id: str = "c") -> List[Optional[str]]:
        """The message ids on the tracker, in order."""
        return [event["message_id"] for event in self.stored(conversation_id) if event["event"] == "user"]


def stored_events(store: HeyuTrackerStore, conversation_id: str) -> List[Dict[str, Any]]:
    """All events of a conversation in the database, in order."""
    query = sa.select(EVENTS.c.data).where(EVENTS.c.sender_id == conversation_id).order_by(EVENTS.c.id)
    with store.engine.connect() as connection:
        return [json.loads(data) for data in connection.execute(query).scalars()]


def texts(answer: Dict[str, Any]) -> List[str]:
    """The texts of the replies."""
    return [reply.get("text") for reply in answer["replies"]]
