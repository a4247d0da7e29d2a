"""The clock: the only place that asks what time it is. Rules get the time handed in."""

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, timezone-aware, in UTC."""
    return datetime.now(timezone.utc)


def today() -> date:
    """Today's date as the insurer reckons it, in Asia/Shanghai."""
    return now().astimezone(SHANGHAI).date()


def local_date(moment: datetime) -> date:
    """The date in Asia/Shanghai on which an aware moment falls."""
    return moment.astimezone(SHANGHAI).date()
