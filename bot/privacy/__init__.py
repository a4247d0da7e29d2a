"""What a customer's own words must not carry further: personal values go to the vault, secrets are dropped."""

from bot.privacy.answers import sealed_answer
from bot.privacy.rules import DROPPED, Finding, clean, find, replace

__all__ = ["DROPPED", "Finding", "clean", "find", "replace", "sealed_answer"]
