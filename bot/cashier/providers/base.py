"""What the cashier asks of a payment provider: create a payment, check its notices, ask how it stands, refund.

How a provider is added: write a module with a class of this shape, name it in `providers/__init__.py`, and put it into
the fixture of tests/cashier/test_provider_contract.py, which runs the same tests on all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from bot.cashier.bankcards import CardSummary
from bot.cashier.rules import NoticeStatus
from bot.errors import HeyuError, Unavailable


class Method(str, Enum):
    """The ways to pay that the cashier may offer."""

    BANK_CARD = "bank_card"
    CREDIT_CARD = "credit_card"
    WECHAT_PAY = "wechat_pay"
    ALIPAY = "alipay"

    @property
    def is_card(self) -> bool:
        """Whether the customer types a card number into the cashier."""
        return self in (Method.BANK_CARD, Method.CREDIT_CARD)


class ForgedNotice(HeyuError):
    """A notice that the provider did not send, or that was changed on its way."""

    status = 400
    default_code = "payment_notice_forged"


class ProviderDown(Unavailable):
    """The provider does not answer, or answers nonsense; the same call may work later."""

    default_code = "payment_provider_down"


@dataclass(frozen=True)
class PaymentRequest:
    """What a provider needs to know to take money; `payer_name` is for its own check of the account holder."""

    payment_id: str
    order_id: str
    method: Method
    amount_fen: int
    currency: str
    subject: str
    payer_name: str
    expires_at: datetime
    return_url: str
    card: CardSummary | None = None


@dataclass(frozen=True)
class ProviderPage:
    """Where the customer goes on to pay; without a url the money is taken at once and a notice follows."""

    url: str | None


@dataclass(frozen=True)
class PaymentNotice:
    """What a provider says of a payment, by notice or on request; amounts in fen, `payer_matches` None if unknown."""

    provider: str
    notice_id: str
    payment_id: str
    trade_no: str
    status: NoticeStatus
    amount_fen: int
    currency: str
    paid_at: datetime | None = None
    payer_matches: bool | None = None
    failure: str | None = None


@dataclass(frozen=True)
class RefundRequest:
    """Money to be given back in full; the same `refund_id` again must not pay twice."""

    payment_id: str
    refund_id: str
    amount_fen: int
    currency: str
    reason: str


class PaymentProvider(Protocol):
    """One payment provider. Every method but `verify_notification` may raise ProviderDown."""

    name: str
    methods: tuple[Method, ...]
    acknowledgement: str

    async def create(self, request: PaymentRequest) -> ProviderPage:
        """Open a payment; the same `payment_id` again gives the same payment."""

    def verify_notification(self, headers: Mapping[str, str], body: bytes) -> PaymentNotice:
        """The notice in a call to our notify address; `headers` have lower-case names. Raises ForgedNotice."""

    async def query(self, payment_id: str) -> PaymentNotice | None:
        """How a payment stands; None when the provider does not know it (the customer never opened it)."""

    async def refund(self, request: RefundRequest) -> bool:
        """Give money back: True when it is done, False when the provider is still at it."""
