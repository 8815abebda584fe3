"""The storefront that both fake stores show: shelves, one product, basket, checkout, account, the pages
that the app answers, and the merchant bar.

Everything but the review widgets works without scripts: a form posts, the answer is a redirect.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from sandbox.settings import Settings
from sandbox.store import CurrentFront, Refusal
from sandbox.storefront import bench, view
from sandbox.storefront.account import account_routes
from sandbox.storefront.app_pages import AskApp, app_page_routes
from sandbox.storefront.brands import brand_of, category_of
from sandbox.storefront.buying import buying_routes
from sandbox.storefront.leaflets import leaflet_of
from sandbox.storefront.theme import Blocks, Theme, theme_templates

_BESIDE = 4


def storefront_pages(
    front: CurrentFront, settings: Settings, ask_app: AskApp, blocks: Blocks | None = None
) -> Blueprint:
    """`front` gives the shop of the current request; `ask_app` puts it to the app; `blocks` shows what the
    app brings into the theme."""
    pages = Blueprint("storefront", __name__, static_folder="static", static_url_path="/storefront")
    theme = Theme(front, settings, theme_templates(), blocks)

    @pages.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        return theme.page("refused", refusal.status, message=refusal.message)

    @pages.get("/")
    def shop_window() -> Response:
        brand, shelves = brand_of(front().currency), view.shelves(front().products())
        return theme.page("window", parts=[(one, view.in_category(shelves, one)) for one in brand.categories])

    @pages.get("/category/<slug>")
    def category(slug: str) -> Response:
        found = category_of(brand_of(front().currency), slug)
        if found is None:
            raise Refusal(404, "There is no such part of the shop.")
        shelves = view.in_category(view.shelves(front().products()), found)
        return theme.page("category", category=found, shelves=shelves)

    @pages.get("/product/<slug>")
    @pages.get("/product/<slug>/")
    @pages.get("/products/<slug>")
    def product(slug: str) -> Response:
        cards = front().products()
        shelf = view.shelf_of(cards, slug)
        return theme.page(
            "product", shelf=shelf, facts=leaflet_of(slug), asked=request.args.get("sku", ""),
            home=next(
                (one for one in brand_of(front().currency).categories if shelf.category in one.holds), None
            ),
            beside=view.beside(view.shelves(cards), shelf, _BESIDE),
        )  # fmt: skip

    @pages.get("/pages/track")
    def track() -> Response:
        """A page of the merchant's own that holds the app's look-up block."""
        if blocks is None:
            raise Refusal(404, "There is no such page here.")
        return theme.page("track")

    @pages.post("/merchant")
    def merchant() -> BaseResponse:
        try:
            said = bench.press(front(), request.form.get("order", ""), request.form.get("do", ""))
        except Refusal as refusal:
            said = f"Not done: {refusal.message}"
        back = bench.page_of(request.referrer)
        return redirect(f"{back}?{urlencode({'said': said})}#bench", 303)

    buying_routes(pages, theme)
    account_routes(pages, theme)
    app_page_routes(pages, theme, ask_app)
    return pages
