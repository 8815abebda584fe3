"""WooCommerce's door: our one-time reference goes out, the store's keys come back.

The hand-over names no store, so the reference binds it to the address that was typed, and the keys
are proved by calling that address before they are trusted.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from redis import RedisError
from werkzeug.wrappers import Response

from app.limits import Limit, within
from app.services.install import (
    Attempt,
    UnknownReference,
    attempt_done,
    attempt_result,
    begin_attempt,
    connect,
    use_attempt,
)
from app.web.front import Front
from app.web.guards import checked_inside, open_to_all, runtime
from app.web.sandbox_front import for_browser
from connectors.base import Malformed, Refused, Store, StoreError
from connectors.woocommerce.auth import authorize_url, read_hand_over, shop_address
from flows.commerce import Platform

blueprint = Blueprint("install_woocommerce", __name__, url_prefix="/woocommerce")

SANDBOX_FRONT = "https://doorstep.example"
MOST_PER_MINUTE = 20
_TOO_OFTEN = "This was started many times within a minute. Please wait a little and start again."
# Where the companion plugin shows the admin page.
PLUGIN_PAGE = "/wp-admin/admin.php?page=doorstep"


@blueprint.get("/install")
@open_to_all("sends the browser to the store's own approval page; nothing is trusted from it")
def install() -> Response | tuple[str, int]:
    try:
        address = shop_address(request.args.get("shop", ""))
    except Refused as refused:
        return render_template("error.html", title="This is not a shop's address", detail=refused.reason), 400
    at = runtime()
    if not _may_begin():
        return render_template("error.html", title="One moment, please", detail=_TOO_OFTEN), 429
    attempt = Attempt(Platform.WOOCOMMERCE, address.removeprefix("https://"), address)
    reference = begin_attempt(at.database, at.keys, attempt, at.clock.real())
    target = authorize_url(
        address,
        reference=reference,
        callback_url=f"{_front()}/woocommerce/callback/{reference}",
        return_url=f"{at.config.address}/woocommerce/return",
    )
    return redirect(for_browser(target, at.config.origins))


@blueprint.post("/callback/<reference>")
@checked_inside("a one-time reference that only the store was told, and keys that must open that store")
def callback(reference: str) -> tuple[dict[str, str], int]:
    at = runtime()
    try:
        keys = read_hand_over(request.get_data(), reference)
        attempt = use_attempt(at.database, at.keys, reference, at.clock.real())
    except (Malformed, UnknownReference) as error:
        return {"error": str(error)}, 400
    store = Store(attempt.platform, attempt.domain, attempt.base_url, at.http, secrets=keys)
    try:
        at.connector(attempt.platform).profile(store)
    except StoreError as error:
        return {"error": f"the keys do not open the store: {error}"}, 400
    connected = connect(at.database, at.keys, attempt, keys, at.clock.now(), at.clock.real())
    attempt_done(at.database, at.keys, reference, connected.shop_id)
    at.queue.nudge()
    return {"outcome": "connected"}, 200


@blueprint.get("/return")
@open_to_all("shows what the hand-over already decided; the query is only used to look that up")
def returned() -> tuple[str, int]:
    at = runtime()
    store = attempt_result(at.database, at.keys, request.args.get("user_id", ""))
    if store:
        page = for_browser(f"{store}{PLUGIN_PAGE}", at.config.origins)
        return render_template("installed.html", page=page), 200
    detail = "The store did not hand over its keys. Nothing was connected; you can start again."
    return render_template("error.html", title="Not connected", detail=detail), 200


def _may_begin() -> bool:
    """Each beginning is a row that waits for its answer; nobody needs many. Without Redis nobody counts."""
    at = runtime()
    visitor = Front(0).visitor(at.config.trusted_proxies)
    limits = (
        Limit("install-visitor", at.keys.address_hash(0, f"visitor {visitor}")[:32], MOST_PER_MINUTE, 60),
    )
    try:
        return within(at.queue.redis, limits, at.clock.real())
    except RedisError:
        return True


def _front() -> str:
    """The https address by which stores call us (wc-auth refuses any other)."""
    at = runtime()
    return SANDBOX_FRONT if at.config.sandbox else at.config.address
