"""Orders: one open order per application and quote, expiry, cancelling, giving back."""

from datetime import timedelta

import pytest

from bot import clock
from bot.cashier import service
from bot.cashier.repository import CashierRepository
from bot.errors import Conflict, Invalid
from bot.ids import new_id
from bot.store import transaction


async def status_of(order_id: str) -> str:
    async with transaction(read_only=True) as session:
        return (await service.order(session, order_id)).status


async def test_asking_again_gives_the_open_order(shop):
    assert await shop.reopen() == shop.order_id


async def test_a_new_price_cancels_the_open_order(shop):
    newer = await shop.reopen(quote_id=new_id(), premium_fen=18800)
    assert newer != shop.order_id
    assert await status_of(shop.order_id) == "cancelled"
    assert await status_of(newer) == "pending"


async def test_an_order_whose_time_is_over_is_replaced(shop):
    await shop.age_order(expires_at=clock.now() - timedelta(seconds=1))
    newer = await shop.reopen()
    assert newer != shop.order_id
    assert await status_of(shop.order_id) == "expired"


async def test_a_paid_application_gets_no_second_order(shop):
    await shop.receive(shop.notice(await shop.begin()))
    with pytest.raises(Conflict, match="order_already_paid"):
        await shop.reopen()


@pytest.mark.parametrize("amount", [0, -1])
async def test_an_amount_must_be_above_zero(shop, amount):
    with pytest.raises(Invalid, match="order_amount"):
        await shop.reopen(premium_fen=amount)


async def test_an_order_expires_once_and_not_before_its_time(shop):
    async with transaction() as session:
        assert not await service.expire_order(session, shop.order_id)
    await shop.age_order(expires_at=clock.now() - timedelta(seconds=1))
    async with transaction() as session:
        assert await service.expire_order(session, shop.order_id)
    async with transaction() as session:
        assert not await service.expire_order(session, shop.order_id)


async def test_an_expired_order_cannot_be_paid_even_before_the_job_has_closed_it(shop):
    await shop.age_order(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(Conflict, match="order_is_expired"):
        await shop.begin()


async def test_cancelling_twice_is_the_same_as_once(shop):
    for _ in range(2):
        async with transaction() as session:
            assert (await service.cancel_order(session, shop.order_id)).status == "cancelled"


async def test_a_paid_order_is_not_cancelled_but_refunded(shop):
    await shop.receive(shop.notice(await shop.begin()))
    with pytest.raises(Conflict, match="order_is_issued"):
        async with transaction() as session:
            await service.cancel_order(session, shop.order_id)
    async with transaction() as session:
        assert (await service.refund_order(session, shop.order_id, "cooling_off")).status == "refund_pending"


async def test_an_unpaid_order_has_nothing_to_give_back(shop):
    with pytest.raises(Conflict, match="order_is_pending"):
        async with transaction() as session:
            await service.refund_order(session, shop.order_id, "cooling_off")


async def test_a_customer_sees_all_own_orders(shop):
    async with transaction(read_only=True) as session:
        found = await service.list_of_customer(session, shop.buyer.customer_id)
        history = await CashierRepository(session).transitions(shop.order_id)
    assert [order.id for order in found] == [shop.order_id]
    assert history == []
