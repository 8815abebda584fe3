"""Shopify's doors: the authorisation code grant, and the exchange of an id token."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from app.keys import BadLink
from app.queries.shops import shop_by_domain
from app.services.install import Attempt, UnknownReference, begin_attempt, connect, use_attempt
from app.services.stores import token_secrets
from app.web.guards import checked_inside, note_refusal, runtime
from app.web.sandbox_front import for_browser
from connectors.base import Refused, StoreError
from connectors.shopify import oauth, tokens
from flows.commerce import Platform

blueprint = Blueprint("install_shopify", __name__, url_prefix="/shopify")

COOKIE = "doorstep_install"
CALLBACK = "/shopify/callback"

Page = Response | tuple[str, int]


@blueprint.get("/install")
@checked_inside("Shopify signs this address with the app's secret")
def install() -> Page:
    at = runtime()
    try:
        shop = oauth.check_install(_pairs(), at.shopify_keys(), at.clock.real())
    except Refused as refused:
        return _refused(refused)
    state = oauth.new_state()
    attempt = Attempt(Platform.SHOPIFY, shop, f"https://{shop}")
    reference = begin_attempt(at.database, at.keys, attempt, at.clock.real())
    target = oauth.authorize_url(shop, at.shopify_keys(), f"{at.config.address}{CALLBACK}", state)
    answer = redirect(for_browser(target, at.config.origins))
    answer.set_cookie(
        COOKIE,
        at.keys.sign("install", [shop, state, reference]),
        max_age=oauth.STATE_LIFE,
        path=CALLBACK,
        httponly=True,
        secure=at.config.address.startswith("https://"),
        samesite="Lax",
    )
    return answer


@blueprint.get("/callback")
@checked_inside("hmac, shop, state bound to the browser, timestamp, in this order; the state counts once")
def callback() -> Page:
    at = runtime()
    shop, state, reference = _remembered()
    try:
        back = oauth.check_callback(_pairs(), at.shopify_keys(), at.clock.real(), state=state, shop=shop)
        attempt = use_attempt(at.database, at.keys, reference or "", at.clock.real())
        token = tokens.exchange_code(at.http, back.shop, at.shopify_keys(), back.code, at.clock.real())
    except Refused as refused:
        return _refused(refused)
    except UnknownReference as error:
        return _refused(Refused(401, str(error)))
    except StoreError as error:
        return _refused(Refused(502, f"Shopify gave no token: {error}"))
    connect(at.database, at.keys, attempt, token_secrets(token), at.clock.now(), at.clock.real())
    at.queue.nudge()
    target = oauth.embedded_url(back.host, at.shopify_keys())
    answer = redirect(for_browser(target, at.config.origins)) if target else make_response(_installed())
    answer.delete_cookie(COOKIE, path=CALLBACK)
    return answer


def connect_by_id_token(shop: str, id_token: str) -> None:
    """Never while a good token is stored: a new one would end the one that a worker holds."""
    at = runtime()
    if _is_connected(shop):
        return
    token = tokens.exchange_id_token(at.http, shop, at.shopify_keys(), id_token, at.clock.real())
    attempt = Attempt(Platform.SHOPIFY, shop, f"https://{shop}")
    connect(at.database, at.keys, attempt, token_secrets(token), at.clock.now(), at.clock.real())
    at.queue.nudge()


def _is_connected(shop: str) -> bool:
    at = runtime()
    with at.database.nobody() as session:
        row = shop_by_domain(session, Platform.SHOPIFY, shop)
    return row is not None and row.state == "connected"


def _remembered() -> tuple[str | None, str | None, str | None]:
    try:
        shop, state, reference = runtime().keys.read("install", request.cookies.get(COOKIE, ""))
    except (BadLink, ValueError):
        return None, None, None
    return shop, state, reference


def _pairs() -> list[tuple[str, str]]:
    return list(request.args.items(multi=True))


def _installed() -> str:
    return render_template("installed.html", page="")


def _refused(refused: Refused) -> tuple[str, int]:
    note_refusal(refused.status, refused.reason)
    return render_template("error.html", title="This did not work", detail=refused.reason), refused.status
