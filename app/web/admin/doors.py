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

from flask import g, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from app.models.shop import UNINSTALLED
from app.queries.facts import ShopRow, load_shops
from app.queries.shops import shop_by_domain
from app.web.admin.frame import Frame, frame_of
from app.web.admin.leaving import leave_frame
from app.web.admin.refusal import (
    CLOCKS,
    NO_KEY,
    NOT_VOUCHED,
    Words,
    in_frame,
    named_shop,
    refusal,
)
from app.web.guards import note_refusal, runtime, worn
from app.web.install_shopify import connect_by_id_token, grant_address
from connectors.base import Refused, StoreError
from connectors.page_token import Expired, from_header
from connectors.shopify.session_token import read_id_token
from connectors.shopify.tokens import Untaken
from connectors.woocommerce.page_token import read_page_token
from flows.commerce import Platform

View = TypeVar("View", bound=Callable[..., Any])

PREFIXES = {Platform.SHOPIFY: "/shopify/app", Platform.WOOCOMMERCE: "/woocommerce/app"}
RELOAD = "shopify-reload"
AGAIN = "again"
RETRY = {"X-Shopify-Retry-Invalid-Session-Request": "1"}


class RightsMissing(Exception):
    """A shop that was just connected, with fewer rights than we asked for: it is asked again."""

    def __init__(self, shop: str) -> None:
        super().__init__(shop)
        self.shop = shop


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
            mendable = _is_document() and AGAIN not in request.args
            return _fetch_a_token(platform) if mendable else _refused(platform, refused, CLOCKS)
        except RightsMissing as asked:
            return leave_frame(frame_of(asked.shop, platform, runtime().config), grant_address(asked.shop))
        except Untaken as refused:
            mendable = _is_document() and AGAIN not in request.args
            return _fetch_a_token(platform) if mendable else _refused(platform, refused, NOT_VOUCHED)
        except Refused as refused:
            bare = _is_document() and not request.args.get("id_token")
            return _fetch_a_token(platform) if bare else _refused(platform, refused, NOT_VOUCHED)
        except StoreError as error:
            return refusal(platform, NO_KEY, 502, str(error))
        g.seen = seen  # an error further inside is told in the same frame
        return in_frame(make_response(view(seen, **rest)), seen.frame)

    return worn(cast(View, guarded), "merchant: a token of the shop's back office")


def platform_of_request() -> Platform:
    return next(platform for platform, prefix in PREFIXES.items() if request.path.startswith(prefix))


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
    return Merchant(shop, user, platform, frame_of(shop.domain, platform, at.config))


def _vouched(platform: Platform, token: str) -> tuple[str, str]:
    """The shop's domain and the user, as the back office signed them. A Shopify shop that comes here
    for the first time is connected by its token."""
    at = runtime()
    if platform is Platform.SHOPIFY:
        seen = read_id_token(token, at.shopify_keys(), at.clock.real())
        g.vouched = seen.shop
        if _is_document() and connect_by_id_token(seen.shop, token):
            raise RightsMissing(seen.shop)
        return seen.shop, _unnamed(seen.user_id)
    page = read_page_token(token, _plugin_secret, at.clock.real())
    return page.domain, page.name or _unnamed(page.user_id)


def _unnamed(user_id: str) -> str:
    """Shopify's token has a number only."""
    return f"A user of your shop ({user_id})"


def _plugin_secret(domain: str) -> str | None:
    at = runtime()
    with at.database.nobody() as session:
        shop = shop_by_domain(session, Platform.WOOCOMMERCE, domain)
    return at.keys.plugin_secret(shop.token) if shop is not None and shop.state != UNINSTALLED else None


def _fetch_a_token(platform: Platform) -> AnyResponse:
    """A token that is not of this minute is mended once: whoever comes back with another such has a
    clock of its own."""
    kept = {name: value for name, value in request.args.items() if name != "id_token"}
    if not kept.get("shop"):
        shop = named_shop(platform)
        kept["shop"] = shop.domain if shop is not None else ""
    again = {AGAIN: "1"} if request.args.get("id_token") else {}
    wanted = f"{request.path}?{urlencode({**kept, **again})}"
    return redirect(f"{PREFIXES[platform]}/session?{urlencode({'shop': kept['shop'], RELOAD: wanted})}")


def _refused(platform: Platform, refused: Refused, words: Words) -> AnyResponse:
    note_refusal(refused.status, refused.reason)
    answer = refusal(platform, words, refused.status, refused.reason)
    answer.headers.update(RETRY if refused.status == 401 else {})
    return answer
