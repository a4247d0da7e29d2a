"""HTTP of the cashier: its page, its status, paying, and the notices of payment providers."""

from __future__ import annotations

from typing import Any

import segno
from pydantic import BaseModel, Field
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json, text

from bot import errors
from bot.cashier import payments, process, service, view
from bot.cashier.bankcards import Card
from bot.cashier.checkout import Asked
from bot.cashier.pages import STATIC, page
from bot.cashier.providers import provider
from bot.cashier.providers.base import Method
from bot.catalogue import service as catalogue
from bot.errors import HeyuError, Invalid, NotFound
from bot.openapi import describe
from bot.settings import settings
from bot.store import transaction

TOKEN_HEADER = "x-cashier-token"

blueprint = Blueprint("cashier")
blueprint.static("/cashier/static", STATIC, name="static")


class CardDetails(BaseModel):
    """A bank card as typed; used for this one payment and kept nowhere. Expiry and CVV of credit cards only."""

    number: str = Field(max_length=40)
    holder: str = Field(max_length=60)
    expiry: str = Field("", max_length=7, description="MM/YY")
    cvv: str = Field("", max_length=4)


class Pay(BaseModel):
    """How the customer pays."""

    method: Method
    card: CardDetails | None = None


class PaymentState(BaseModel):
    """The last attempt to pay."""

    payment_id: str
    method: str
    status: str = Field(description="created, succeeded, failed, flagged, refund_pending or refunded")
    bank: str | None
    card_last4: str | None
    failure: str | None = Field(description="sentence for a person")


class OrderState(BaseModel):
    """How an order stands."""

    order_id: str
    state: str = Field(description="open, processing, failed, payer_mismatch, paid, issued, expired, cancelled, …")
    message: str = Field(description="the state as a sentence")
    product_name: str
    amount_fen: int
    currency: str
    frequency: str
    expires_at: str
    now: str
    methods: list[str]
    payment: PaymentState | None
    policy_no: str | None


class PayAnswer(BaseModel):
    """Where the customer goes on: a page of the provider (also as a QR code), or nowhere: the money is being taken."""

    url: str | None
    qr: str | None = Field(description="data: address of an SVG")


@blueprint.get("/cashier/<order_id:str>")
async def show(request: Request, order_id: str) -> HTTPResponse:
    """The cashier page."""
    try:
        view.check_token(order_id, request.args.get("t"))
        status = await _status(order_id)
    except HeyuError as error:
        return page("cashier_error.html", status=error.status, message=errors.message(error))
    return page("cashier.html", order=status, token=request.args.get("t"), insurer=catalogue.insurer())


@blueprint.get("/api/cashier/<order_id:str>")
@describe("查询订单支付状态", tag="cashier", responses={200: OrderState}, errors=(401, 404))
async def state(request: Request, order_id: str) -> HTTPResponse:
    """How the order stands; header `X-Cashier-Token` from the page's address."""
    view.check_token(order_id, request.headers.get(TOKEN_HEADER))
    return json(await _status(order_id), ensure_ascii=False)


@blueprint.post("/api/cashier/<order_id:str>/pay")
@describe("支付订单", tag="cashier", request=Pay, responses={200: PayAnswer}, errors=(401, 404, 409, 422, 503))
async def pay(request: Request, order_id: str) -> HTTPResponse:
    """Begin a payment; header `X-Cashier-Token` from the page's address."""
    view.check_token(order_id, request.headers.get(TOKEN_HEADER))
    wanted = _read_pay(request)
    card = Card(**wanted.card.dict()) if wanted.card else None
    opened = await process.pay(order_id, Asked(wanted.method, card, view.return_url(order_id)))
    return json(PayAnswer(url=opened.url, qr=_qr(opened.url)).dict())


@blueprint.post("/api/cashier/<order_id:str>/check")
@describe("向支付渠道核实支付结果", tag="cashier", responses={200: OrderState}, errors=(401, 404, 503))
async def check(request: Request, order_id: str) -> HTTPResponse:
    """Ask the provider now, for a customer who has paid and sees nothing happen."""
    view.check_token(order_id, request.headers.get(TOKEN_HEADER))
    await process.ask_about_order(order_id)
    return json(await _status(order_id), ensure_ascii=False)


@blueprint.post("/api/payments/<name:str>/notify")
async def notify(request: Request, name: str) -> HTTPResponse:
    """A notice of the payment provider. Answers with the provider's word of receipt once it is stored."""
    chosen = provider()
    if name != chosen.name:
        raise NotFound()
    notice = chosen.verify_notification(dict(request.headers), request.body)
    async with transaction() as session:
        await payments.receive_notice(session, notice)
    return text(chosen.acknowledgement)


async def _status(order_id: str) -> dict[str, Any]:
    async with transaction(read_only=True) as session:
        return await view.status(session, await service.order(session, order_id))


def _read_pay(request: Request) -> Pay:
    """The body, without ever putting a card number into an error. Raises Invalid."""
    content: Any = request.json
    try:
        return Pay(**content)
    except (TypeError, ValueError) as error:
        raise Invalid("malformed") from error


def _qr(url: str | None) -> str | None:
    if url is None:
        return None
    absolute = url if url.startswith("http") else settings().public_base + url
    return str(segno.make(absolute, error="l").svg_data_uri(scale=4, border=2))
