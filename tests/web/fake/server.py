"""The fake gateway's wire: sessions, numbered messages, replay, history, documents, a cashier and the built pages."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict, List, Optional

import socketio
from aiohttp import web

from tests.web.fake import cards
from tests.web.fake.script import Reply, replies_to

STATIC = Path(__file__).resolve().parents[3] / "bot" / "static"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
CASHIER_PAGE = """<!doctype html><meta charset="utf-8"><title>收银台</title><h1>收银台</h1>
<form method="post"><button id="pay">确认支付</button></form>"""
REGIONS = [
    {"name": "浙江省", "children": [{"name": "杭州市", "children": [{"name": "西湖区"}, {"name": "余杭区"}]}]},
    {"name": "上海市", "children": [{"name": "上海市", "children": [{"name": "黄浦区"}]}]},
]


@dataclass
class Conversation:
    token: str
    messages: List[Dict[str, Any]] = field(default_factory=list)
    acks: Dict[str, Dict[str, Any]] = field(default_factory=dict)
    verified: bool = False
    read_up_to: int = 0


class FakeGateway:
    """Everything in memory. A bad network can be played: `is_down` lets no socket in, `loses_acks` answers no send."""

    def __init__(self) -> None:
        self.conversations: Dict[str, Conversation] = {}
        self.is_down = False
        self.loses_acks = False
        self.io = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins="*")
        self.app = web.Application(middlewares=[self._secure])
        self.io.attach(self.app)
        self._routes()
        self._events()

    def _routes(self) -> None:
        self.app.router.add_get("/", lambda _request: web.FileResponse(STATIC / "index.html"))
        self.app.router.add_get("/verify", lambda _request: web.FileResponse(STATIC / "verify.html"))
        self.app.router.add_static("/static/", STATIC)
        self.app.router.add_post("/api/session", self._open)
        self.app.router.add_get("/api/conversation/messages", self._history)
        self.app.router.add_post("/api/session/verify/code", self._send_code)
        self.app.router.add_post("/api/session/verify", self._verify)
        self.app.router.add_get("/api/regions", lambda _request: web.json_response({"regions": REGIONS}))
        self.app.router.add_get("/api/documents/{document_id}", self._document)
        self.app.router.add_get("/api/policies/{policy_no}/document", self._pdf)
        self.app.router.add_post("/api/policies/verify", self._verify_policy)
        self.app.router.add_get("/cashier/{order_id}", self._cashier)
        self.app.router.add_post("/cashier/{order_id}", self._pay)

    def _events(self) -> None:
        self.io.on("connect", self._connect)
        self.io.on("hello", self._hello)
        self.io.on("send", self._send)
        self.io.on("read", self._read)
        self.io.on("typing", self._typing)

    @web.middleware
    async def _secure(self, request: web.Request, handler: Any) -> web.StreamResponse:
        response = await handler(request)
        response.headers["Content-Security-Policy"] = CSP
        response.headers["Cache-Control"] = "no-cache"
        return response

    def _access(self, request: web.Request) -> str:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        for conversation_id, conversation in self.conversations.items():
            if conversation.token == token:
                return conversation_id
        raise web.HTTPUnauthorized()

    # --- HTTP ---

    async def _open(self, _request: web.Request) -> web.Response:
        conversation_id, token = secrets.token_hex(8), secrets.token_hex(16)
        self.conversations[conversation_id] = Conversation(token)
        return web.json_response({"conversation_id": conversation_id, "resume_token": token})

    async def _history(self, request: web.Request) -> web.Response:
        messages = self.conversations[self._access(request)].messages
        before = int(request.query.get("before_seq", len(messages) + 1))
        page = [message for message in messages if message["seq"] < before][-int(request.query.get("limit", 30)) :]
        return web.json_response({"messages": page})

    async def _send_code(self, request: web.Request) -> web.Response:
        self._access(request)
        if not (await request.json())["phone"].startswith("1"):
            error = {"error": "invalid", "message": "请检查手机号", "fields": {"phone": "请填写11位手机号"}}
            return web.json_response(error, status=422)
        return web.json_response({}, status=202)

    async def _verify(self, request: web.Request) -> web.Response:
        conversation_id = self._access(request)
        if (await request.json())["code"] != "246810":
            error = {"error": "invalid", "message": "验证码不正确", "fields": {"code": "验证码不正确"}}
            return web.json_response(error, status=422)
        self.conversations[conversation_id].verified = True
        await self._change(conversation_id, "form", "form_id", "verification", submitted=True)
        await self._play(conversation_id, replies_to("form", "verification", self._said(conversation_id)))
        await self.io.emit("verified", {"conversation_id": conversation_id}, room=conversation_id)
        return web.json_response({"verified": True, "conversation_id": conversation_id, "phone": "138****8000"})

    async def _document(self, request: web.Request) -> web.Response:
        self._access(request)
        return web.json_response(cards.document_text(request.match_info["document_id"].split("-")[1]))

    async def _pdf(self, request: web.Request) -> web.Response:
        self._access(request)
        return web.Response(body=b"%PDF-1.4 fake", content_type="application/pdf")

    async def _verify_policy(self, request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            asked = await request.json()
            valid = asked == {"policy_no": "HY2026040000018", "holder_name": "张三"}
        else:
            valid = (await request.post())["file"].file.read().startswith(b"%PDF")  # type: ignore[union-attr]
        known = {
            "policy_no": "HY2026040000018",
            "product_name": cards.PRODUCT,
            "holder_masked": "*三",
            "status": "in_force",
        }
        reason = "签名有效，内容未被改动。" if valid else "没有查到这张保单，请核对保单号和姓名。"
        return web.json_response({"valid": valid, "reason": reason, "policy": known if valid else None})

    async def _cashier(self, _request: web.Request) -> web.Response:
        return web.Response(text=CASHIER_PAGE, content_type="text/html")

    async def _pay(self, request: web.Request) -> web.Response:
        order_id = request.match_info["order_id"]
        for conversation_id, conversation in self.conversations.items():
            if any(message["body"].get("order_id") == order_id for message in conversation.messages):
                await self._change(conversation_id, "cashier", "order_id", order_id, status="paid")
                await self._play(conversation_id, [Reply("policy", cards.policy())])
        return web.Response(text="<!doctype html><meta charset=utf-8><h1>支付成功</h1>", content_type="text/html")

    # --- Socket.IO ---

    async def _connect(self, sid: str, _environ: Any, auth: Optional[Dict[str, str]]) -> None:
        if self.is_down:
            raise socketio.exceptions.ConnectionRefusedError({"error": "unavailable", "message": "稍后再试"})
        conversation = self.conversations.get((auth or {}).get("conversation_id", ""))
        if conversation is None or auth is None or auth.get("token") != conversation.token:
            raise socketio.exceptions.ConnectionRefusedError({"error": "session_unknown", "message": "会话已失效"})
        await self.io.save_session(sid, {"id": auth["conversation_id"]})
        await self.io.enter_room(sid, auth["conversation_id"])

    async def _hello(self, sid: str, data: Dict[str, Any]) -> Dict[str, Any]:
        conversation_id = (await self.io.get_session(sid))["id"]
        conversation = self.conversations[conversation_id]
        for message in conversation.messages:
            if message["seq"] > data["last_seq"]:
                await self.io.emit("message", message, to=sid)
        head = len(conversation.messages)
        state = {"state": "BOT", "owner": None, "epoch": 0}
        return {"conversation_id": conversation_id, **state, "head_seq": head, "verified": conversation.verified}

    async def _send(self, sid: str, data: Dict[str, Any]) -> Optional[Dict[str, Any]]:
        conversation_id = (await self.io.get_session(sid))["id"]
        conversation = self.conversations[conversation_id]
        if data["client_msg_id"] in conversation.acks:
            return conversation.acks[data["client_msg_id"]]
        refused = self._refusal(data)
        if refused:
            return refused
        stored = await self._keep(conversation_id, data)
        ack = {key: stored[key] for key in ("message_id", "seq", "at")}
        conversation.acks[data["client_msg_id"]] = ack
        self.io.start_background_task(self._answer, conversation_id, data)
        if self.loses_acks:
            await asyncio.sleep(3600)
        return ack

    async def _read(self, sid: str, data: Dict[str, int]) -> None:
        conversation = self.conversations[(await self.io.get_session(sid))["id"]]
        conversation.read_up_to = max(conversation.read_up_to, data["up_to_seq"])

    async def _typing(self, _sid: str, _data: Dict[str, bool]) -> None:
        return None

    @staticmethod
    def _refusal(data: Dict[str, Any]) -> Optional[Dict[str, Any]]:
        values = data["body"].get("values", {})
        if data["type"] == "form" and values.get("email") and "@" not in values["email"]:
            return {"error": "invalid", "message": "填写的内容有误", "fields": {"email": "邮箱格式不正确"}}
        if data["type"] == "button" and data["body"]["button_id"] == "other-plan":
            return {"error": "button_expired", "message": "此选项已过期，请按当前步骤继续。"}
        return None

    async def _keep(self, conversation_id: str, data: Dict[str, Any]) -> Dict[str, Any]:
        body = {key: value for key, value in data["body"].items() if key != "values"}
        if data["type"] == "button":
            source = next(
                message
                for message in self.conversations[conversation_id].messages
                if message["message_id"] == body["message_id"]
            )
            body["text"] = _title_of(source["body"], body["button_id"])
        elif data["type"] == "form":
            body["text"] = "已提交"
        elif data["type"] == "document_confirm":
            body["text"] = "已阅读并确认"
        return await self.say(conversation_id, data["type"], body, "customer", data["client_msg_id"])

    async def _answer(self, conversation_id: str, data: Dict[str, Any]) -> None:
        body = data["body"]
        if data["type"] == "form":
            await self._change(conversation_id, "form", "form_id", body["form_id"], submitted=True)
        if data["type"] == "document_confirm":
            await self._change(conversation_id, "document", "document_id", body["document_id"], confirmed=True)
        said = next(str(body[key]) for key in ("button_id", "form_id", "document_id", "text") if key in body)
        await self.io.emit("typing", {"on": True}, room=conversation_id)
        await asyncio.sleep(0.15)
        await self._play(conversation_id, replies_to(data["type"], said, self._said(conversation_id)))
        await self.io.emit("typing", {"on": False}, room=conversation_id)

    def _said(self, conversation_id: str) -> List[Dict[str, Any]]:
        return self.conversations[conversation_id].messages

    async def _play(self, conversation_id: str, replies: List[Reply]) -> None:
        turn = secrets.token_hex(4)
        for reply in replies:
            await self.say(conversation_id, reply.type, reply.body, reply.sender, reply_to=turn)
            if reply.ownership:
                await self.io.emit("ownership", reply.ownership, room=conversation_id)

    async def _change(self, conversation_id: str, kind: str, key: str, value: str, **live: Any) -> None:
        for message in self.conversations[conversation_id].messages:
            if message["type"] == kind and message["body"].get(key) == value:
                message["body"].update(live)
                await self.io.emit("message", message, room=conversation_id)

    async def cut(self) -> None:
        """Throw everybody out and let nobody in."""
        self.is_down = True
        for room in list(self.conversations):
            for sid, _ in list(self.io.manager.get_participants("/", room)):
                await self.io.disconnect(sid)

    async def say(
        self,
        conversation_id: str,
        kind: str,
        body: Dict[str, Any],
        sender: str = "assistant",
        client_msg_id: Optional[str] = None,
        reply_to: Optional[str] = None,
    ) -> Dict[str, Any]:
        """Store a message under the next seq and tell every socket."""
        messages = self.conversations[conversation_id].messages
        message = {
            "message_id": secrets.token_hex(8),
            "seq": len(messages) + 1,
            "sender": sender,
            "type": kind,
            "body": body,
            "at": datetime.now(timezone.utc).isoformat(),
            "client_msg_id": client_msg_id,
            "reply_to": reply_to,
        }
        messages.append(message)
        await self.io.emit("message", message, room=conversation_id)
        return message


def _title_of(body: Any, button_id: str) -> str:
    """The title of a button anywhere in a body."""
    if isinstance(body, dict):
        if body.get("id") == button_id:
            return str(body["title"])
        body = list(body.values())
    if isinstance(body, list):
        return next((title for title in (_title_of(item, button_id) for item in body) if title), "")
    return ""
