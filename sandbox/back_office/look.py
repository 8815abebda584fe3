"""The merchant's back office as both platforms draw it around an app: bar, menu, page, frame.

What differs is the skin and the addresses. The menu's links are the back office's own pages, so
everything but the answers to the frame's questions works without scripts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, url_for
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sandbox.store import StoreFront
from sandbox.storefront import view

# The app's pages, as its menu shows them.
APP_ENTRIES = (
    ("/", "Home"),
    ("/flows", "Flows"),
    ("/messages", "Messages"),
    ("/reviews", "Reviews"),
    ("/brand", "Brand"),
    ("/storefront", "Storefront"),
)
# Those that one platform's shops have besides.
MORE_ENTRIES = {"shopify": (("/settings", "Settings"),)}


@dataclass(frozen=True, slots=True)
class Frame:
    """The app's page. `token_address`: where the script gets a fresh token; "" where the frame has
    ways of its own."""

    address: str
    origin: str
    token_address: str = ""


@dataclass(frozen=True, slots=True)
class BackOffice:
    """`app_page(path)` and `orders_page` are the menu's addresses; `platform` also names the skin."""

    platform: str
    user: str
    app_page: Callable[[str], str]
    orders_page: str


def back_office_look() -> Blueprint:
    """The style sheet and the script."""
    return Blueprint("back_office_look", __name__, static_folder="static", static_url_path="/back-office")


def draw(office: BackOffice, name: str, shop: StoreFront, *, at: str = "", **values: Any) -> str:
    """`at`: the menu's entry that this page belongs to: a path of the app, or "orders"."""
    return _TEMPLATES.get_template(f"{name}.html.j2").render(
        office=office, shop=shop, at=at,
        entries=APP_ENTRIES + MORE_ENTRIES.get(office.platform, ()),
        style=url_for("back_office_look.static", filename="back_office.css"),
        script=url_for("back_office_look.static", filename="frame.js"),
        **values,
    )  # fmt: skip


def fresh(text: str, status: int = 200) -> Response:
    """Pages with tokens in them are never kept."""
    return Response(text, status, mimetype="text/html", headers={"Cache-Control": "no-store"})


def _templates() -> Environment:
    folder = Path(__file__).parent / "templates"
    templates = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    templates.globals |= {"money": view.money, "placed_words": view.placed_words}
    return templates


_TEMPLATES = _templates()
