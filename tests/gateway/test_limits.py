"""Moving windows in memory."""

from limits import RateLimitItemPerMinute

from bot.channels.web.windows import LocalWindows


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_window_moves_with_time() -> None:
    clock, limit = Clock(), RateLimitItemPerMinute(2)
    windows = LocalWindows(clock)
    assert windows.hit(limit, "address", "a")
    clock.at += 30
    assert windows.hit(limit, "address", "a")
    assert not windows.hit(limit, "address", "a")
    assert windows.hit(limit, "address", "b")
    assert windows.get_window_stats(limit, "address", "a") == (1060.0, 0)
    clock.at = 1060.0
    assert windows.hit(limit, "address", "a")
    assert not windows.hit(limit, "address", "a")


def test_who_has_gone_quiet_is_forgotten() -> None:
    clock, limit = Clock(), RateLimitItemPerMinute(2)
    windows = LocalWindows(clock)
    for number in range(100):
        windows.hit(limit, "address", str(number))
    clock.at += 120
    windows.hit(limit, "address", "new")
    assert len(windows._hits) == 1
