"""What other features use of underwriting: one place to import from."""

from bot.underwriting.rules import Decision, Reason, assess, follow_ups

__all__ = ["Decision", "Reason", "assess", "follow_ups"]
