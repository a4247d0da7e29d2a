"""What other features use of the rules about people: one place to import from."""

from bot.parties.ages import age_on, anniversary, days_old

__all__ = ["age_on", "anniversary", "days_old"]
