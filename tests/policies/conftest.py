"""A confirmed application, ready to be paid and issued; fonts are made once and shared by all tests."""

from collections.abc import Iterator

import pytest

from bot.policies import ports
from bot.settings import ROOT, settings
from tests.policies.sales import FakeSales


@pytest.fixture(autouse=True)
def shared_fonts(own_var_dir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYU_FONT_DIR", str(ROOT / "var" / "fonts"))
    settings.cache_clear()


@pytest.fixture
def sales() -> Iterator[FakeSales]:
    fake = FakeSales()
    ports.use(fake.port())
    yield fake
    ports.use(None)
