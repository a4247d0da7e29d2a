"""`POST /api/knowledge/search`: questions about the wording, answered with clauses."""

from dataclasses import asdict

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.errors import Invalid
from bot.knowledge import service

blueprint = Blueprint("knowledge")
LONGEST_QUESTION = 500


@blueprint.post("/api/knowledge/search")
async def search(request: Request) -> HTTPResponse:
    """`{text, product?}` → `{answered, clauses: [{product, product_name, number, title, text, score}]}`."""
    asked = request.json if isinstance(request.json, dict) else {}
    text, product = asked.get("text"), asked.get("product")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_QUESTION:
        raise Invalid("knowledge_text", fields={"text": "knowledge_text"}, most=LONGEST_QUESTION)
    if product is not None and not isinstance(product, str):
        raise Invalid("knowledge_product", fields={"product": "knowledge_product"})
    return json(asdict(await service.search(text, product or None)))
