"""Payments through Alipay's gateway (RSA2): page payment, signed notices, query and refund.

Follows the open platform's public interface: alipay.trade.page.pay / wap.pay, alipay.trade.query,
alipay.trade.refund; parameters sorted and joined, signed with SHA256-RSA (PKCS #1 v1.5).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from bot import clock
from bot.cashier.providers.base import (
    ForgedNotice,
    Method,
    PaymentNotice,
    PaymentRequest,
    ProviderDown,
    ProviderPage,
    RefundRequest,
)
from bot.cashier.rules import CURRENCY, NoticeStatus

_TIME = "%Y-%m-%d %H:%M:%S"
_STATUS = {
    "WAIT_BUYER_PAY": NoticeStatus.PENDING,
    "TRADE_SUCCESS": NoticeStatus.PAID,
    "TRADE_FINISHED": NoticeStatus.PAID,
    "TRADE_CLOSED": NoticeStatus.FAILED,
}


@dataclass(frozen=True)
class AlipayAccount:
    """The merchant's account: application id, own private key, Alipay's public key, gateway and notify address."""

    app_id: str
    private_key: RSAPrivateKey
    alipay_key: RSAPublicKey
    gateway: str
    notify_url: str

    @classmethod
    def from_pem(cls, private: bytes, alipay: bytes, app_id: str, gateway: str, notify_url: str) -> AlipayAccount:
        """Read the keys. Raises ValueError when they are not RSA keys."""
        private_key, alipay_key = load_pem_private_key(private, None), load_pem_public_key(alipay)
        if not isinstance(private_key, RSAPrivateKey) or not isinstance(alipay_key, RSAPublicKey):
            raise ValueError("Alipay needs RSA keys")
        return cls(app_id, private_key, alipay_key, gateway, notify_url)


class AlipayProvider:
    """Alipay behind the cashier's interface."""

    name = "alipay"
    methods: tuple[Method, ...] = (Method.ALIPAY,)
    acknowledgement = "success"

    def __init__(self, account: AlipayAccount, client: httpx.AsyncClient) -> None:
        self._account = account
        self._client = client

    async def create(self, request: PaymentRequest) -> ProviderPage:
        """A signed address of Alipay's own page; nothing is sent until the customer opens it."""
        content = {
            "out_trade_no": request.payment_id,
            "total_amount": _yuan(request.amount_fen),
            "subject": request.subject,
            "product_code": "FAST_INSTANT_TRADE_PAY",
            "time_expire": request.expires_at.astimezone(clock.SHANGHAI).strftime(_TIME),
            "ext_user_info": {"need_check_info": "T", "name": request.payer_name},
        }
        extra = {"notify_url": self._account.notify_url, "return_url": request.return_url}
        signed = self._signed("alipay.trade.page.pay", content, extra)
        return ProviderPage(url=f"{self._account.gateway}?{urlencode(signed)}")

    def verify_notification(self, headers: Mapping[str, str], body: bytes) -> PaymentNotice:
        """The notice in a form-encoded call. Raises ForgedNotice."""
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        signature = fields.pop("sign", "")
        if fields.pop("sign_type", "") != "RSA2":
            raise ForgedNotice()
        self._check(_joined(fields).encode(), signature)
        if fields.get("app_id") != self._account.app_id:
            raise ForgedNotice()
        try:
            return self._notice(fields, notice_id=fields["notify_id"])
        except (KeyError, ValueError, InvalidOperation) as error:
            raise ForgedNotice() from error

    async def query(self, payment_id: str) -> PaymentNotice | None:
        """How a payment stands; None when Alipay has no such trade."""
        answer = await self._call("alipay.trade.query", {"out_trade_no": payment_id})
        if answer.get("sub_code") == "ACQ.TRADE_NOT_EXIST":
            return None
        self._expect_success(answer)
        try:
            return self._notice(answer, notice_id=f"query:{payment_id}:{answer['trade_status']}")
        except (KeyError, ValueError, InvalidOperation) as error:
            raise ProviderDown() from error

    async def refund(self, request: RefundRequest) -> bool:
        """Give money back; Alipay answers at once and takes `out_request_no` as the key of repetition."""
        content = {
            "out_trade_no": request.payment_id,
            "refund_amount": _yuan(request.amount_fen),
            "out_request_no": request.refund_id,
            "refund_reason": request.reason,
        }
        answer = await self._call("alipay.trade.refund", content)
        self._expect_success(answer)
        return True

    def _notice(self, fields: Mapping[str, Any], notice_id: str) -> PaymentNotice:
        paid_at = fields.get("gmt_payment") or fields.get("send_pay_date")
        return PaymentNotice(
            provider=self.name,
            notice_id=notice_id,
            payment_id=fields["out_trade_no"],
            trade_no=fields["trade_no"],
            status=_status(fields),
            amount_fen=_fen(fields.get("refund_fee") or fields["total_amount"]),
            currency=fields.get("trans_currency", CURRENCY),
            paid_at=datetime.strptime(paid_at, _TIME).replace(tzinfo=clock.SHANGHAI) if paid_at else None,
            failure="closed" if fields["trade_status"] == "TRADE_CLOSED" else None,
        )

    async def _call(self, method: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """One call of the gateway and its verified answer. Raises ProviderDown."""
        try:
            response = await self._client.post(self._account.gateway, data=self._signed(method, content, {}))
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise ProviderDown() from error
        return self._answer(method, response.text)

    def _answer(self, method: str, text: str) -> dict[str, Any]:
        """The answer's content; its signature covers the JSON text exactly as sent. Raises ProviderDown."""
        node = method.replace(".", "_") + "_response"
        match = re.search(rf'"{node}"\s*:\s*', text)
        if match is None:
            raise ProviderDown()
        try:
            content, end = json.JSONDecoder().raw_decode(text, match.end())
            self._check(text[match.end() : end].encode(), json.loads(text)["sign"])
        except (ValueError, KeyError, ForgedNotice) as error:
            raise ProviderDown() from error
        return dict(content)

    def _signed(self, method: str, content: Mapping[str, Any], extra: Mapping[str, str]) -> dict[str, str]:
        fields = {
            "app_id": self._account.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": clock.now().astimezone(clock.SHANGHAI).strftime(_TIME),
            "version": "1.0",
            "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
            **extra,
        }
        signature = self._account.private_key.sign(_joined(fields).encode(), padding.PKCS1v15(), hashes.SHA256())
        return {**fields, "sign": base64.b64encode(signature).decode()}

    def _check(self, material: bytes, signature: str) -> None:
        try:
            decoded = base64.b64decode(signature, validate=True)
            self._account.alipay_key.verify(decoded, material, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError) as error:
            raise ForgedNotice() from error

    @staticmethod
    def _expect_success(answer: Mapping[str, Any]) -> None:
        if answer.get("code") != "10000":
            raise ProviderDown()


def _status(fields: Mapping[str, Any]) -> NoticeStatus:
    """A trade that was paid and is closed, or names a refund, is one whose money was given back."""
    paid = fields.get("gmt_payment") or fields.get("send_pay_date")
    if fields.get("gmt_refund") or (paid and fields["trade_status"] == "TRADE_CLOSED"):
        return NoticeStatus.REFUNDED
    return _STATUS[fields["trade_status"]]


def _joined(fields: Mapping[str, str]) -> str:
    """Sorted `key=value` pairs joined by &, empty values left out: the text that is signed."""
    return "&".join(f"{key}={fields[key]}" for key in sorted(fields) if fields[key] != "")


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def _fen(yuan: str) -> int:
    fen = Decimal(yuan) * 100
    if fen != int(fen):
        raise ValueError(f"an amount of fractions of a fen: {yuan}")
    return int(fen)
