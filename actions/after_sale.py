"""After the sale: the customer's own orders and policies."""

from typing import List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.cashier import service as cashier
from bot.conversations import service as conversations
from bot.policies import service as policies
from bot.store import transaction

MOST_SHOWN = 5
VERIFICATION = {"type": "form", "ref": {"form_id": "verification"}}


class ActionListOrders(Action):
    """The customer's orders, newest first; open ones can be paid from their card."""

    def name(self) -> str:
        """Run on `query_order`."""
        return "action_list_orders"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """An unknown customer is asked to verify the phone number first."""
        async with transaction(read_only=True) as session:
            customer = await conversations.customer_of(session, tracker.sender_id)
            orders = await cashier.list_of_customer(session, customer) if customer else []
        if customer is None:
            dispatcher.utter_message(response="utter_verify_first", json_message=VERIFICATION)
        elif not orders:
            dispatcher.utter_message(response="utter_orders_none")
        for order in orders[:MOST_SHOWN]:
            dispatcher.utter_message(
                response="utter_order", json_message={"type": "cashier", "ref": {"order_id": str(order.id)}}
            )
        return []


class ActionListPolicies(Action):
    """The customer's policies, newest first, each with its download."""

    def name(self) -> str:
        """Run on `query_policy`."""
        return "action_list_policies"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """An unknown customer is asked to verify the phone number first."""
        async with transaction(read_only=True) as session:
            customer = await conversations.customer_of(session, tracker.sender_id)
            owned = await policies.list_of_customer(session, customer) if customer else []
        if customer is None:
            dispatcher.utter_message(response="utter_verify_first", json_message=VERIFICATION)
        elif not owned:
            dispatcher.utter_message(response="utter_policies_none")
        for policy in owned[:MOST_SHOWN]:
            dispatcher.utter_message(
                response="utter_policy", json_message={"type": "policy", "ref": {"policy_no": str(policy.policy_no)}}
            )
        return []
