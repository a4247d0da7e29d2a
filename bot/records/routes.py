"""HTTP of the record: whether an exported record is ours and unchanged."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import errors
from bot.channels.web import client_address, large_body
from bot.channels.web.limits import limiter
from bot.errors import Invalid
from bot.openapi import describe
from bot.records import service

LARGEST_EXPORT = 8 * 1024 * 1024

blueprint = Blueprint("records", url_prefix="/api/records")


class Fault(BaseModel):
    """One thing that is wrong with a record."""

    seq: int
    code: str


class CheckedRecord(BaseModel):
    """Whether an exported record is genuine and complete."""

    valid: bool
    reason: str
    rows: int
    faults: list[Fault]


@blueprint.post("/verify")
@describe("核验导出的投保记录（JSON）", tag="records", responses={200: CheckedRecord}, errors=(422,))
@large_body(LARGEST_EXPORT)
async def verify(request: Request) -> HTTPResponse:
    """Check an exported record; nothing of it is stored."""
    await limiter().check_verification(client_address(request))
    exported: Any = request.json
    if not isinstance(exported, dict):
        raise Invalid("record_format")
    found = service.verify_export(exported)
    faults = [{"seq": fault.seq, "code": fault.code} for fault in found.faults]
    reason = errors.text("record_valid" if found.valid else "record_broken")
    return json({"valid": found.valid, "reason": reason, "rows": found.length, "faults": faults}, ensure_ascii=False)
