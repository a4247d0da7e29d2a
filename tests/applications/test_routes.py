"""GET /api/documents/<id> over HTTP: only with the token of the conversation it was shown to."""

import socket

import httpx
import pytest
from sanic import Sanic

from bot.applications import routes, service
from bot.channels.web import security
from bot.conversations import service as conversations
from bot.ids import new_id
from bot.store import transaction
from bot.store.tables.applications import ApplicationDocument
from tests.applications.buyer import P4_FACTORS


@pytest.fixture
async def api(database):
    app = Sanic(f"applications-{new_id()}", configure_logging=False)
    Sanic.test_mode = True
    security.mount(app)
    app.blueprint(routes.blueprint)
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.start_serving()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{sock.getsockname()[1]}", trust_env=False) as client:
        yield client
    await server.close()


@pytest.fixture
async def shown(api):
    """The owner's token and the first document of an application of theirs."""
    async with transaction() as session:
        opened = await conversations.open_conversation(session, "web")
        state = await service.start(session, opened.conversation_id, "P4", P4_FACTORS, "m1")
        sale = await service.access(session, state.id, opened.conversation_id)
        return opened.resume_token, sale.documents[0].id


def bearer(token):
    return {"authorization": f"Bearer {token}"}


async def test_the_owner_reads_the_clauses_and_has_opened_the_document(api, shown):
    token, document_id = shown
    answer = await api.get(f"/api/documents/{document_id}", headers=bearer(token))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert set(answer.json()) == {"title", "version", "clauses"}
    assert set(answer.json()["clauses"][0]) == {"number", "title", "text"}
    async with transaction(read_only=True) as session:
        assert (await session.get(ApplicationDocument, document_id)).opened_at is not None


async def test_others_and_wrong_ids_get_404_and_no_token_401(api, shown):
    token, document_id = shown
    async with transaction() as session:
        stranger = (await conversations.open_conversation(session, "web")).resume_token
    for path, headers, status in (
        (document_id, bearer(stranger), 404),
        (new_id(), bearer(token), 404),
        (document_id, {}, 401),
        (document_id, bearer("nonsense"), 401),
    ):
        answer = await api.get(f"/api/documents/{path}", headers=headers)
        assert answer.status_code == status
    async with transaction(read_only=True) as session:
        assert (await session.get(ApplicationDocument, document_id)).opened_at is None
