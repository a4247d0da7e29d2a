"""HTTP of customers: a code to the phone, the code back, a signed identity; and the page of sandbox messages."""

from html import escape
from pathlib import Path

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, json, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot import errors
from bot.channels.web.access import access_conversation, client_address
from bot.channels.web.limits import limiter
from bot.channels.web.schemas import body_of
from bot.clock import SHANGHAI
from bot.customers import rules, service, sms
from bot.customers.schemas import (
    CodeRequest,
    CodeSent,
    CodeTyped,
    SandboxMessage,
    SandboxMessages,
    SignedIdentity,
    Verified,
)
from bot.customers.sms.sandbox import delivered
from bot.errors import NotFound, Unavailable
from bot.openapi import describe
from bot.settings import settings
from bot.store import transaction, vault

blueprint = Blueprint("customers")
FOLDER = Path(__file__).parent


@blueprint.post("/api/session/verify/code")
@describe(
    "发送手机验证码", tag="session", request=CodeRequest, responses={202: CodeSent}, errors=(404, 503), token=True
)
async def send_code(request: Request) -> HTTPResponse:
    """Send a code of six digits to a phone."""
    await limiter().check_code(client_address(request))
    asked = body_of(request, CodeRequest)
    conversation_id = await access_conversation(request)
    async with transaction() as session:
        pending = await service.request_code(session, conversation_id, asked.phone)
    try:
        await sms.provider().send(pending.phone, errors.text("sms_code_text", digits=pending.code))
    except Unavailable:
        async with transaction() as session:
            await service.forget_code(session, pending)
        raise
    expires, resend = int(rules.CODE_LIFE.total_seconds()), int(rules.RESEND_AFTER.total_seconds())
    return json(CodeSent(expires_in=expires, resend_after=resend).dict(), status=202)


@blueprint.post("/api/session/verify")
@describe("用手机验证码登录", tag="session", request=CodeTyped, responses={200: Verified}, errors=(409,), token=True)
async def verify(request: Request) -> HTTPResponse:
    """Check the code; the customer of the conversation is known from now on."""
    await limiter().check_code(client_address(request))
    typed = body_of(request, CodeTyped)
    conversation_id = await access_conversation(request)
    async with transaction() as session:
        done = await service.verify_code(session, conversation_id, typed.phone, typed.code)
    return await _verified(done)


@blueprint.post("/api/session/identity")
@describe(
    "用官网签发的身份登录", tag="session", request=SignedIdentity, responses={200: Verified}, errors=(409,), token=True
)
async def take_identity(request: Request) -> HTTPResponse:
    """Take a signed identity of the insurer's own site."""
    await limiter().check_code(client_address(request))
    signed = body_of(request, SignedIdentity)
    conversation_id = await access_conversation(request)
    async with transaction() as session:
        done = await service.identify_jwt(session, conversation_id, signed.token)
    return await _verified(done)


@blueprint.get("/sandbox/sms")
async def sandbox_page(_request: Request) -> HTTPResponse:
    """What the sandbox provider would have sent, as a page."""
    rows = "\n".join(
        f"        <tr><td>{escape(m.at)}</td><td>{escape(m.phone)}</td><td>{escape(m.text)}</td></tr>"
        for m in await _sandbox_messages()
    )
    page = (FOLDER / "sandbox_sms.html").read_text(encoding="utf-8")
    return html(page.replace("{rows}", rows), headers={"Cache-Control": "no-store"})


@blueprint.get("/sandbox/sms.css")
async def sandbox_style(_request: Request) -> HTTPResponse:
    """The style sheet of that page."""
    return text((FOLDER / "sandbox_sms.css").read_text(encoding="utf-8"), content_type="text/css; charset=utf-8")


@blueprint.get("/sandbox/sms/messages")
async def sandbox_messages(_request: Request) -> HTTPResponse:
    """The same as JSON, for tests."""
    return json(SandboxMessages(messages=await _sandbox_messages()).dict(), ensure_ascii=False)


async def _verified(done: service.Verification) -> HTTPResponse:
    if done.error is not None:
        raise done.error
    async with transaction(read_only=True) as session:
        phone = await _masked_phone(session, str(done.customer_id))
    return json(Verified(verified=True, conversation_id=done.conversation_id, phone=phone).dict(), ensure_ascii=False)


async def _masked_phone(session: AsyncSession, customer_id: str) -> str:
    try:
        return await vault.masked(session, await service.phone_token(session, customer_id))
    except NotFound:
        return ""


async def _sandbox_messages() -> "list[SandboxMessage]":
    """Raises NotFound when the installation sends real messages."""
    if settings().sms_provider != "sandbox":
        raise NotFound()
    async with transaction(read_only=True) as session:
        sent = await delivered(session)
    return [
        SandboxMessage(phone=m.phone_masked, text=m.text, at=f"{m.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}")
        for m in sent
    ]
