"""Ages and dates by the calendar: full years (周岁), anniversaries, days since birth."""

from datetime import date


def age_on(birth_date: date, on: date) -> int:
    """Age in full years (周岁) on a date; born on 29 February, a year is full on 1 March of a common year.

    Source: the terms' definition of 周岁; 民法典 第201–204条 for the missing day. Negative before birth.
    """
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def days_old(birth_date: date, on: date) -> int:
    """Days since birth; an infant is insured from 28 on."""
    return (on - birth_date).days


def anniversary(start: date, years: int) -> date:
    """The day with the same month and day some years later; 1 March when there is no 29 February."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)
