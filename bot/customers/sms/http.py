"""An SMS service over HTTP: a signed JSON request, as the operators' gateways take it.

POST {phone, text} with X-Timestamp (seconds), X-Nonce, and X-Signature = hex HMAC-SHA-256 of
"timestamp\\nnonce\\nbody" under the shared key; accepted is 200 with {"code": "OK"}.
"""

import hashlib
import hmac
import json
import secrets
import time

import httpx

from bot.errors import Unavailable

SECONDS = 8.0


class HttpSms:
    """Sends through the service at `url`, signing with `key`."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._key = key.encode()

    async def send(self, phone: str, text: str) -> None:
        """Hand a message to the service. Raises Unavailable when it does not accept it; nothing is sent twice."""
        body = json.dumps({"phone": phone, "text": text}, ensure_ascii=False).encode()
        try:
            async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http:
                answer = await http.post(self._url, content=body, headers=self._headers(body))
            accepted = answer.status_code == 200 and answer.json().get("code") == "OK"
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable("sms_unavailable") from error
        if not accepted:
            raise Unavailable("sms_unavailable")

    def _headers(self, body: bytes) -> "dict[str, str]":
        timestamp, nonce = str(int(time.time())), secrets.token_hex(8)
        signed = hmac.new(self._key, b"\n".join((timestamp.encode(), nonce.encode(), body)), hashlib.sha256)
        return {
            "Content-Type": "application/json",
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Signature": signed.hexdigest(),
        }
