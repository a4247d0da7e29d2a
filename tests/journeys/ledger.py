"""The books after a journey: what the databases say about messages, turns and sales, held against the wire."""

import asyncio
import json
from collections import Counter
from typing import Any, Callable, Dict, List, Optional

import sqlalchemy as sa

from bot.records import service as records
from bot.settings import Settings
from bot.store.engine import Database
from tests.journeys.customer import PATIENCE_SECONDS, Customer
from tests.stack import Stack

POLL_SECONDS = 0.05
Row = Dict[str, Any]


class Ledger:
    """Reads both databases of a stack while it runs."""

    def __init__(self, stack: Stack) -> None:
        settings = stack.environment("gateway")
        self.url = settings.get("HEYU_DATABASE_URL") or f"sqlite+aiosqlite:///{stack.var / 'heyu.db'}"
        trackers = settings.get("HEYU_TRACKER_DATABASE_URL") or f"sqlite:///{stack.var / 'trackers.db'}"
        self._domain = _engine(self.url.replace("+aiosqlite", "").replace("+asyncpg", "+psycopg2"))
        schema = settings.get("HEYU_TRACKER_SCHEMA") or str(Settings.__fields__["tracker_schema"].default)
        self._trackers = _engine(trackers, schema)

    def rows(self, query: str, **values: Any) -> List[Row]:
        """Rows of the domain database."""
        return _rows(self._domain, query, values)

    def turns(self, conversation_id: str) -> Dict[str, Row]:
        """What rasa answered, by message id."""
        query = "SELECT message_id, answer FROM turns WHERE sender_id = :c"
        rows = _rows(self._trackers, query, {"c": conversation_id})
        return {row["message_id"]: json.loads(row["answer"]) for row in rows}

    def heard(self, conversation_id: str) -> List[str]:
        """The ids of the messages that moved the dialogue, in order; those repeated at a new session left out."""
        query = "SELECT data FROM events WHERE sender_id = :c AND type_name = 'user' ORDER BY id"
        events = [json.loads(row["data"]) for row in _rows(self._trackers, query, {"c": conversation_id})]
        return [event["message_id"] for event in events if not (event.get("metadata") or {}).get("carried")]

    def understood(self, conversation_id: str) -> List[Dict[str, Any]]:
        """What rasa made of each message, oldest first: intent and entities."""
        query = "SELECT data FROM events WHERE sender_id = :c AND type_name = 'user' ORDER BY id"
        rows = _rows(self._trackers, query, {"c": conversation_id})
        return [json.loads(row["data"])["parse_data"] for row in rows]

    def write(self, statement: str, **values: Any) -> None:
        """Change the domain database as time or an operator would."""
        with self._domain.begin() as connection:
            connection.execute(sa.text(statement), values)

    def events(self, conversation_id: str) -> int:
        """How many events the tracker holds."""
        query = "SELECT count(*) AS n FROM events WHERE sender_id = :c"
        return int(_rows(self._trackers, query, {"c": conversation_id})[0]["n"])

    def inbox(self, conversation_id: str, state: Optional[str] = None) -> List[Row]:
        """The inbox of a conversation, oldest first."""
        rows = self.rows("SELECT * FROM inbox WHERE conversation_id = :c ORDER BY seq", c=conversation_id)
        return [row for row in rows if state in (None, row["state"])]

    def messages(self, conversation_id: str) -> List[Row]:
        """The numbered messages of a conversation, oldest first."""
        return self.rows("SELECT * FROM messages WHERE conversation_id = :c ORDER BY seq", c=conversation_id)

    async def until(self, happened: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until the books say so. Raises asyncio.TimeoutError."""

        async def watch() -> None:
            while not happened():
                await asyncio.sleep(POLL_SECONDS)

        await asyncio.wait_for(watch(), seconds)

    async def settled(self, customer: Customer) -> None:
        """Wait until nothing of the conversation is pending and the customer has received all of it."""
        conversation = customer.conversation_id
        await self.until(lambda: not self.inbox(conversation, "pending"))
        head = self.messages(conversation)[-1]["seq"]
        await customer.until(lambda: customer.whole_until() >= head)

    def check_conversation(self, customer: Customer) -> None:
        """Every message stored once, in the order sent, heard once, answered once, delivered."""
        messages = self.messages(customer.conversation_id)
        numbers = [row["seq"] for row in messages]
        assert numbers == list(range(1, len(messages) + 1)), "seq has gaps, or something was suppressed"
        assert [row["client_msg_id"] for row in messages if row["sender"] == "customer"] == customer.sent
        self._check_turns(customer.conversation_id, messages)
        stored = {row["seq"]: row["id"] for row in messages}
        assert {seq: message["message_id"] for seq, message in customer.messages.items()} == stored
        assert all(len(ids) == 1 for ids in customer.seen.values()), "one seq, two messages"

    def _check_turns(self, conversation_id: str, messages: List[Row]) -> None:
        inbox = self.inbox(conversation_id)
        assert {row["state"] for row in inbox} <= {"done"}, [(row["state"], row["error"]) for row in inbox]
        asked = [row["message_id"] for row in inbox]
        assert self.heard(conversation_id) == asked, "rasa heard something else than the inbox holds"
        turns = self.turns(conversation_id)
        assert sorted(turns) == sorted(asked)
        replies = Counter(row["reply_to"] for row in messages if row["sender"] == "assistant")
        assert replies == Counter({key: len(turn["replies"]) for key, turn in turns.items() if turn["replies"]})

    async def check_sales(self, conversation_id: str, policies: int) -> None:
        """As many applications, paid orders, payments and policies as purchases, and records that verify."""
        where = "WHERE conversation_id = :c"
        applications = self.rows(f"SELECT id, status, policy_no FROM applications {where}", c=conversation_id)
        orders = self.rows(f"SELECT id, application_id, status, policy_no FROM orders {where}", c=conversation_id)
        issued = self.rows(f"SELECT policy_no, order_id, application_id FROM policies {where}", c=conversation_id)
        assert [len(found) for found in (applications, orders, issued)] == [policies] * 3
        assert {row["policy_no"] for row in applications} == {row["policy_no"] for row in orders}
        assert {row["policy_no"] for row in issued} == {row["policy_no"] for row in orders}
        for order in orders:
            assert order["status"] == "issued", order
            self._check_payments(order["id"])
        await self._check_records({row["id"] for row in applications})

    def _check_payments(self, order_id: str) -> None:
        """One payment succeeded, in our books and in the bank's."""
        ours = self.rows("SELECT status FROM payments WHERE order_id = :o", o=order_id)
        assert [row["status"] for row in ours].count("succeeded") == 1, ours
        bank = self.rows("SELECT status FROM sandbox_payments WHERE order_id = :o", o=order_id)
        assert [row["status"] for row in bank].count("paid") == 1, bank

    async def _check_records(self, applications: set) -> None:
        database = Database(self.url)
        try:
            async with database.transaction(read_only=True) as session:
                for chain in applications:
                    found = await records.verify(session, chain)
                    assert found.valid and found.length > 10, found
        finally:
            await database.dispose()


def _engine(url: str, schema: str = "public") -> sa.engine.Engine:
    options = {} if url.startswith("sqlite") else {"options": f"-csearch_path={schema}"}
    return sa.create_engine(url, future=True, poolclass=sa.pool.NullPool, connect_args=options)


def _rows(engine: sa.engine.Engine, query: str, values: Dict[str, Any]) -> List[Row]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.text(query), values).mappings()]
