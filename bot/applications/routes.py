"""HTTP of the purchase: the text of a document to be read; getting it counts as opening it."""

from typing import List

from pydantic import BaseModel, Field
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.applications import service
from bot.channels.web import access_conversation
from bot.openapi import describe
from bot.store import transaction

blueprint = Blueprint("applications", url_prefix="/api")


class DocumentClause(BaseModel):
    """One numbered clause."""

    number: str = Field(description="number of the clause, like 2.4")
    title: str
    text: str


class DocumentText(BaseModel):
    """A document as it is read."""

    title: str
    version: str
    clauses: List[DocumentClause]


@blueprint.get("/documents/<document_id:str>")
@describe("阅读一份投保文件", tag="application", responses={200: DocumentText}, errors=(404,), token=True)
async def read_document(request: Request, document_id: str) -> HTTPResponse:
    """The document's numbered clauses, for the conversation it was shown to; 404 for anybody else."""
    conversation_id = await access_conversation(request)
    async with transaction() as session:
        body = await service.open_document(session, document_id, conversation_id)
    return json(DocumentText(**body).dict(), headers={"Cache-Control": "no-store"})
