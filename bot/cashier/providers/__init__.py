"""The payment providers, and which one this installation uses."""

from __future__ import annotations

import httpx

from bot.cashier.providers.alipay import AlipayAccount, AlipayProvider
from bot.cashier.providers.base import PaymentProvider
from bot.cashier.providers.sandbox import SandboxProvider
from bot.settings import settings

TIMEOUT_SECONDS = 10.0


class _Process:
    """The provider of this process; None until it is first needed."""

    provider: PaymentProvider | None = None


def use(provider: PaymentProvider | None) -> None:
    """Say which provider this process works with (tests); None forgets it."""
    _Process.provider = provider


def provider() -> PaymentProvider:
    """The provider that the settings name. Raises ValueError for an unknown name or missing keys."""
    if _Process.provider is None:
        _Process.provider = _build(settings().payment_provider)
    return _Process.provider


def notify_path(name: str) -> str:
    """Path at which the gateway takes the notices of a provider."""
    return f"/api/payments/{name}/notify"


def _build(name: str) -> PaymentProvider:
    if name == SandboxProvider.name:
        return SandboxProvider(settings().sandbox_payment_secret.get_secret_value().encode())
    if name == AlipayProvider.name:
        return AlipayProvider(_alipay_account(), httpx.AsyncClient(timeout=TIMEOUT_SECONDS))
    raise ValueError(f"unknown payment provider: {name}")


def _alipay_account() -> AlipayAccount:
    chosen = settings()
    if not (chosen.alipay_app_id and chosen.alipay_private_key and chosen.alipay_public_key):
        raise ValueError("alipay needs HEYU_ALIPAY_APP_ID, HEYU_ALIPAY_PRIVATE_KEY and HEYU_ALIPAY_PUBLIC_KEY")
    return AlipayAccount.from_pem(
        private=chosen.alipay_private_key.read_bytes(),
        alipay=chosen.alipay_public_key.read_bytes(),
        app_id=chosen.alipay_app_id,
        gateway=chosen.alipay_gateway,
        notify_url=chosen.public_base + notify_path(AlipayProvider.name),
    )
