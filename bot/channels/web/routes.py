"""HTTP of the chat: a new session, a page of history, signing off on this device."""

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot.channels.web.access import access_conversation, bearer_token, client_address
from bot.channels.web.limits import limiter
from bot.channels.web.schemas import History, HistoryQuery, Session, query_of
from bot.conversations import service as conversations
from bot.openapi import describe
from bot.store import transaction

blueprint = Blueprint("web_chat", url_prefix="/api")


@blueprint.post("/session")
@describe("开始一个新会话", tag="session", responses={201: Session})
async def open_session(request: Request) -> HTTPResponse:
    """A new anonymous conversation."""
    await limiter().check_new_session(client_address(request))
    async with transaction() as session:
        opened = await conversations.open_conversation(session, "web")
    return json(Session(conversation_id=opened.conversation_id, resume_token=opened.resume_token).dict(), status=201)


@blueprint.post("/session/end")
@describe("在本设备上退出会话", tag="session", responses={204: None}, token=True)
async def end_session(request: Request) -> HTTPResponse:
    """Make this device's token worthless; the conversation stays."""
    await access_conversation(request)
    async with transaction() as session:
        await conversations.end_token(session, bearer_token(request))
    return empty()


@blueprint.get("/conversation/messages")
@describe("读取历史消息（一页）", tag="session", query=HistoryQuery, responses={200: History}, token=True)
async def read_history(request: Request) -> HTTPResponse:
    """A page of the conversation's messages, oldest first."""
    page = query_of(request, HistoryQuery)
    conversation_id = await access_conversation(request)
    async with transaction() as session:
        messages = await conversations.history(session, conversation_id, page.before_seq, page.limit)
    return json({"messages": messages}, ensure_ascii=False)
