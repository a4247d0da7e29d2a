"""Fixtures of the browser tests: Chromium, a browser of one customer, the fake gateway."""

from typing import Callable, Dict, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.conftest import CHROMIUM
from tests.web.fake.thread import RunningFake
from tests.web.pages import CHROMIUM_ARGUMENTS, DESKTOP, PHONE, ChatPage, new_context

SIZES = {"desktop": DESKTOP, "phone": PHONE}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Not for the whole session: the synchronous Playwright keeps an event loop running meanwhile."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(params=sorted(SIZES))
def size(request: pytest.FixtureRequest) -> Dict[str, int]:
    """Each size in turn."""
    return SIZES[request.param]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of one customer, as wide as a desktop."""
    opened = new_context(browser, DESKTOP)
    yield opened
    opened.close()


@pytest.fixture
def fake() -> Iterator[RunningFake]:
    """A fake gateway."""
    running = RunningFake()
    yield running
    running.close()


@pytest.fixture
def open_chat(context: BrowserContext, fake: RunningFake) -> Callable[[], ChatPage]:
    """Opens one more tab of the same customer."""
    return lambda: ChatPage(context.new_page(), fake.base_url).open()
