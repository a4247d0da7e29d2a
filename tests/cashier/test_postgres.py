"""On PostgreSQL, where writers really run at the same time: one policy, unique numbers, one sound record."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from bot.cashier import process, service
from bot.cashier.providers.base import Method
from bot.ids import new_id
from bot.policies import documents, numbers
from bot.records import service as records
from bot.store import Database, transaction, use
from bot.store.base import Base
from bot.store.tables.policies import Policy
from tests.policies.test_issue import confirmed, issue
from tests.services import postgres_database

pytestmark = pytest.mark.services


@pytest.fixture
async def database(own_var_dir) -> AsyncIterator[Database]:
    async with postgres_database() as url:
        fresh = Database(url)
        async with fresh.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        use(fresh)
        yield fresh
        use(None)
        await fresh.dispose()


async def policies_issued() -> int:
    async with transaction(read_only=True) as session:
        return (await session.execute(select(func.count()).select_from(Policy))).scalar_one()


async def test_notices_at_the_same_time_make_one_policy(shop):
    payment_id = await shop.begin()
    notice = shop.notice(payment_id)
    verdicts = await asyncio.gather(*(shop.receive(each) for each in [notice, notice, shop.notice(payment_id)]))
    assert sorted(verdict.reason for verdict in verdicts) == ["paid", "repeated", "repeated"]
    assert (await shop.order()).status == "issued"
    assert await policies_issued() == 1


async def test_two_wallets_at_the_same_time_pay_once(shop):
    both = [await shop.begin(Method.ALIPAY), await shop.begin(Method.WECHAT_PAY)]
    await asyncio.gather(*(shop.receive(shop.notice(each)) for each in both))
    assert sorted([(await shop.payment(each)).status for each in both]) == ["refund_pending", "succeeded"]
    assert await policies_issued() == 1


async def test_an_order_is_opened_once_and_expires_once(shop):
    assert await shop.reopen() == shop.order_id
    await shop.age_order(expires_at=(await shop.order()).opened_at)

    async def expire() -> bool:
        async with transaction() as session:
            return await service.expire_order(session, shop.order_id)

    assert sorted(await asyncio.gather(expire(), expire(), expire())) == [False, False, True]


async def test_numbers_are_unique(database, sales):
    await issue(await confirmed(sales))
    made = [await confirmed(sales) for _ in range(8)]
    issued = await asyncio.gather(*(issue(sale) for sale in made))
    assert sorted(numbers.parse(number).serial for number in issued) == list(range(2, 10))


async def test_a_document_is_stored_once(database, sales):
    policy_no = await issue(await confirmed(sales))
    stored = await asyncio.gather(*(documents.make(policy_no) for _ in range(3)))
    assert len({document.sha256 for document in stored}) == 1


async def test_the_reconciliation_may_run_twice_at_once(shop):
    payment_id = await shop.begin(Method.CREDIT_CARD)
    await shop.receive(shop.notice(payment_id))
    async with transaction() as session:
        await service.refund_order(session, shop.order_id, "cooling_off")
    await asyncio.gather(process.reconcile(), process.reconcile())
    assert (await shop.order()).status == "refunded"


async def test_a_record_stays_sound_between_writers(database):
    chain = new_id()

    async def write(number: int) -> None:
        async with transaction() as session:
            await records.append(session, chain, "answer", {"number": number, "share": 0.1, "nul": "\x00"})

    await write(0)
    await asyncio.gather(*(write(number) for number in range(1, 9)))
    async with transaction(read_only=True) as session:
        result = await records.verify(session, chain)
    assert result.valid and result.length == 9
