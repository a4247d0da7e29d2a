"""Renders the server-side pages of the cashier and of the sandbox bank."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from sanic.response import HTTPResponse, html

TEMPLATES = Path(__file__).with_name("templates")
STATIC = Path(__file__).with_name("static")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(), trim_blocks=True)
    environment.filters["yuan"] = yuan
    return environment


def yuan(fen: int) -> str:
    """An amount in fen as yuan: 6,610.00."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def page(name: str, status: int = 200, **values: Any) -> HTTPResponse:
    """An HTML page from a template; never cached, because it may carry a signed link."""
    text = _environment().get_template(name).render(**values)
    return html(text, status=status, headers={"Cache-Control": "no-store"})
