"""Renders the server-side pages of the cashier and of the sandbox bank."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from sanic.response import HTTPResponse, html

from bot.cashier.money import yuan

TEMPLATES = Path(__file__).with_name("templates")
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
STATIC = Path(__file__).with_name("static")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(), trim_blocks=True)
    environment.filters["yuan"] = yuan
    return environment


def page(name: str, status: int = 200, **values: Any) -> HTTPResponse:
    """An HTML page from a template; never cached, because it may carry a signed link.

    Referrers stay within the site: with none at all browsers send `Origin: null` with a form, which is refused.
    """
    text = _environment().get_template(name).render(**values)
    return html(text, status=status, headers=HEADERS)
