"""Makes Rasa's user message of a request: customer text can never be a payload, buttons and events need no model."""

import unicodedata
from typing import Any, Dict, List, Optional

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.domain import Domain

from bot.channels.rasa.failures import TurnRefused
from bot.channels.rasa.schemas import TurnRequest

CHANNEL = "heyu"
HARMLESS_SLASH = "\N{DIVISION SLASH}"


class SilentChannel(OutputChannel):
    """Sends nothing: the replies are read from the tracker, where they are still whole."""

    @classmethod
    def name(cls) -> str:
        """The name by which responses of domain.yml may be written for this channel."""
        return CHANNEL

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Nothing is sent."""


def without_payload(text: str) -> str:
    """The text with a slash in front made harmless (U+2215), so that Rasa does not read `/intent{…}` in it.

    In front means: before the first letter or number, because the normaliser turns other characters into blanks,
    which Rasa strips, and `／` into `/`. The length stays, so entity offsets stay valid.
    """
    for place, character in enumerate(text):
        if unicodedata.category(character)[0] in "LN":
            break
        if unicodedata.normalize("NFKC", character).startswith("/"):
            return text[:place] + HARMLESS_SLASH + text[place + 1 :]
    return text


def text_message(text: str, conversation_id: Optional[str] = None, message_id: Optional[str] = None) -> UserMessage:
    """A customer's text as Rasa's message, unstripped, so that offsets refer to what the customer wrote."""
    message = UserMessage(None, SilentChannel(), conversation_id, input_channel=CHANNEL, message_id=message_id)
    message.text = without_payload(text)
    return message


def user_message(request: TurnRequest, domain: Domain) -> UserMessage:
    """Rasa's message for a request; one with an intent brings its own parse data and is not given to the model.

    An event has no text: a `from_text` slot would take it as the answer. Actions read the kind in the metadata.

    Raises TurnRefused when the domain has no such intent.
    """
    message = text_message(
        request.text or "" if request.kind == "text" else "", request.conversation_id, request.message_id
    )
    message.metadata = {"kind": request.kind}
    if request.kind == "text":
        return message
    message.text = request.text if request.kind == "button" else None
    message.parse_data = _server_made(request, domain)
    return message


def _server_made(request: TurnRequest, domain: Domain) -> Dict[str, Any]:
    intent, _, key = str(request.intent).partition("/")
    if intent not in domain.intents:
        raise TurnRefused("unknown_intent", name=intent)
    named: Dict[str, Any] = {"name": intent, "confidence": 1.0}
    parse_data: Dict[str, Any] = {
        "text": request.text if request.kind == "button" else None,
        "intent": named,
        "entities": _entities(request),
        "intent_ranking": [dict(named)],
    }
    if key:
        named["full_retrieval_intent_name"] = request.intent
        chosen = {"intent_response_key": request.intent, "utter_action": f"utter_{request.intent}", "confidence": 1.0}
        parse_data["response_selector"] = {
            "all_retrieval_intents": [intent],
            intent: {"response": chosen, "ranking": []},
        }
    return parse_data


def _entities(request: TurnRequest) -> List[Dict[str, Any]]:
    made = (entity.dict(exclude_none=True) for entity in request.entities)
    return [{"value": None, **entity, "confidence_entity": 1.0, "extractor": "server"} for entity in made]
