"""The assistant as the gateway sees it: one turn in, replies out. Rasa's connector is the real implementation."""

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Protocol

import httpx

from bot.conversations.claims import Claim


class TurnFailed(Exception):
    """No answer to a turn; the same turn may be asked for again. `blames_message`: the message itself was refused."""

    def __init__(self, reason: str, *, blames_message: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.blames_message = blames_message


@dataclass(frozen=True)
class Turn:
    """What a turn brought: replies, the assistant's state after it, how it understood the message, which model."""

    replies: List[Dict[str, Any]]
    state: Dict[str, Any] = field(default_factory=dict)
    trace: Dict[str, Any] = field(default_factory=dict)
    model_id: Optional[str] = None


class Assistant(Protocol):
    """Who answers while no human does."""

    async def turn(self, claim: Claim) -> Turn:
        """Let the assistant deal with one inbox row. Idempotent on the message id. Raises TurnFailed."""

    async def healthy(self) -> bool:
        """Whether the assistant and its actions are up, so that a failure must be the message's own."""


class RasaAssistant:
    """Rasa behind the connector bot/channels/rasa; see docs/message.md and docs/rasa-connector.md."""

    def __init__(self, rasa_url: str, actions_url: str, secret: str, timeout: float) -> None:
        self._turns = f"{rasa_url}/webhooks/heyu/turns"
        self._health = f"{rasa_url}/webhooks/heyu/health"
        self._actions_health = actions_url.rsplit("/", 1)[0] + "/health"
        headers = {"X-Heyu-Secret": secret}
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=32)
        self._http = httpx.AsyncClient(headers=headers, timeout=timeout, limits=limits, trust_env=False)

    async def turn(self, claim: Claim) -> Turn:
        """POST the turn. Raises TurnFailed for anything but a complete answer."""
        try:
            response = await self._http.post(self._turns, json=_request(claim))
        except httpx.HTTPError as error:
            raise TurnFailed(type(error).__name__) from error
        if response.status_code != 200:
            raise TurnFailed(f"status {response.status_code}", blames_message=response.status_code in (400, 413, 422))
        try:
            answer = response.json()
            return Turn(list(answer["replies"]), dict(answer["state"]), dict(answer["trace"]), answer.get("model_id"))
        except (ValueError, KeyError, TypeError) as error:
            raise TurnFailed("malformed answer") from error

    async def healthy(self) -> bool:
        """Whether Rasa has a model ready and its action server answers."""
        return await self.ready() and await self.actions_answer()

    async def ready(self) -> bool:
        """Whether Rasa has a model ready."""
        try:
            response = await self._http.get(self._health, timeout=3.0)
            return response.status_code == 200 and bool(response.json().get("ready"))
        except (httpx.HTTPError, ValueError):
            return False

    async def actions_answer(self) -> bool:
        """Whether the action server answers."""
        try:
            return (await self._http.get(self._actions_health, timeout=3.0)).status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()


def _request(claim: Claim) -> Dict[str, Any]:
    request: Dict[str, Any] = {
        "conversation_id": claim.conversation_id,
        "message_id": claim.message_id,
        "kind": claim.kind,
        "entities": [{"entity": name, "value": value} for name, value in claim.entities.items()],
        "events_before": claim.events_before,
    }
    if claim.text is not None:
        request["text"] = claim.text
    if claim.intent is not None:
        request["intent"] = claim.intent
    return request
