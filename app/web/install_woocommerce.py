"""WooCommerce's door: the shop is looked at, our one-time reference goes out, the store's keys come back.

The hand-over names no store, so the reference binds it to the address that was typed, and the keys
are proved by calling that address before they are trusted.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.services.install import (
    AnotherStore,
    Attempt,
    UnknownReference,
    attempt_done,
    attempt_failed,
    attempt_result,
    begin_attempt,
    connect,
    use_attempt,
)
from app.web.connect_page import (
    BUSY,
    TOO_OFTEN,
    Full,
    findings_page,
    may_try,
    one_look,
    page,
    refused,
    remember,
    remembered,
)
from app.web.guards import checked_inside, note_refusal, open_to_all, runtime
from app.web.sandbox_front import for_browser
from connectors.base import Malformed, Refused, Store
from connectors.woocommerce import findings as found
from connectors.woocommerce.auth import authorize_url, comes_from, named_by, read_hand_over, shop_address
from connectors.woocommerce.check import look_at_address, look_with_keys
from connectors.woocommerce.findings import Finding, blockers
from flows.commerce import Platform

blueprint = Blueprint("install_woocommerce", __name__, url_prefix="/woocommerce")

SANDBOX_FRONT = "https://doorstep.example"
MOST_PER_MINUTE = 20
# The store waits a minute for our answer; two of our calls must fit into it.
PATIENCE_WITH_KEYS = 15.0
HAND_OVER_BYTES = 16 * 1024
# Where the companion plugin shows the admin page.
PLUGIN_PAGE = "/wp-admin/admin.php?page=doorstep"


@blueprint.get("/install")
@open_to_all("sends the browser to the store's own approval page; nothing is trusted from it")
def install() -> AnyResponse:
    """Where the plugin's button and the first page lead."""
    return _begin(request.args.get("shop", ""))


@blueprint.get("/connect")
@open_to_all("a form; with an address the same as /install")
def form() -> AnyResponse:
    typed = request.args.get("shop", "")
    if typed:
        return _begin(typed)
    address, findings = remembered()
    return findings_page(address, findings, 200) if findings else page("form", 200, shop="")


@blueprint.post("/connect")
@open_to_all("the same as /install; whoever knows better goes on without the look, and nothing is trusted")
def connect_anew() -> AnyResponse:
    return _begin(request.form.get("shop", ""), again=True, go_on=request.form.get("go_on") == "1")


def _begin(typed: str, *, again: bool = False, go_on: bool = False) -> AnyResponse:
    """`again`: what was in the way the last time may be gone."""
    at = runtime()
    by_http = re.match(r"\s*http://", typed, re.I) is not None
    try:
        address = shop_address(re.sub(r"^\s*http://", "https://", typed, flags=re.I))
    except Refused as refusal:
        return page("form", 400, shop=typed[:300], wrong=refusal.reason)
    if not may_try("install", address, MOST_PER_MINUTE, 60):
        return refused("One moment, please", TOO_OFTEN, 429)
    tried, before = remembered()
    if before and tried == address and not again:
        return findings_page(address, before)
    try:
        findings = () if go_on else _in_the_way(address, by_http)
    except Full:
        return refused("One moment, please", BUSY, 503)
    if findings:
        return findings_page(address, findings)
    attempt = Attempt(Platform.WOOCOMMERCE, address.removeprefix("https://"), address)
    reference = begin_attempt(at.database, at.keys, attempt, at.clock.real())
    target = authorize_url(
        address,
        reference=reference,
        callback_url=f"{_front()}/woocommerce/callback/{reference}",
        return_url=f"{at.config.address}/woocommerce/return",
    )
    answer = Response(status=302, headers={"Location": for_browser(target, at.config.origins)})
    remember(answer, reference)
    return answer


def _in_the_way(address: str, by_http: bool) -> tuple[Finding, ...]:
    """Raises Full."""
    at = runtime()
    with one_look():
        findings = blockers(look_at_address(address, at.http, at.clock.real()))
    nobody = {found.UNREACHABLE, found.CERTIFICATE}
    if by_http and any(one.key in nobody and not one.facts for one in findings):
        return (Finding(found.HTTP_ONLY),)
    return findings


@blueprint.post("/callback/<reference>")
@checked_inside("a one-time reference that only the store was told, and keys that must open that store")
def callback(reference: str) -> tuple[dict[str, str], int]:
    """The store takes nothing but 200 for a yes, and otherwise deletes the key that it made."""
    at = runtime()
    request.max_content_length = HAND_OVER_BYTES
    try:
        keys = read_hand_over(request.get_data(), reference)
        attempt = use_attempt(at.database, at.keys, reference, at.clock.real())
    except (Malformed, UnknownReference) as error:
        return _told_no(str(error))
    caller = request.headers.get("User-Agent", "")
    if not comes_from(caller, attempt.base_url):
        unproven = Finding(found.UNNAMED, {"named": named_by(caller)} if named_by(caller) else {})
        attempt_failed(at.database, at.keys, reference, [unproven.as_row()])
        return _told_no("another store hands over its keys, or one that does not say which it is")
    store = Store(attempt.platform, attempt.domain, attempt.base_url, at.http, secrets=keys)
    look = look_with_keys(store, fresh=True, patience=PATIENCE_WITH_KEYS)
    findings = blockers(look.findings)
    if not findings:
        try:
            kept = {**keys, **look.kept}
            connected = connect(
                at.database, at.keys, attempt, kept, at.clock.now(), at.clock.real(), look.store_id
            )
        except AnotherStore:
            findings = (Finding(found.ANOTHER_STORE),)
        else:
            attempt_done(at.database, at.keys, reference, connected.shop_id)
            at.queue.nudge()
            return {"outcome": "connected"}, 200
    attempt_failed(at.database, at.keys, reference, [one.as_row() for one in findings])
    return _told_no(f"the keys do not open the store: {', '.join(one.key for one in findings)}")


@blueprint.get("/return")
@open_to_all("shows what the hand-over already decided; the query is only used to look that up")
def returned() -> AnyResponse | tuple[str, int]:
    at = runtime()
    store = attempt_result(at.database, at.keys, request.args.get("user_id", ""))
    if store:
        plugin = for_browser(f"{store}{PLUGIN_PAGE}", at.config.origins)
        return render_template("installed.html", page=plugin), 200
    address, findings = remembered()
    return findings_page(address, findings, 200) if findings else page("declined", 200)


def _told_no(why: str) -> tuple[dict[str, str], int]:
    note_refusal(400, why)
    return {"error": why}, 400


def _front() -> str:
    """The https address by which stores call us (wc-auth refuses any other)."""
    at = runtime()
    return SANDBOX_FRONT if at.config.sandbox else at.config.address
