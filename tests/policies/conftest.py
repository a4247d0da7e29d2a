"""A confirmed application, ready to be paid and issued."""

from collections.abc import Iterator

import pytest

from bot.policies import ports
from tests.policies.sales import FakeSales


@pytest.fixture
def sales() -> Iterator[FakeSales]:
    fake = FakeSales()
    ports.use(fake.port())
    yield fake
    ports.use(None)
