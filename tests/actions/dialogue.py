"""A dialogue in one process: Rasa's policies on the repository's rules, the actions called directly, no understanding.

What the customer means is given as intent and entities, so that these tests are about the dialogue alone.
"""

import json
from pathlib import Path
from typing import Any, Dict, List, Optional

import rasa
from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from bot.ids import new_id
from bot.settings import ROOT

CONFIG = """
recipe: default.v1
assistant_id: heyu
language: zh
pipeline:
  - name: KeywordIntentClassifier
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
"""
RETRIEVED = ("faq", "chitchat")
RETRIEVAL = """
version: "3.1"
nlu:
  - intent: faq/sample
    examples: |
      - 常见问题
  - intent: chitchat/sample
    examples: |
      - 闲聊
responses:
  utter_faq/sample:
    - text: 常见问题的答案
  utter_chitchat/sample:
    - text: 闲聊的答案
"""


def train(folder: Path) -> str:
    """Train the policies on the repository's rules and stories; returns the model's path."""
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "nlu.yml").write_text(RETRIEVAL, encoding="utf-8")
    data = [str(ROOT / "data" / "rules"), str(ROOT / "data" / "stories"), str(folder / "nlu.yml")]
    trained = rasa.train(str(ROOT / "domain.yml"), str(folder / "config.yml"), data, output=str(folder))
    assert trained.model, "the rules contradict each other"
    return str(trained.model)


class InProcess(EndpointConfig):
    """Calls the actions where Rasa would call the action server."""

    def __init__(self) -> None:
        super().__init__("http://actions.invalid")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")
        self.calls: List[str] = []

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run the action that is asked for; an error in it is an error of the test."""
        self.calls.append(kwargs["json"]["next_action"])
        return await self._executor.run(kwargs["json"])


async def load(model: str) -> Agent:
    """Rasa with a trained model and the actions in this process."""
    agent = await load_agent(model_path=model)
    agent.action_endpoint = agent.processor.action_endpoint = InProcess()
    return agent


class Dialogue:
    """One conversation. `replies` holds what was answered last, as Rasa's bot events."""

    def __init__(self, agent: Agent, conversation_id: str) -> None:
        self.agent = agent
        self.conversation_id = conversation_id
        self.endpoint: InProcess = agent.action_endpoint
        self.replies: List[Dict[str, Any]] = []

    async def hears(self, intent: str, text: str = "……", kind: str = "text", **entities: Any) -> List[Dict[str, Any]]:
        """One turn; a list as the value of an entity stands for several of them."""
        found = [
            {"entity": name, "value": value}
            for name, values in entities.items()
            for value in (values if isinstance(values, list) else [values])
        ]
        message = UserMessage(text, sender_id=self.conversation_id, message_id=new_id(), metadata={"kind": kind})
        message.parse_data = {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": found}
        if intent in RETRIEVED:
            chosen = {"intent_response_key": f"{intent}/sample", "utter_action": f"utter_{intent}/sample"}
            message.parse_data["response_selector"] = {"all_retrieval_intents": [intent], intent: {"response": chosen}}
        self.endpoint.calls.clear()
        await self.agent.processor.handle_message(message)
        tracker = await self.tracker()
        events = list(tracker.events)
        last = max(place for place, event in enumerate(events) if isinstance(event, UserUttered))
        self.replies = [{"text": e.text, **e.data} for e in events[last:] if isinstance(e, BotUttered)]
        return self.replies

    async def clicks(self, title: str) -> List[Dict[str, Any]]:
        """Click a button of the last answers."""
        payload = next(b["payload"] for reply in self.replies for b in reply["buttons"] or [] if title in b["title"])
        intent, brace, values = payload[1:].partition("{")
        return await self.hears(intent, title, "button", **(json.loads(brace + values) if brace else {}))

    async def tracker(self) -> Any:
        """The conversation as Rasa keeps it."""
        return await self.agent.processor.get_tracker(self.conversation_id)

    async def slot(self, name: str) -> Any:
        """The value of a slot now."""
        return (await self.tracker()).get_slot(name)

    async def form(self) -> Optional[str]:
        """The form that is active now."""
        return (await self.tracker()).active_loop_name

    @property
    def texts(self) -> str:
        """What was answered last, in one string."""
        return "\n".join(reply["text"] or "" for reply in self.replies)

    @property
    def titles(self) -> List[str]:
        """The titles of the buttons of the last answers."""
        return [button["title"] for reply in self.replies for button in reply["buttons"] or []]

    @property
    def cards(self) -> List[Dict[str, Any]]:
        """The cards of the last answers."""
        return [reply["custom"] for reply in self.replies if reply.get("custom")]
