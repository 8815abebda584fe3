"""Keys that a merchant has made by hand, for shops whose host lets no call out: proved in the shop, kept, and
never shown again."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from app.services.install import AnotherStore, Attempt, attempt_done, begin_attempt, connect, use_attempt
from app.web.connect_page import BUSY, KEYS_PAGE, TOO_OFTEN, Full, may_try, one_look, page, refused
from app.web.guards import open_to_all, runtime
from app.web.sandbox_front import for_browser
from app.words.connect_words import told
from connectors.base import Refused, Store
from connectors.woocommerce import findings as found
from connectors.woocommerce.auth import is_key, shop_address
from connectors.woocommerce.check import look_at_address, look_with_keys
from connectors.woocommerce.findings import Finding, blockers
from flows.commerce import Platform

blueprint = Blueprint("connect_by_keys", __name__, url_prefix="/woocommerce")

MOST_PER_TEN_MINUTES = 10
FORM_BYTES = 16 * 1024
_WRONG = {
    "consumer_key": "This is no consumer key. It begins with ck_, and 40 letters and digits follow.",
    "consumer_secret": "This is no consumer secret. It begins with cs_, and 40 letters and digits follow.",
}
_SIGNS = {"consumer_key": "ck_", "consumer_secret": "cs_"}


@blueprint.get("/keys")
@open_to_all("a form, the same for everybody")
def form() -> Response:
    typed = request.args.get("shop", "")[:300]
    return _form(200, typed, _address(typed))


@blueprint.post("/keys")
@open_to_all("keys that read and write in the shop are the proof; whoever has them is its merchant")
def take() -> AnyResponse:
    request.max_content_length = FORM_BYTES
    typed = request.form.get("shop", "")[:300]
    keys = {name: request.form.get(name, "").strip() for name in _SIGNS}
    errors = {name: _WRONG[name] for name, sign in _SIGNS.items() if not is_key(keys[name], sign)}
    address = _address(typed)
    if not address:
        errors["shop"] = (
            "This is not a shop's address. Type it as your customers do, for example shop.example."
        )
    if errors:
        return _form(422, typed, address, errors=errors)
    if not may_try("keys", address, MOST_PER_TEN_MINUTES, 600):
        return refused("One moment, please", TOO_OFTEN, 429)
    try:
        findings, reference = _connected(address, keys)
    except Full:
        return refused("One moment, please", BUSY, 503)
    if findings:
        return _form(422, typed, address, findings=findings)
    # Seen again at every reload; the keys are in neither address.
    return Response(status=303, headers={"Location": f"/woocommerce/return?user_id={reference}"})


def _connected(address: str, keys: dict[str, str]) -> tuple[tuple[Finding, ...], str]:
    """What is in the way, or the reference under which the end page finds the shop. Raises Full."""
    at = runtime()
    attempt = Attempt(Platform.WOOCOMMERCE, address.removeprefix("https://"), address)
    store = Store(attempt.platform, attempt.domain, address, at.http, secrets=keys)
    with one_look():
        look = look_with_keys(store, fresh=False)
        if not look.opens:
            # The address explains more than that keys fail there.
            cause = (one for one in look_at_address(address, at.http, at.clock.real()) if one.blocks)
            return tuple(one for one in cause if not one.may_go_on) or blockers(look.findings), ""
    now, real = at.clock.now(), at.clock.real()
    try:
        kept = {**keys, **look.kept}
        connected = connect(at.database, at.keys, attempt, kept, now, real, look.store_id)
    except AnotherStore:
        return (Finding(found.ANOTHER_STORE),), ""
    reference = begin_attempt(at.database, at.keys, attempt, real)
    use_attempt(at.database, at.keys, reference, real)
    attempt_done(at.database, at.keys, reference, connected.shop_id)
    at.queue.nudge()
    return (), reference


def _address(typed: str) -> str:
    """ "" for what is none."""
    try:
        return shop_address(typed)
    except Refused:
        return ""


def _form(
    status: int,
    typed: str,
    address: str,
    *,
    errors: dict[str, str] | None = None,
    findings: tuple[Finding, ...] = (),
) -> Response:
    """The keys are never in it."""
    origins = runtime().config.origins
    return page(
        "keys",
        status,
        shop=typed,
        page_of_keys=for_browser(f"{address}{KEYS_PAGE}", origins) if address else "",
        errors=errors or {},
        told=[told(one) for one in findings],
    )
