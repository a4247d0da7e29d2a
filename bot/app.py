"""Builds the gateway: the only place where features are wired together."""

from pathlib import Path
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot import logs, store
from bot.applications import cards as application_cards
from bot.applications import forms as application_forms
from bot.applications import jobs as application_jobs
from bot.applications import routes as application_routes
from bot.applications import service as applications
from bot.cashier import jobs as cashier_jobs
from bot.cashier import routes as cashier_routes
from bot.cashier import sandbox_routes
from bot.cashier import view as cashier_view
from bot.catalogue import cards as catalogue_cards
from bot.catalogue import routes as catalogue_routes
from bot.catalogue import service as catalogue
from bot.channels import web
from bot.conversations import ports, worker
from bot.customers import routes as customer_routes
from bot.customers import service as customers
from bot.jobs import worker as jobs
from bot.knowledge import routes as knowledge_routes
from bot.monitoring import routes as monitoring_routes
from bot.parties import routes as party_routes
from bot.policies import cards as policy_cards
from bot.policies import fonts as policy_fonts
from bot.policies import jobs as policy_jobs
from bot.policies import ports as policy_ports
from bot.policies import routes as policy_routes
from bot.quotes import cards as quote_cards
from bot.quotes import routes as quote_routes
from bot.records import routes as record_routes
from bot.settings import Settings, settings
from bot.store.migrate import upgrade

JOBS = jobs.Handlers(
    inside={**application_jobs.INSIDE, **cashier_jobs.INSIDE},
    outside={**cashier_jobs.OUTSIDE, **policy_jobs.OUTSIDE},
)
# open sockets of customers do not end by themselves; they reconnect
STOP_SECONDS = 2.0
STATIC = Path(__file__).with_name("static")
ROUTES = (
    application_routes,
    cashier_routes,
    catalogue_routes,
    customer_routes,
    knowledge_routes,
    monitoring_routes,
    party_routes,
    policy_routes,
    quote_routes,
    record_routes,
    sandbox_routes,
)


def build(config: Settings) -> Sanic:
    """The gateway's app: channels, pages, the worker of the inbox and every feature's routes."""
    logs.configure(config.log_level)
    app = Sanic("heyu", configure_logging=False)
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = STOP_SECONDS
    wire()
    app.register_listener(_migrate, "main_process_start")
    app.register_listener(_prepare_fonts, "before_server_start")
    app.register_listener(_reconcile, "after_server_start")
    app.register_listener(_close, "after_server_stop")
    web.mount(app)
    worker.mount(app)
    jobs.mount(app, JOBS)
    for routes in ROUTES:
        app.blueprint(routes.blueprint)
    _serve_pages(app)
    app.register_middleware(_revalidate, "response")
    return app


def wire() -> None:
    """Fill the registries through which features meet without knowing each other."""
    registries = ports.Ports(
        cards={
            "product_cards": catalogue_cards.load_products,
            "quote": quote_cards.load_quote,
            "form": application_cards.load_form,
            "document": application_cards.load_document,
            "question": application_cards.load_question,
            "cashier": cashier_view.load_card,
            "policy": policy_cards.load_policy,
        },
        forms={
            "needs": application_forms.submit_needs,
            "consent": application_forms.submit_consent,
            "parties": application_forms.submit_parties,
        },
        document=application_forms.submit_document,
        is_live_code=customers.is_live_code,
        hotline=catalogue.insurer().hotline,
    )
    ports.use(registries)
    policy_ports.use(policy_ports.Sales(contract=applications.contract, mark_issued=applications.mark_issued))


def serve(config: Settings) -> None:
    """Serve until a signal comes."""
    build(config).run(config.host, config.port, workers=1, access_log=False, debug=False)


async def _migrate(_app: Sanic, _loop: Any) -> None:
    await upgrade(settings().database)


async def _prepare_fonts(_app: Sanic, _loop: Any) -> None:
    await policy_fonts.prepare_aside()


async def _reconcile(_app: Sanic, _loop: Any) -> None:
    await cashier_jobs.schedule_reconciliation()


async def _close(_app: Sanic, _loop: Any) -> None:
    await store.database().dispose()


async def _revalidate(request: Request, response: BaseHTTPResponse) -> None:
    # the built files keep their names, so that a browser has to ask whether they are still the same
    if request.method == "GET" and not request.path.startswith(("/api/", "/socket.io/")):
        response.headers.setdefault("Cache-Control", "no-cache")


def _serve_pages(app: Sanic) -> None:
    app.static("/static", STATIC, name="static")
    app.static("/", STATIC / "index.html", name="chat_page")
    app.static("/verify", STATIC / "verify.html", name="verify_page")
