"""HTTP of policies: one's own list and documents, and the check that anyone may make."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, Field
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from bot import links
from bot.channels.web import access_conversation, client_address, large_body
from bot.channels.web.limits import limiter
from bot.conversations import service as conversations
from bot.errors import Invalid, Unauthorized
from bot.openapi import describe
from bot.policies import cards, documents, service, verify
from bot.store import transaction

DOCUMENT_PURPOSE = "policy_document"
LINK_AGE = timedelta(minutes=30)
LARGEST_PDF = 8 * 1024 * 1024

blueprint = Blueprint("policies", url_prefix="/api/policies")


class PolicyShown(BaseModel):
    """A policy as its owner sees it."""

    policy_no: str
    product_code: str
    product_name: str
    status: str = Field(description="not_yet_effective, in_force, ended, withdrawn or surrendered")
    holder_masked: str
    insured_masked: str
    premium_fen: int
    frequency: str
    issued_at: str
    effective_at: str
    ends_at: str | None = Field(description="last second of cover; null for life")
    cooling_off_until: str | None = Field(description="last day of the cooling-off period")
    download_url: str
    verify_url: str


class OwnPolicies(BaseModel):
    """The customer's policies, newest first."""

    policies: list[PolicyShown]


class Check(BaseModel):
    """A policy number and the policyholder's name; a PDF is sent as multipart field `file` instead."""

    policy_no: str = Field(max_length=40)
    holder_name: str = Field(max_length=60)


class CheckedPolicy(BaseModel):
    """What anyone may see of a genuine policy."""

    policy_no: str
    product_name: str
    status: str
    holder_masked: str
    insured_masked: str
    issued_at: str
    effective_at: str
    ends_at: str | None


class CheckAnswer(BaseModel):
    """Whether a policy is genuine and in force."""

    valid: bool
    code: str
    reason: str = Field(description="sentence for a person")
    policy: CheckedPolicy | None


@blueprint.get("/")
@describe("我的保单", tag="policies", responses={200: OwnPolicies}, errors=(403,), token=True)
async def own(request: Request) -> HTTPResponse:
    """The policies of the customer whose conversation asks. Needs a known customer."""
    conversation_id = await access_conversation(request)
    async with transaction(read_only=True) as session:
        customer_id = await conversations.customer_of(session, conversation_id)
        if customer_id is None:
            raise Unauthorized("customer_unknown")
        found = await service.list_of_customer(session, customer_id)
        shown = [await cards.show(session, policy) for policy in found]
    return json({"policies": shown}, ensure_ascii=False)


@blueprint.get("/<policy_no:str>/document")
@describe("下载电子保单", tag="policies", errors=(401, 404), token=True, media_type="application/pdf")
async def document(request: Request, policy_no: str) -> HTTPResponse:
    """The signed PDF: with the owner's token, or with `?t=` of a short-lived link."""
    if request.args.get("t"):
        links.check(DOCUMENT_PURPOSE, policy_no, request.args.get("t"), LINK_AGE)
    else:
        await _check_owner(request, policy_no)
    stored = await documents.make(policy_no)
    async with transaction(read_only=True) as session:
        policy = await service.by_number(session, policy_no)
    headers = {
        "Content-Disposition": _disposition(f"{policy.product_name}_{policy.policy_no}.pdf", policy.policy_no),
        "Cache-Control": "private, no-store",
        "ETag": f'"{stored.sha256}"',
    }
    return raw(stored.pdf, content_type="application/pdf", headers=headers)


@blueprint.post("/<policy_no:str>/link")
@describe("生成电子保单的短期下载链接", tag="policies", errors=(401, 404), token=True)
async def link(request: Request, policy_no: str) -> HTTPResponse:
    """An address of the document that works for half an hour without a token (for printing, or another device)."""
    await _check_owner(request, policy_no)
    return json({"url": document_path(policy_no), "expires_in": int(LINK_AGE.total_seconds())})


@blueprint.post("/verify")
@describe("保单验真：保单号加投保人姓名，或上传 PDF", tag="policies", request=Check, responses={200: CheckAnswer})
@large_body(LARGEST_PDF)
async def check(request: Request) -> HTTPResponse:
    """Whether a policy is genuine."""
    await limiter().check_verification(client_address(request))
    upload = request.files.get("file") if request.files else None
    if upload is not None:
        verdict = await verify.by_pdf(upload.body)
    else:
        asked = _read_check(request)
        async with transaction(read_only=True) as session:
            verdict = await verify.by_number(session, asked.policy_no, asked.holder_name)
    return json(verdict.body(), ensure_ascii=False)


def document_path(policy_no: str) -> str:
    """Path of a policy's document, signed to work for half an hour."""
    return f"/api/policies/{policy_no}/document?t={links.sign(DOCUMENT_PURPOSE, policy_no)}"


async def _check_owner(request: Request, policy_no: str) -> None:
    """Raises Unauthorized without a token, NotFound when the policy is somebody else's."""
    conversation_id = await access_conversation(request)
    async with transaction(read_only=True) as session:
        customer_id = await conversations.customer_of(session, conversation_id)
        await service.access_policy(session, policy_no, conversation_id, customer_id)


def _read_check(request: Request) -> Check:
    content: Any = request.json
    try:
        return Check(**content)
    except (TypeError, ValueError) as error:
        raise Invalid("malformed") from error


def _disposition(name: str, ascii_name: str) -> str:
    """RFC 6266: a plain name for old clients, the full one in UTF-8."""
    return f"attachment; filename=\"{ascii_name}.pdf\"; filename*=UTF-8''{quote(name)}"
