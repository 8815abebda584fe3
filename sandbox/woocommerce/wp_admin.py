"""The WordPress back office, as far as it holds the app: its frame, the tokens for it, and the way out."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, jsonify, redirect, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.wrappers import Response as BaseResponse

from sandbox.back_office.look import BackOffice, Frame, draw, fresh
from sandbox.settings import Settings
from sandbox.store import StoreFront
from sandbox.woocommerce import login
from sandbox.woocommerce.leaving import leave
from sandbox.woocommerce.plugin import new_token, plugin_of
from sandbox.woocommerce.rest.shops import CurrentShop

_SHOWN_ORDERS = 60
_HOME = "/wp-admin/admin.php?page=doorstep"
_PATH = re.compile(r"/([\w-]+(/[\w-]+)*)?", re.ASCII)


def wp_admin_pages(shop_of: CurrentShop, front: Callable[[], StoreFront], settings: Settings) -> Blueprint:
    pages = Blueprint("wp_admin", __name__)
    folder = Path(__file__).parent / "templates"
    templates = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    office = BackOffice(
        platform="wordpress",
        user="Malin Larsen",
        app_page=lambda path: _HOME if path == "/" else f"{_HOME}&path={path}",
        orders_page="/wp-admin/admin.php?page=wc-orders",
    )

    @pages.get("/wp-admin/")
    def first() -> BaseResponse:
        return redirect(_HOME)

    @pages.get("/wp-login.php")
    def login_form() -> Response:
        return login_page("", 200)

    @pages.post("/wp-login.php")
    def enter() -> BaseResponse:
        if not login.fits(request.form):
            return login_page("This user and password do not belong together.", 403)
        response = redirect(wanted(), 303)
        login.log_in(shop_of(), response)
        return response

    @pages.get("/wp-admin/admin.php")
    def admin() -> BaseResponse:
        if login.nonce(shop_of()) is None:
            query = urlencode({"redirect_to": request.full_path})
            return redirect(f"/wp-login.php?{query}")
        asked = request.args.get("page", "")
        if asked == "doorstep":
            return app_page()
        if asked == "doorstep-connection":
            return connection_page()
        if asked == "wc-orders":
            orders = front().orders()
            page = draw(office, "orders", front(), at="orders", orders=orders, shown=_SHOWN_ORDERS)
            return fresh(page)
        return no_page()

    @pages.post("/wp-admin/admin-ajax.php")
    def fresh_token() -> tuple[Response, int]:
        shop, plugin = shop_of(), plugin_of(shop_of())
        known = login.nonce_for(shop, "doorstep_token")
        if known is None or request.args.get("action") != "doorstep_token":
            return jsonify(error="not for you"), 400
        if not hmac.compare_digest(known, request.args.get("nonce", "")):
            return jsonify(error="the nonce does not fit"), 403
        if plugin is None:
            return jsonify(error="not connected"), 409
        return jsonify(token=new_token(shop, plugin)), 200

    @pages.post("/wp-admin/admin-post.php")
    def disconnect() -> BaseResponse:
        known = login.nonce_for(shop_of(), "doorstep_disconnect")
        if known is None or request.args.get("action") != "doorstep_disconnect":
            return no_page()
        if not hmac.compare_digest(known, request.form.get("nonce", "")):
            return fresh(draw(office, "words", front(), title="Not done", words="The link has expired."), 403)
        leave(shop_of(), settings.origins, "disconnected")
        return redirect(_HOME, 303)

    def connection_page() -> Response:
        shop, plugin = shop_of(), plugin_of(shop_of())
        if plugin is None:
            return app_page()
        minutes = int(shop.machine_time().timestamp() - plugin["received_at"]) // 60
        page = draw(
            office, "plugin", front(), at="/", title="Doorstep is connected", plugin=plugin,
            silence="less than a minute" if minutes < 1 else f"{minutes} min",
            leave="/wp-admin/admin-post.php?action=doorstep_disconnect",
            nonce=login.nonce_for(shop, "doorstep_disconnect"),
        )  # fmt: skip
        return fresh(page)

    def app_page() -> Response:
        shop, plugin = shop_of(), plugin_of(shop_of())
        path = request.args.get("path", "/")
        if plugin is None:
            query = urlencode({"shop": f"https://{shop.domain}"})
            address = f"{settings.app_address}/woocommerce/install?{query}"
            waiting = bool(shop.every("key"))  # the app has its keys; its own answer is on its way
            title = "Doorstep is being connected" if waiting else "Doorstep is not connected"
            return fresh(
                draw(office, "connect", front(), at="/", title=title, waiting=waiting, address=address)
            )
        if not _PATH.fullmatch(path):
            return no_page()
        app = settings.origins.get(plugin["app"], plugin["app"])
        query = urlencode({"id_token": new_token(shop, plugin)})
        nonce = login.nonce_for(shop, "doorstep_token")
        frame = Frame(
            address=f"{app}/woocommerce/app{'' if path == '/' else quote(path)}?{query}",
            origin=app,
            token_address=f"/wp-admin/admin-ajax.php?action=doorstep_token&nonce={nonce}",
        )
        return fresh(draw(office, "app", front(), at="/" + path.split("/")[1], frame=frame))

    def no_page() -> Response:
        page = draw(office, "words", front(), title="Not possible", words="There is no such page.")
        return fresh(page, 404)

    def login_page(problem: str, status: int) -> Response:
        text = templates.get_template("wp_login.html.j2").render(
            shop=shop_of(), login=login.LOGIN, problem=problem, there=wanted()
        )
        return fresh(text, status)

    def wanted() -> str:
        """Where the merchant was going, if that is a page of this back office."""
        asked = request.args.get("redirect_to", "")
        return asked if asked.startswith("/wp-admin/") else _HOME

    return pages
