"""Shopify's doors: the authorisation code grant, and the exchange of an id token."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from app.keys import BadLink
from app.services.exchange import by_code, by_id_token
from app.services.install import Attempt, UnknownReference, begin_attempt, use_attempt
from app.web.guards import checked_inside, note_refusal, runtime
from app.web.sandbox_front import for_browser
from connectors.base import Refused, StoreError
from connectors.shopify import oauth
from connectors.shopify.scopes import missing_scopes
from flows.commerce import Platform

blueprint = Blueprint("install_shopify", __name__, url_prefix="/shopify")

COOKIE = "doorstep_install"
CALLBACK = "/shopify/callback"
# How often a shop that gave too few rights is asked for them before it is told so.
ASKED = 2

Page = Response | tuple[str, int]


@blueprint.get("/install")
@checked_inside("Shopify signs this address with the app's secret")
def install() -> Page:
    at = runtime()
    try:
        shop = oauth.check_install(_pairs(), at.shopify_keys(), at.clock.real())
    except Refused as refused:
        return _refused(refused)
    return _to_the_grant_page(shop)


@blueprint.get("/grant/<reference>")
@checked_inside("our own signature, given to a page of that shop's back office ten minutes ago at most")
def grant(reference: str) -> Page:
    """Where a page in the frame sends a merchant who has to grant something: the whole window, because the
    grant page cannot be shown in a frame and no cookie is set in one."""
    try:
        shop, until = runtime().keys.read("grant", reference)
    except BadLink:
        abort(404)
    if runtime().clock.real().timestamp() > until:
        return _refused(Refused(401, "this address is too old: open the app from the menu of your shop"))
    return _to_the_grant_page(shop)


@blueprint.get("/callback")
@checked_inside("hmac, shop, state bound to the browser, timestamp, in this order; the state counts once")
def callback() -> Page:
    at = runtime()
    shop, state, reference, asked = _remembered()
    try:
        back = oauth.check_callback(_pairs(), at.shopify_keys(), at.clock.real(), state=state, shop=shop)
        attempt = use_attempt(at.database, at.keys, reference, at.clock.real())
        if attempt != Attempt(Platform.SHOPIFY, back.shop, f"https://{back.shop}"):
            raise Refused(401, "another installation was begun than the one that came back")
        found = by_code(at.stores().tokens(), attempt, back.code, at.clock.now(), at.clock.real())
    except Refused as refused:
        return _refused(refused)
    except UnknownReference as error:
        return _refused(Refused(401, str(error)))
    except StoreError as error:
        return _refused(Refused(502, f"Shopify gave no token: {error}"))
    at.queue.nudge()
    missing = missing_scopes(",".join(found.scopes))
    if missing and asked < ASKED:
        return _to_the_grant_page(back.shop, asked + 1)
    target = oauth.embedded_url(back.host, at.shopify_keys())
    answer = redirect(for_browser(target, at.config.origins)) if target else make_response(_installed())
    if missing:
        answer = make_response(_too_few_rights(missing, grant_address(back.shop)), 403)
    answer.delete_cookie(COOKIE, path=CALLBACK)
    return answer


def connect_by_id_token(shop: str, id_token: str) -> tuple[str, ...]:
    """Connects a shop that has no good token. Returns the rights that it did not give with it. Raises
    StoreError, Refused."""
    at = runtime()
    found = by_id_token(at.stores().tokens(), shop, id_token, at.clock.now(), at.clock.real())
    if found is None:
        return ()
    at.queue.nudge()
    return missing_scopes(",".join(found.scopes))


def grant_address(shop: str) -> str:
    """Our own address at which `shop` is asked for rights, good for ten minutes."""
    at = runtime()
    until = at.clock.real().timestamp() + oauth.STATE_LIFE
    return f"{at.config.address}/shopify/grant/{at.keys.sign('grant', [shop, until])}"


def _to_the_grant_page(shop: str, asked: int = 1) -> Page:
    """`asked`: the how manieth time in a row."""
    at = runtime()
    state = oauth.new_state()
    attempt = Attempt(Platform.SHOPIFY, shop, f"https://{shop}")
    life = timedelta(seconds=oauth.STATE_LIFE)
    reference = begin_attempt(at.database, at.keys, attempt, at.clock.real(), life)
    target = oauth.authorize_url(shop, at.shopify_keys(), f"{at.config.address}{CALLBACK}", state)
    answer = redirect(for_browser(target, at.config.origins))
    answer.set_cookie(
        COOKIE,
        at.keys.sign("install", [shop, state, reference, asked]),
        max_age=oauth.STATE_LIFE,
        path=CALLBACK,
        httponly=True,
        secure=at.config.address.startswith("https://"),
        samesite="Lax",
    )
    return answer


def _remembered() -> tuple[str | None, str | None, str, int]:
    try:
        shop, state, reference, asked = runtime().keys.read("install", request.cookies.get(COOKIE, ""))
    except (BadLink, ValueError):
        return None, None, "", 0
    return shop, state, reference, asked


def _pairs() -> list[tuple[str, str]]:
    return list(request.args.items(multi=True))


def _installed() -> str:
    return render_template("installed.html", page="")


def _too_few_rights(missing: tuple[str, ...], again: str) -> str:
    words = f"Shopify gave fewer rights than Doorstep needs. Missing: {', '.join(missing)}."
    return render_template("error.html", title="Rights are missing", detail=words, again=again)


def _refused(refused: Refused) -> tuple[str, int]:
    note_refusal(refused.status, refused.reason)
    return render_template("error.html", title="This did not work", detail=refused.reason), refused.status
