"""Pages of the sandbox bank: the wallet where a customer confirms, and the panel that tells it how to behave.

They exist only while the sandbox is the payment provider.
"""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot import errors, links
from bot.cashier.pages import page
from bot.cashier.providers import provider, sandbox
from bot.cashier.providers.behaviour import Behaviour, Variant
from bot.errors import HeyuError, Invalid, NotFound
from bot.ids import new_id
from bot.settings import settings
from bot.store import transaction

PANEL = "/sandbox/payments"
LONGEST_DELAY = 3600

blueprint = Blueprint("sandbox_payments", url_prefix="/sandbox")


@blueprint.get("/wallet/<payment_id:str>")
async def wallet(request: Request, payment_id: str) -> HTTPResponse:
    """The page that stands for WeChat Pay or Alipay."""
    _check_sandbox()
    try:
        links.check(sandbox.WALLET_PURPOSE, payment_id, request.args.get("t"), sandbox.WALLET_AGE)
        async with transaction() as session:
            found = await sandbox.access_payment(session, payment_id)
    except HeyuError as error:
        return page("cashier_error.html", status=error.status, message=errors.message(error))
    back = _own_address(request.args.get("back"))
    return page("sandbox_wallet.html", payment=found, token=request.args.get("t"), back=back)


@blueprint.post("/wallet/<payment_id:str>")
async def confirm(request: Request, payment_id: str) -> HTTPResponse:
    """The payer confirms, pays from somebody else's wallet, or cancels; then back to the cashier."""
    _check_sandbox()
    links.check(sandbox.WALLET_PURPOSE, payment_id, request.form.get("t"), sandbox.WALLET_AGE)
    choice = request.form.get("choice")
    if choice not in ("pay", "pay_as_other", "cancel"):
        raise Invalid("malformed")
    async with transaction() as session:
        await sandbox.settle(session, payment_id, payer_matches=choice != "pay_as_other", cancelled=choice == "cancel")
    return redirect(_own_address(request.form.get("back")), status=303)


@blueprint.get("/payments")
async def panel(_request: Request) -> HTTPResponse:
    """How the bank treats the next payment, and the latest payments in its books."""
    _check_sandbox()
    async with transaction(read_only=True) as session:
        chosen, recent = await sandbox.panel(session), await sandbox.recent(session)
    return page("sandbox_panel.html", chosen=chosen, recent=recent, behaviours=list(Behaviour), variants=list(Variant))


@blueprint.post("/payments")
async def set_panel(request: Request) -> HTTPResponse:
    """Tell the bank how to treat the payments to come."""
    _check_sandbox()
    try:
        behaviour = Behaviour(request.form.get("behaviour"))
        delay = min(max(int(request.form.get("delay_seconds") or 0), 0), LONGEST_DELAY)
    except ValueError as error:
        raise Invalid("malformed") from error
    async with transaction() as session:
        await sandbox.set_panel(session, behaviour, delay)
    return redirect(PANEL, status=303)


@blueprint.post("/payments/<payment_id:str>/notify")
async def notify(request: Request, payment_id: str) -> HTTPResponse:
    """Send one notice about a payment now, true or not."""
    _check_sandbox()
    try:
        variant = Variant(request.form.get("variant"))
    except ValueError as error:
        raise Invalid("malformed") from error
    async with transaction() as session:
        await sandbox.access_payment(session, payment_id)
        await sandbox.schedule_notice(session, payment_id, variant, 0, key=f"{payment_id}:{new_id()}")
    return redirect(PANEL, status=303)


def _check_sandbox() -> None:
    if provider().name != sandbox.SandboxProvider.name:
        raise NotFound()


def _own_address(back: str | None) -> str:
    """Path of the cashier page to go back to; never an address of another site."""
    path = (back or "").removeprefix(settings().public_base)
    return path if path.startswith("/cashier/") else "/"
