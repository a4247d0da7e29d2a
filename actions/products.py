"""Products: what is on the shelf, what may suit, one of them, two compared."""

from typing import List, Optional, Sequence

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from actions.factors import known_factors
from bot.catalogue import service as catalogue
from bot.catalogue.models import Product

COMPARED = 2


class ActionBrowseProducts(Action):
    """All products on the shelf, as cards."""

    def name(self) -> str:
        """Run on `browse_products`."""
        return "action_browse_products"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """Shows the whole shelf, in the order of the codes: no ranking."""
        show(dispatcher, "utter_products", catalogue.products())
        return []


class ActionRecommendProduct(Action):
    """The products whose age limits admit the person described, as cards."""

    def name(self) -> str:
        """Run on `recommend_product`."""
        return "action_recommend_product"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """Without an age it is the whole shelf; never a ranking by price."""
        age = known_factors(tracker).get("age")
        named = mentioned(tracker)
        fitting = [
            product
            for product in named or catalogue.products()
            if age is None or product.limits.age.min <= age <= product.limits.age.max
        ]
        if not fitting:
            dispatcher.utter_message(response="utter_products_none")
            return []
        show(dispatcher, "utter_products" if age is None else "utter_products_suitable", fitting)
        return []


class ActionShowProduct(Action):
    """One product, as a card."""

    def name(self) -> str:
        """Run on `ask_product`."""
        return "action_show_product"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """The product named, else the one in hand, else asks which."""
        product = next(iter(mentioned(tracker)), None) or in_hand(tracker)
        if product is None:
            ask_which(dispatcher, "ask_product")
            return []
        show(dispatcher, "utter_product", [product])
        return [] if (tracker.active_loop or {}).get("name") else [SlotSet("product", product.code)]


class ActionCompareProducts(Action):
    """Two products side by side: facts only, no verdict."""

    def name(self) -> str:
        """Run on `compare_products`."""
        return "action_compare_products"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """The two named, or the one named and the one in hand; each fact is quoted with its clause."""
        named = mentioned(tracker)
        held = in_hand(tracker)
        if held is not None and held not in named:
            named = [*named, held]
        if len(named) < COMPARED:
            dispatcher.utter_message(response="utter_compare_which")
            return []
        first, second = named[:COMPARED]
        show(dispatcher, "utter_compare", [first, second])
        for product, other in ((first, second), (second, first)):
            facts = [fact for name, fact in product.facts.items() if name in other.facts]
            lines = "\n".join(f"{fact.label}：{fact.text}（{fact.clause}）" for fact in facts)
            dispatcher.utter_message(response="utter_compare_facts", product=product.name, facts=lines)
        return []


def show(dispatcher: CollectingDispatcher, response: str, products: Sequence[Product]) -> None:
    """Product cards; the gateway loads their bodies."""
    codes = [product.code for product in products]
    dispatcher.utter_message(response=response, json_message={"type": "product_cards", "ref": {"codes": codes}})


def ask_which(dispatcher: CollectingDispatcher, intent: str) -> None:
    """Asks which product is meant; the answer repeats the intent with the product."""
    dispatcher.utter_message(
        response="utter_which_product",
        buttons=[
            {"title": product.short_name, "payload": turn.payload(intent, {"product": product.code})}
            for product in catalogue.products()
        ],
    )


def mentioned(tracker: Tracker) -> List[Product]:
    """The products named in the last message, each once."""
    value = turn.entities(tracker).get("product")
    codes = value if isinstance(value, list) else [value]
    known = {product.code: product for product in catalogue.products(offline=True)}
    return list({code: known[code] for code in codes if code in known}.values())


def in_hand(tracker: Tracker) -> Optional[Product]:
    """The product that the conversation is about, or None."""
    code = tracker.get_slot("product")
    return next((product for product in catalogue.products(offline=True) if product.code == code), None)
