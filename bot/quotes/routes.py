"""HTTP of quotes: price a request; nothing is kept."""

from typing import Dict, List

from pydantic import BaseModel
from sanic import Blueprint
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import errors
from bot.openapi import describe
from bot.quotes import service
from bot.quotes.models import QuoteRefused, QuoteRequest

blueprint = Blueprint("quotes", url_prefix="/api/quotes")


class QuoteAnswer(BaseModel):
    """The price: `premium_fen` for each payment, `total_fen` for all of them."""

    premium_fen: int
    frequency: str
    payments: int
    total_fen: int
    breakdown: List[Dict[str, str]]


@blueprint.post("/")
@describe("试算保费", tag="quotes", request=QuoteRequest, responses={200: QuoteAnswer}, errors=(404,))
async def price(request: Request) -> HTTPResponse:
    """The price of a request, or 422 with the reason and what is offered nearest."""
    values = request.json
    if not isinstance(values, dict):
        raise InvalidUsage("a JSON object is expected")
    try:
        found = service.price(service.read_request(values))
    except QuoteRefused as refused:
        return json({**errors.body(refused), "nearest": refused.nearest}, status=refused.status, ensure_ascii=False)
    rows = [{"label": label, "value": value} for label, value in found.breakdown]
    return json({**found.dict(exclude={"breakdown"}), "breakdown": rows}, ensure_ascii=False)
