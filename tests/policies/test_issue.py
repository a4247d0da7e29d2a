"""Issuing: numbers are unique, a sale is issued once, and what the policy keeps."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot import clock
from bot.errors import Conflict, NotFound
from bot.ids import new_id
from bot.policies import numbers, service
from bot.policies.repository import PolicyRepository
from bot.policies.rules import PolicyStatus
from bot.policies.service import Sale
from bot.records import service as records
from bot.store import transaction
from bot.store.tables.jobs import JobRow
from bot.store.tables.policies import Policy, PolicySeries
from tests.policies.sales import HOLDER, PREMIUM_FEN, FakeSales, buyer, make_contract


async def confirmed(sales: FakeSales, **values: object) -> Sale:
    """A paid order of a confirmed application."""
    async with transaction() as session:
        who = await buyer(session)
        contract = await make_contract(session, who, **values)
    sales.contracts[contract.application_id] = contract
    return Sale(
        order_id=new_id(),
        application_id=contract.application_id,
        conversation_id=who.conversation_id,
        customer_id=who.customer_id,
        quote_id=contract.quote_id,
        amount_fen=PREMIUM_FEN,
        paid_at=clock.now(),
    )


async def issue(sale: Sale) -> str:
    async with transaction() as session:
        return await service.issue(session, sale)


async def test_a_policy_is_issued_with_number_period_and_product(database, sales):
    sale = await confirmed(sales)
    policy_no = await issue(sale)
    async with transaction(read_only=True) as session:
        policy = await service.by_number(session, policy_no)
    assert numbers.parse(policy_no).year == clock.today().year
    assert policy.effective_at == clock.datetime.combine(
        clock.today() + timedelta(days=1), clock.datetime.min.time(), clock.SHANGHAI
    )
    assert (policy.product_code, policy.cooling_off_until, policy.premium_fen) == ("P4", None, PREMIUM_FEN)
    assert sales.issued == {sale.application_id: policy_no}


async def test_a_long_product_has_a_cooling_off_period(database, sales):
    sale = await confirmed(sales, code="P2", plan=None, term="whole_life", payment_period="20", ends_on=None)
    policy_no = await issue(sale)
    async with transaction(read_only=True) as session:
        policy = await service.by_number(session, policy_no)
    assert policy.cooling_off_until == clock.today() + timedelta(days=15)
    assert policy.ends_at is None


async def test_a_sale_is_issued_once(database, sales):
    sale = await confirmed(sales)
    assert await issue(sale) == await issue(sale)
    async with transaction(read_only=True) as session:
        assert (await session.execute(select(func.count()).select_from(Policy))).scalar_one() == 1


async def test_numbers_are_unique_when_many_are_issued_at_once(database, sales):
    made = [await confirmed(sales) for _ in range(12)]
    issued = await asyncio.gather(*(issue(sale) for sale in made))
    assert len(set(issued)) == 12
    assert sorted(numbers.parse(number).serial for number in issued) == list(range(1, 13))


async def test_each_product_and_year_counts_by_itself(database):
    async with transaction() as session:
        repository = PolicyRepository(session)
        first, second = await repository.product_number("P4"), await repository.product_number("P2")
        assert (first, second, await repository.product_number("P4")) == (1, 2, 1)
        serials = [await repository.next_serial(*series) for series in ((2026, 1), (2026, 1), (2026, 2), (2027, 1))]
    assert serials == [1, 2, 1, 1]


async def test_a_used_up_series_is_refused(database):
    async with transaction() as session:
        session.add(PolicySeries(year=2026, number=1, last_serial=numbers.SERIAL_LIMIT))
    with pytest.raises(Conflict, match="policy_numbers_used_up"):
        async with transaction() as session:
            await PolicyRepository(session).next_serial(2026, 1)


async def test_a_failed_issue_gives_its_serial_back(database, sales):
    sale = await confirmed(sales)
    sales.failure = Conflict("application_over")
    with pytest.raises(Conflict):
        await issue(sale)
    sales.failure = None
    assert numbers.parse(await issue(sale)).serial == 1


@pytest.mark.parametrize("change", [{"premium_fen": 1}, {"quote_id": "another quote"}])
async def test_only_what_was_paid_for_is_issued(database, sales, change):
    sale = await confirmed(sales)
    sales.change(sale.application_id, **change)
    with pytest.raises(Conflict, match="contract_changed_after_payment"):
        await issue(sale)


async def test_the_policy_row_holds_no_personal_value(database, sales):
    policy_no = await issue(await confirmed(sales))
    async with transaction(read_only=True) as session:
        policy = await service.by_number(session, policy_no)
        held = str({column.name: getattr(policy, column.name) for column in Policy.__table__.columns})
    assert not any(value in held for value in (HOLDER, "990000199603120010", "13800138000", "wang@example.com"))
    assert re.search(r"⟦name:[0-9a-f]{24}⟧", held)


async def test_issue_and_end_are_in_the_record(database, sales):
    sale = await confirmed(sales)
    policy_no = await issue(sale)
    async with transaction() as session:
        await service.end(session, policy_no, PolicyStatus.WITHDRAWN)
        exported = await records.export(session, sale.application_id)
    assert [row["kind"] for row in exported["rows"]] == ["policy_issued", "policy_ended"]


async def test_a_policy_ends_once(database, sales):
    policy_no = await issue(await confirmed(sales))
    async with transaction() as session:
        await service.end(session, policy_no, PolicyStatus.WITHDRAWN)
    with pytest.raises(Conflict, match="policy_is_over"):
        async with transaction() as session:
            await service.end(session, policy_no, PolicyStatus.SURRENDERED)


async def test_the_document_is_left_to_a_job(database, sales):
    policy_no = await issue(await confirmed(sales))
    async with transaction(read_only=True) as session:
        job = (await session.execute(select(JobRow).where(JobRow.kind == service.DOCUMENT_JOB))).scalars().one()
    assert (job.key, job.payload) == (policy_no, {"policy_no": policy_no})


async def test_a_policy_is_only_there_for_its_owner(database, sales):
    sale = await confirmed(sales)
    policy_no = await issue(sale)
    async with transaction(read_only=True) as session:
        await service.access_policy(session, policy_no, sale.conversation_id, None)
        await service.access_policy(session, policy_no, "another conversation", sale.customer_id)
        for conversation_id, customer_id in (("other", None), ("other", "other")):
            with pytest.raises(NotFound):
                await service.access_policy(session, policy_no, conversation_id, customer_id)
        assert len(await service.list_of_customer(session, sale.customer_id)) == 1
        assert await service.list_of_customer(session, "other") == []
