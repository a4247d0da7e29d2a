"""The reconciliation finishes what notices left open, and goes on when the provider is away."""

from datetime import timedelta

from sqlalchemy import update

from bot import clock
from bot.cashier import process, providers, service
from bot.cashier.providers.base import Method, ProviderDown
from bot.cashier.providers.behaviour import Behaviour
from bot.cashier.providers.sandbox import SandboxProvider, set_panel, settle
from bot.errors import Unavailable
from bot.store import transaction
from bot.store.tables.cashier import Payment


class Away(SandboxProvider):
    """A provider that does not answer."""

    async def query(self, payment_id):
        raise ProviderDown()

    async def refund(self, request):
        raise ProviderDown()


async def pay_without_notice(shop, method: Method = Method.CREDIT_CARD) -> str:
    async with transaction() as session:
        await set_panel(session, Behaviour.NEVER, 0)
    payment_id = await shop.begin(method)
    async with transaction() as session:
        await session.execute(update(Payment).values(created_at=clock.now() - timedelta(minutes=2)))
    return payment_id


async def test_a_payment_whose_notice_never_came_is_asked_for(shop):
    await pay_without_notice(shop)
    assert (await shop.order()).status == "pending"
    report = await process.reconcile()
    assert (report.asked, report.failed) == (1, [])
    assert (await shop.order()).status == "issued"


async def test_a_payment_that_was_just_begun_is_left_alone(shop):
    await shop.begin()
    assert (await process.reconcile()).asked == 0


async def test_a_wallet_that_was_never_opened_changes_nothing(shop):
    await pay_without_notice(shop, Method.ALIPAY)
    await process.reconcile()
    assert (await shop.order()).status == "pending"


async def test_an_order_paid_in_time_and_never_notified_is_honoured_after_its_end(shop):
    await pay_without_notice(shop)
    await shop.age_order(expires_at=clock.now() - timedelta(seconds=1))
    report = await process.reconcile()
    assert report.expired == 1
    assert (await shop.order()).status == "issued"


async def test_a_flagged_payment_is_accepted_when_the_provider_knows_better(shop):
    payment_id = await shop.begin(Method.ALIPAY)
    async with transaction() as session:
        await settle(session, payment_id, payer_matches=True)
    await shop.receive(shop.notice(payment_id, amount_fen=1))
    assert (await shop.order()).attention == "amount_mismatch"
    await process.reconcile()
    order = await shop.order()
    assert (order.status, order.attention) == ("issued", None)


async def test_wrong_money_that_is_really_there_goes_back(shop):
    payment_id = await shop.begin(Method.ALIPAY)
    async with transaction() as session:
        await settle(session, payment_id, payer_matches=True)
    answer = shop.notice(payment_id, amount_fen=1000)
    await shop.receive(answer)
    await shop.receive(answer, asked=True)
    payment = await shop.payment(payment_id)
    assert (payment.status, payment.received_fen, payment.refund_reason) == ("refund_pending", 1000, "amount_mismatch")
    assert (await shop.order()).status == "pending"
    await process.reconcile()
    assert (await shop.payment(payment_id)).status == "refunded"


async def test_refunds_are_finished_once(shop):
    payment_id = await shop.begin(Method.CREDIT_CARD)
    await shop.receive(shop.notice(payment_id))
    async with transaction() as session:
        await service.refund_order(session, shop.order_id, "cooling_off")
    assert (await process.reconcile()).refunded == 1
    assert (await shop.order()).status == "refunded"
    assert (await process.reconcile()).refunded == 0


async def test_a_refund_that_was_cut_off_before_it_was_noted_is_not_paid_twice(shop):
    payment_id = await shop.begin(Method.CREDIT_CARD)
    await shop.receive(shop.notice(payment_id))
    async with transaction() as session:
        await service.refund_order(session, shop.order_id, "cooling_off")
    async with transaction(read_only=True) as session:
        request = await process.payments.refund_request(session, payment_id)
    assert await shop.provider.refund(request)
    assert (await process.reconcile()).refunded == 1
    assert (await shop.order()).status == "refunded"


async def test_a_provider_that_is_away_holds_up_nothing_else(shop):
    await pay_without_notice(shop)
    providers.use(Away(b"secret"))
    report = await process.reconcile()
    assert (report.asked, len(report.failed)) == (0, 1)
    providers.use(shop.provider)
    assert (await process.reconcile()).asked == 1
    assert (await shop.order()).status == "issued"


async def test_paid_but_unissued_orders_are_tried_until_they_are_issued(shop):
    shop.sales.failure = Unavailable()
    await shop.receive(shop.notice(await shop.begin()))
    assert (await process.reconcile()).issued == 0
    assert (await shop.order()).status == "paid"
    shop.sales.failure = None
    assert (await process.reconcile()).issued == 1
    assert (await process.reconcile()).issued == 0


async def test_asking_again_and_again_leaves_no_trace_when_nothing_happened(shop):
    payment_id = await shop.begin(Method.ALIPAY)
    for _ in range(3):
        await process.ask(payment_id)
    assert (await shop.payment(payment_id)).status == "created"
