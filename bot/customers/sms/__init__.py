"""Sending text messages: what the assistant asks of a provider, and which one the settings name."""

from functools import lru_cache
from typing import Protocol

from bot.customers.sms.http import HttpSms
from bot.customers.sms.sandbox import SandboxSms
from bot.settings import settings

__all__ = ["HttpSms", "SandboxSms", "SmsProvider", "provider"]


class SmsProvider(Protocol):
    """Someone who delivers a text message to a mobile phone."""

    async def send(self, phone: str, text: str) -> None:
        """Deliver a text to a mainland mobile number. Raises Unavailable("sms_unavailable") when it is not accepted."""


@lru_cache(maxsize=1)
def provider() -> SmsProvider:
    """The provider that the settings name. Raises ValueError for an unknown or incomplete one."""
    now = settings()
    if now.sms_provider == "sandbox":
        return SandboxSms()
    if now.sms_provider == "http" and now.sms_http_url and now.sms_http_key:
        return HttpSms(now.sms_http_url, now.sms_http_key.get_secret_value())
    raise ValueError("HEYU_SMS_PROVIDER is sandbox, or http with HEYU_SMS_HTTP_URL and HEYU_SMS_HTTP_KEY")
