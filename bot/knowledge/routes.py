"""`POST /api/knowledge/search`: questions about the wording, answered with clauses."""

from dataclasses import asdict
from typing import List, Optional

from pydantic import BaseModel, Field
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.errors import Invalid
from bot.knowledge import service
from bot.openapi import describe

blueprint = Blueprint("knowledge")
LONGEST_QUESTION = 500


class Question(BaseModel):
    """A question about the wording."""

    text: str = Field(max_length=LONGEST_QUESTION, description="the question, in Chinese")
    product: Optional[str] = Field(None, description="code of the product; all products without it")


class ClauseFound(BaseModel):
    """A clause that answers, or comes near."""

    product: str
    product_name: str
    number: str
    title: str
    text: str
    score: float = Field(description="0 to 1")


class Found(BaseModel):
    """The clauses, best first."""

    answered: bool = Field(description="false: the wording does not say it, the clauses only come near")
    clauses: List[ClauseFound]


@blueprint.post("/api/knowledge/search")
@describe("按条款回答问题", tag="knowledge", request=Question, responses={200: Found}, errors=(404, 422))
async def search(request: Request) -> HTTPResponse:
    """The clauses that answer a question about the wording."""
    asked = request.json if isinstance(request.json, dict) else {}
    text, product = asked.get("text"), asked.get("product")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_QUESTION:
        raise Invalid("knowledge_text", fields={"text": "knowledge_text"}, most=LONGEST_QUESTION)
    if product is not None and not isinstance(product, str):
        raise Invalid("knowledge_product", fields={"product": "knowledge_product"})
    return json(asdict(await service.search(text, product or None)), ensure_ascii=False)
