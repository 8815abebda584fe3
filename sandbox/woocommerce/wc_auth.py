"""The approval screens by which an app gets its keys: log in, read what it wants, approve or deny."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.wrappers import Response as BaseResponse

from sandbox.deliveries import post
from sandbox.woocommerce import login
from sandbox.woocommerce.announcements import TRANSPORT
from sandbox.woocommerce.keys import SCOPES, make_key
from sandbox.woocommerce.php_json import encode
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.shop import Shop

_NEEDED = ("app_name", "user_id", "return_url", "callback_url", "scope")
_MEANING = {
    "read": ("View orders, products and customers",),
    "write": ("Change orders, products and customers", "Set up webhooks"),
    "read_write": (
        "View orders, products and customers", "Change orders, products and customers", "Set up webhooks",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _AskError(Exception):
    message: str


def wc_auth_pages(shop_of: CurrentShop, origins: Mapping[str, str]) -> Blueprint:
    """`origins`: where the https name of a callback really lives."""
    pages = Blueprint("wc_auth", __name__, url_prefix="/wc-auth/v1")
    folder = Path(__file__).parent / "templates"
    templates = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)

    def page(name: str, status: int = 200, **values: Any) -> Response:
        query = request.query_string.decode("ascii", "replace")
        text = templates.get_template(f"{name}.html.j2").render(shop=shop_of(), query=query, **values)
        return Response(text, status, mimetype="text/html", headers={"Cache-Control": "no-store"})

    @pages.errorhandler(_AskError)
    def failed(error: _AskError) -> Response:
        return page("wc_auth_error", 401, message=error.message)

    @pages.get("/authorize")
    def authorize() -> BaseResponse:
        wanted = _checked(request.args)
        nonce = login.nonce(shop_of())
        if nonce is None:
            return redirect(f"/wc-auth/v1/login?{request.query_string.decode()}")
        callback = urlsplit(wanted["callback_url"])
        return page(
            "wc_auth_grant", wanted=wanted, nonce=nonce, host=callback.hostname,
            rights=_MEANING[wanted["scope"]], deny=_back(wanted, success=False),
        )  # fmt: skip

    @pages.get("/login")
    def login_form() -> Response:
        return page("wc_auth_login", wanted=_checked(request.args), problem="", login=login.LOGIN)

    @pages.post("/login")
    def enter() -> BaseResponse:
        wanted, shop = _checked(request.args), shop_of()
        if not login.fits(request.form):
            problem = "This user and password do not belong together."
            return page("wc_auth_login", 403, wanted=wanted, problem=problem, login=login.LOGIN)
        response = redirect(f"/wc-auth/v1/authorize?{request.query_string.decode()}")
        login.log_in(shop, response)
        return response

    @pages.post("/access_granted")
    def approve() -> BaseResponse:
        wanted, shop = _checked(request.args), shop_of()
        if request.form.get("wc_auth_nonce", "") != (login.nonce(shop) or secrets.token_hex(5)):
            raise _AskError("Invalid nonce verification.")
        key = make_key(shop, wanted["scope"], wanted["app_name"])
        if _hand_over(shop, key, wanted, origins) != 200:
            shop.forget("key", key["consumer_key"])
            raise _AskError("The consumer data could not be sent")
        return redirect(_back(wanted, success=True))

    return pages


def _checked(args: Mapping[str, str]) -> dict[str, str]:
    """Raises _AskError. Only the callback has to be https; addresses without a scheme get one."""
    wanted = {name: args.get(name, "") for name in _NEEDED}
    for name, value in wanted.items():
        if not value:
            raise _AskError(f"Missing parameter {name}")
    if wanted["scope"] not in SCOPES:
        raise _AskError(f"Invalid scope {wanted['scope']}")
    for name in ("return_url", "callback_url"):
        if not wanted[name].startswith(("http://", "https://")):
            wanted[name] = f"https://{wanted[name]}"
    if not wanted["callback_url"].startswith("https://"):
        raise _AskError("The callback_url needs to be over SSL")
    return wanted


def _hand_over(
    shop: Shop, key: dict[str, Any], wanted: Mapping[str, str], origins: Mapping[str, str]
) -> int | None:
    body = {
        "key_id": key["key_id"],
        "user_id": wanted["user_id"],
        "consumer_key": key["consumer_key"],
        "consumer_secret": key["consumer_secret"],
        "key_permissions": key["key_permissions"],
    }
    headers = {
        "User-Agent": f"WordPress/6.8.8; {shop.address}",
        **TRANSPORT,
        "Content-Type": "application/json;charset=UTF-8",
    }
    return post(wanted["callback_url"], headers, encode(body), origins, (5.0, 60.0))[0]


def _back(wanted: Mapping[str, str], *, success: bool) -> str:
    query = urlencode({"success": "1" if success else "0", "user_id": wanted["user_id"]})
    joint = "&" if "?" in wanted["return_url"] else "?"
    return f"{wanted['return_url']}{joint}{query}"
