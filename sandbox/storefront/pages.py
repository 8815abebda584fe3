"""The storefront that both fake stores show: shelves, one product, an order, and the merchant bar.

Everything works without scripts: a form posts, the answer is a redirect.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.wrappers import Response as BaseResponse

from sandbox.clock import Clock
from sandbox.settings import Settings
from sandbox.store import CurrentFront, OrderRequest, Refusal
from sandbox.storefront import bench, view
from sandbox.storefront.brands import brand_of

_HERE = Path(__file__).parent
_SHOWN_ORDERS = 4


def storefront_pages(front: CurrentFront, settings: Settings) -> Blueprint:
    """`front` gives the shop of the current request."""
    pages = Blueprint("storefront", __name__, static_folder="static", static_url_path="/storefront")
    # Not the app's own environment: it escapes by file ending and would miss ".j2".
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
    )
    templates.globals |= {
        "money": view.money, "placed_words": view.placed_words, "order_buttons": view.order_buttons,
        "line_buttons": view.line_buttons, "parcel_buttons": view.parcel_buttons,
    }  # fmt: skip
    clock = Clock(settings.clock_file)

    def page(name: str, status: int = 200, **values: Any) -> Response:
        shop = front()
        text = templates.get_template(f"{name}.html.j2").render(
            shop=shop,
            brand=brand_of(shop.name),
            style=url_for("storefront.static", filename="storefront.css"),
            latest=shop.orders()[:_SHOWN_ORDERS],
            now=view.day_and_time(clock.now()),
            app_address=settings.app_address,
            here=request.url,
            said=request.args.get("said", "")[:300],
            **values,
        )
        return Response(text, status=status, mimetype="text/html", headers={"Cache-Control": "no-store"})

    @pages.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        return page("refused", refusal.status, message=refusal.message)

    @pages.get("/")
    def shop_window() -> Response:
        return page("window", shelves=view.shelves(front().products()))

    @pages.get("/product/<slug>")
    @pages.get("/product/<slug>/")
    @pages.get("/products/<slug>")
    def product(slug: str) -> Response:
        return page("product", shelf=view.shelf_of(front().products(), slug), given={}, problem="")

    @pages.post("/product/<slug>")
    def buy(slug: str) -> BaseResponse:
        shelf = view.shelf_of(front().products(), slug)
        try:
            placed = front().place_order(wanted(dict(request.form)))
        except Refusal as refusal:
            given = dict(request.form)
            return page("product", refusal.status, shelf=shelf, given=given, problem=refusal.message)
        return redirect(url_for("storefront.placed", order=placed.id), 303)

    @pages.get("/placed")
    def placed() -> Response:
        return page("placed", order=front().order(request.args.get("order", "")))

    @pages.get("/orders")
    def orders() -> Response:
        return page("orders", orders=front().orders())

    @pages.post("/merchant")
    def merchant() -> BaseResponse:
        try:
            said = bench.press(front(), request.form.get("order", ""), request.form.get("do", ""))
        except Refusal as refusal:
            said = f"Not done: {refusal.message}"
        back = bench.page_of(request.referrer)
        return redirect(f"{back}?{urlencode({'said': said})}#bench", 303)

    return pages


def wanted(form: dict[str, str]) -> OrderRequest:
    """The order that a shopper's form asks for. Raises Refusal 400."""
    quantity = form.get("quantity", "1")
    if not re.fullmatch("[1-9][0-9]?", quantity):
        raise Refusal(400, "Please choose between 1 and 99 pieces.")
    if "@" not in form.get("email", ""):
        raise Refusal(400, "Please give an e-mail address, so that we can confirm your order.")
    first, _, last = form.get("name", "").strip().partition(" ")
    return OrderRequest(
        lines=((form.get("sku", ""), int(quantity)),),
        email=form["email"].strip(),
        first_name=first,
        last_name=last.strip(),
        accepts_marketing="consent" in form,
        gift_note=form.get("gift_note", "").strip() or None,
        discount_code=form.get("discount_code", "").strip() or None,
        payment=form.get("payment", "card"),
    )
