"""Who may enter. Every route wears exactly one of these; a test of the house enumerates them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.keys import BadLink
from app.models.shop import UNINSTALLED
from app.queries.shops import shop_by_domain
from app.runtime import Runtime
from app.services.settle_in import seen_at
from app.web.front import Front
from connectors import app_proxy
from connectors.base import Delivery, Refused
from connectors.woocommerce.plugin_keys import PROXY, key_for
from flows.commerce import Platform

View = TypeVar("View", bound=Callable[..., Any])

WEBHOOK_BYTES = 4 * 1024 * 1024

log = logging.getLogger("doorstep.web")


def runtime() -> Runtime:
    return cast(Runtime, current_app.extensions["doorstep"])


def open_to_all(reason: str) -> Callable[[View], View]:
    """Anyone may call this; `reason` says why that does no harm."""

    def wear(view: View) -> View:
        return worn(view, f"open: {reason}")

    return wear


def checked_inside(reason: str) -> Callable[[View], View]:
    """The view checks the caller itself, in an order that a platform prescribes."""

    def wear(view: View) -> View:
        return worn(view, f"checked inside: {reason}")

    return wear


def signed_link(purpose: str) -> Callable[[View], View]:
    """Only who holds a link that we signed for this purpose. The view gets what the link carries."""

    def wear(view: View) -> View:
        @wraps(view)
        def guarded(token: str, **rest: Any) -> Any:
            try:
                carried = runtime().keys.read(purpose, token)
            except BadLink as error:
                note_refusal(404, str(error))
                abort(404)
            return view(carried, token=token, **rest)

        return worn(cast(View, guarded), f"signed link: {purpose}")

    return wear


def through_store(purpose: str | None = None) -> Callable[[View], View]:
    """Only what a connected store forwarded and signed just now; the path names the platform. The view
    gets the `Front` and, with a `purpose`, what a link that we signed for this very shop carries."""

    def wear(view: View) -> View:
        @wraps(view)
        def guarded(platform: str, **rest: Any) -> Any:
            front = _forwarded(Platform(platform), after_leaving=purpose == "unsubscribe")
            if purpose is None:
                return view(front, **rest)
            token = rest["token"]
            try:
                carried = runtime().keys.read(purpose, token)
            except BadLink as error:
                note_refusal(404, str(error))
                abort(404)
            if carried[0] != front.shop_id:
                note_refusal(404, "this link is of another shop")
                abort(404)
            return view(front, carried, **rest)

        return worn(cast(View, guarded), f"through store: {purpose or 'anything'}")

    return wear


def _forwarded(platform: Platform, *, after_leaving: bool) -> Front:
    """401 for what is not signed. Where a shop's own secret signs, an unknown shop looks the same. A shop
    that the app has left has pages no more, but for those that are there `after_leaving`."""
    at = runtime()
    pairs = list(request.args.items(multi=True))
    with at.database.nobody() as session:
        shop = shop_by_domain(session, platform, app_proxy.claimed_shop(pairs))
    secrets: tuple[str, ...] = at.config.shopify_secrets
    if platform is Platform.WOOCOMMERCE:
        secrets = (key_for(PROXY, at.keys.plugin_secret(shop.token)),) if shop is not None else ()
    try:
        forwarded = app_proxy.check(pairs, secrets, at.clock.real())
    except Refused as refused:
        note_refusal(refused.status, refused.reason)
        abort(refused.status)
    if shop is None or (shop.state == UNINSTALLED and not after_leaving):
        abort(404)
    if request.method == "POST" and forwarded.prefix != shop.pages_path:
        seen_at(at.database, shop.id, forwarded.prefix, at.clock.real())
    return Front(shop.id, forwarded.prefix, platform)


def signed_webhook(platform: Platform) -> Callable[[View], View]:
    """Only the platform: signature over the raw bytes. The view gets (verified, body, ...)."""

    def wear(view: View) -> View:
        @wraps(view)
        def guarded(**rest: Any) -> Any:
            body = raw_body(WEBHOOK_BYTES)
            headers = {name.lower(): value for name, value in request.headers.items()}
            try:
                verified = (
                    runtime()
                    .connector(platform)
                    .verify_webhook(Delivery(headers, body), _secrets(platform, rest))
                )
            except Refused as refused:
                note_refusal(refused.status, refused.reason)
                return {"error": refused.reason}, refused.status
            return view(verified, body, **rest)

        return worn(cast(View, guarded), f"signed webhook: {platform.value}")

    return wear


def raw_body(most: int) -> bytes:
    """The raw bytes, never more than the cap: no signature is computed over what is too large."""
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge
    request.max_content_length = most
    return request.get_data(cache=False)


def _secrets(platform: Platform, path: dict[str, Any]) -> tuple[str, ...]:
    if platform is Platform.SHOPIFY:
        return runtime().config.shopify_secrets
    return (runtime().keys.webhook_secret(path["shop_token"]),)


def note_refusal(status: int, reason: str) -> None:
    """A line in the log for whoever wonders why: it names the route and not the address, because what an
    address carries may be a secret."""
    log.warning("refused %s %s with %d: %s", request.method, request.url_rule, status, reason)


def worn(view: View, name: str) -> View:
    """The view with its guard's name on it, where the test of the house reads it."""
    view.guard = name  # type: ignore[attr-defined]  # functions take attributes, their type names none
    return view
