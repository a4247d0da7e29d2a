"""A local stand-in for Alipay's gateway: RSA2 signatures both ways, its own books, notices as it would send them."""

import base64
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

APP_ID = "2021000000000001"
PAID_AT = "2026-11-22 12:30:00"


def joined(fields: dict[str, str]) -> bytes:
    return "&".join(f"{key}={fields[key]}" for key in sorted(fields) if fields[key] != "").encode()


class AlipayServer:
    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._merchant = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.trades: dict[str, dict[str, Any]] = {}
        self.refunds: set[str] = set()
        self.down = False
        self.lying = False
        self._runner: web.AppRunner | None = None
        self.gateway = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/gateway.do", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.gateway = f"http://127.0.0.1:{self._runner.addresses[0][1]}/gateway.do"

    async def stop(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def merchant_pem(self) -> bytes:
        return self._merchant.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def alipay_pem(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def open_page(self, fields: dict[str, str]) -> None:
        """What happens when the customer opens the signed address."""
        self._check(dict(fields))
        content = json.loads(fields["biz_content"])
        self.trades[content["out_trade_no"]] = {
            "out_trade_no": content["out_trade_no"],
            "trade_no": f"20261122{len(self.trades):08d}",
            "total_amount": content["total_amount"],
            "trade_status": "WAIT_BUYER_PAY",
        }

    def settle(self, payment_id: str, *, paid: bool) -> None:
        trade = self.trades[payment_id]
        trade["trade_status"] = "TRADE_SUCCESS" if paid else "TRADE_CLOSED"
        if paid:
            trade["send_pay_date"] = PAID_AT

    def notification(self, payment_id: str, **changes: str) -> tuple[dict[str, str], bytes]:
        trade = dict(self.trades[payment_id])
        trade["gmt_payment"] = trade.pop("send_pay_date", "")
        fields = {"app_id": APP_ID, "charset": "utf-8", "notify_id": f"n-{payment_id}", "notify_time": PAID_AT, **trade}
        fields.update(changes)
        signed = {**fields, "sign": self._sign(joined(fields)), "sign_type": "RSA2"}
        return {"content-type": "application/x-www-form-urlencoded"}, urlencode(signed).encode()

    async def _answer(self, request: web.Request) -> web.Response:
        if self.down:
            return web.Response(status=502)
        fields = {key: str(value) for key, value in (await request.post()).items()}
        self._check(dict(fields))
        method = fields["method"]
        content = json.loads(fields["biz_content"])
        result = self._query(content) if method == "alipay.trade.query" else self._refund(content)
        text = json.dumps(result, ensure_ascii=False)
        signature = self._sign((text + " " if self.lying else text).encode())
        return web.Response(text=f'{{"{method.replace(".", "_")}_response":{text},"sign":"{signature}"}}')

    def _query(self, content: dict[str, Any]) -> dict[str, Any]:
        trade = self.trades.get(content["out_trade_no"])
        if trade is None:
            return {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST"}
        return {"code": "10000", "msg": "Success", **trade}

    def _refund(self, content: dict[str, Any]) -> dict[str, Any]:
        trade = self.trades.get(content["out_trade_no"])
        if trade is None or "send_pay_date" not in trade:
            return {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST"}
        self.refunds.add(content["out_request_no"])
        trade["trade_status"] = "TRADE_CLOSED"
        return {"code": "10000", "msg": "Success", "fund_change": "Y", "gmt_refund_pay": datetime.now().isoformat()}

    def _sign(self, material: bytes) -> str:
        return base64.b64encode(self._key.sign(material, padding.PKCS1v15(), hashes.SHA256())).decode()

    def _check(self, fields: dict[str, str]) -> None:
        signature = base64.b64decode(fields.pop("sign"))
        try:
            self._merchant.public_key().verify(signature, joined(fields), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise web.HTTPForbidden() from error
