"""Who may see the admin pages: whoever the shop's back office vouches for, on every single request.

No cookie: the token in the Authorization header is both who it is and the proof that the request comes
from our own page. A document that the browser loads by itself cannot carry a header; it brings the
token in its address, or is sent to the page that fetches one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from flask import Response, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.models.shop import UNINSTALLED
from app.queries.facts import ShopRow, load_shops
from app.queries.shops import shop_by_domain
from app.web.admin.frame import Frame, frame_of
from app.web.guards import runtime
from app.web.install_shopify import connect_by_id_token
from connectors.base import Refused, StoreError
from connectors.page_token import Expired, from_header
from connectors.shopify.session_token import read_id_token
from connectors.woocommerce.page_token import read_page_token
from flows.commerce import Platform

View = TypeVar("View", bound=Callable[..., Any])

PREFIXES = {Platform.SHOPIFY: "/shopify/app", Platform.WOOCOMMERCE: "/woocommerce/app"}
RELOAD = "shopify-reload"
RETRY = {"X-Shopify-Retry-Invalid-Session-Request": "1"}


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who is looking, at which shop, through which back office. `user` is for the list of changes."""

    shop: ShopRow
    user: str
    platform: Platform
    frame: Frame

    @property
    def shop_id(self) -> int:
        return self.shop.id

    def link(self, path: str, **query: str | int) -> str:
        """An address of the admin page; it names the shop, so that a reload finds the way back in."""
        return f"{PREFIXES[self.platform]}{path}?{urlencode({**query, 'shop': self.shop.domain})}"


def merchant(view: View) -> View:
    """The view gets `seen: Merchant` first."""

    @wraps(view)
    def guarded(**rest: Any) -> Any:
        platform = platform_of_request()
        try:
            seen = _seen(platform, _token())
        except Expired as refused:
            return _fetch_a_token(platform) if _is_document() else _refused(refused)
        except Refused as refused:
            bare = _is_document() and not request.args.get("id_token")
            return _fetch_a_token(platform) if bare else _refused(refused)
        except StoreError as error:
            return _refused(Refused(502, f"Shopify gave no token: {error}"))
        g.seen = seen  # an error further inside is told in the same frame
        return in_frame(make_response(view(seen, **rest)), seen.frame)

    guarded.guard = "merchant: a token of the shop's back office"  # type: ignore[attr-defined]
    return cast(View, guarded)


def platform_of_request() -> Platform:
    return next(platform for platform, prefix in PREFIXES.items() if request.path.startswith(prefix))


def in_frame(answer: Response, frame: Frame) -> Response:
    answer.headers["Content-Security-Policy"] = frame.policy
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Authorization, HX-Request"
    return answer


def _token() -> str:
    """The address carries one for documents alone: whatever changes something needs the header."""
    if request.headers.get("Authorization") or not _is_document():
        return from_header(request.headers.get("Authorization"))
    return request.args.get("id_token", "")


def _is_document() -> bool:
    return request.method == "GET" and not (
        request.headers.get("HX-Request") or request.headers.get("Authorization")
    )


def _seen(platform: Platform, token: str) -> Merchant:
    """Raises Refused, StoreError."""
    if not token:
        raise Refused(401, "no id token")
    domain, user = _vouched(platform, token)
    at = runtime()
    with at.database.nobody() as session:
        found = shop_by_domain(session, platform, domain)
    if found is None or found.state == UNINSTALLED:
        raise Refused(401, "this shop is not connected")
    with at.database.shops(found.id) as session:
        shop = load_shops(session, [found.id])[found.id]
    return Merchant(shop, user, platform, frame_of(shop, platform, at.config))


def _vouched(platform: Platform, token: str) -> tuple[str, str]:
    """The shop's domain and the user, as the back office signed them. A Shopify shop that comes here
    for the first time is connected by its token."""
    at = runtime()
    if platform is Platform.SHOPIFY:
        seen = read_id_token(token, at.shopify_keys(), at.clock.real())
        if _is_document():
            connect_by_id_token(seen.shop, token)
        return seen.shop, f"user {seen.user_id}"
    page = read_page_token(token, _plugin_secret, at.clock.real())
    return page.domain, page.name or f"user {page.user_id}"


def _plugin_secret(domain: str) -> str | None:
    at = runtime()
    with at.database.nobody() as session:
        shop = shop_by_domain(session, Platform.WOOCOMMERCE, domain)
    return at.keys.plugin_secret(shop.token) if shop is not None and shop.state != UNINSTALLED else None


def _fetch_a_token(platform: Platform) -> AnyResponse:
    kept = {name: value for name, value in request.args.items() if name != "id_token"}
    wanted = f"{request.path}?{urlencode(kept)}" if kept else request.path
    query = urlencode({"shop": kept.get("shop", ""), RELOAD: wanted})
    return redirect(f"{PREFIXES[platform]}/session?{query}")


def _refused(refused: Refused) -> AnyResponse:
    page = render_template(
        "admin/refused.html",
        title="Not signed in",
        detail="Your back office did not vouch for you.",
        beside=f"Open this page from the menu of your shop: {refused.reason}",
        status=refused.status,
    )
    answer = make_response(page, refused.status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers.update(RETRY if refused.status == 401 else {})
    return answer
