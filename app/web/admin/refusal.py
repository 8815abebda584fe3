"""What a back office is shown that could not be let in: in its frame, in our look, with what to do.

A page that its frame may not show is replaced by a refusal of the browser's own, which says nothing. So it
wears the policy of the shop that the request names, if that is one of ours. Nobody has to have vouched for
the name: the page holds nothing of anybody.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, g, make_response, render_template, request
from sqlalchemy import Row

from app.models.shop import UNINSTALLED
from app.queries.shops import shop_by_domain
from app.web.admin.frame import Frame, frame_of
from app.web.admin.reconnect import reconnect_at
from app.web.guards import runtime
from connectors.page_token import unverified_claim
from flows.commerce import Platform

SKINS = {Platform.SHOPIFY: "shopify", Platform.WOOCOMMERCE: "wordpress"}


@dataclass(frozen=True, slots=True)
class Words:
    """A heading, what is wrong, and what to do about it."""

    title: str
    detail: str
    beside: str


NOT_VOUCHED = Words(
    "Not signed in", "Your back office did not vouch for you.", "Open this page from the menu of your shop."
)
NO_SHOP = Words(
    "Which shop?", "This address names no shop that we know.", "Open this page from the menu of your shop."
)
GONE = Words(
    "Not connected",
    "This shop is not connected any more.",
    "The app was removed from it, and no mail leaves. Connect it again to go on.",
)
CLOCKS = Words(
    "Two clocks",
    "The clock of your shop and ours do not agree.",
    "Your shop vouches for you at a time that is not now. Set its server's clock, then reload this page.",
)
NO_KEY = Words(
    "Not connected",
    "Shopify did not give us the key to your shop.",
    "Nothing is lost. Reload this page in a minute.",
)


def in_frame(answer: Response, frame: Frame) -> Response:
    answer.headers["Content-Security-Policy"] = frame.policy
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Authorization, HX-Request"
    if frame.preload and not request.headers.get("HX-Request"):
        answer.headers["Link"] = frame.preload
    return answer


def named_shop(platform: Platform) -> Row[Any] | None:
    """The shop that the request names, if it is in the directory."""
    with runtime().database.nobody() as session:
        for domain in _names():
            found = shop_by_domain(session, platform, domain)
            if found is not None:
                return found
    return None


def refusal(platform: Platform, words: Words, status: int, why: str = "") -> Response:
    """`why`: for whoever looks into it. A shop that Shopify's own signature names need not be known yet."""
    shop = named_shop(platform)
    domain = g.get("vouched") or (shop.domain if shop is not None else "")
    gone = words is not NO_KEY and shop is not None and shop.state == UNINSTALLED
    return _shown(platform, GONE if gone else words, status, why, domain, reconnect=gone)


def refusal_of_nobody(platform: Platform, words: Words, status: int) -> Response:
    """Without a look at the directory: it may be what does not answer."""
    return _shown(platform, words, status, "", "", reconnect=False)


def _shown(
    platform: Platform, words: Words, status: int, why: str, domain: str, *, reconnect: bool
) -> Response:
    config = runtime().config
    page = render_template(
        "admin/refused.html",
        skin=SKINS[platform],
        words=words,
        why=f"{why}, status {status}" if why else f"status {status}",
        reconnect=reconnect_at(platform, domain, config) if reconnect else "",
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return in_frame(answer, frame_of(domain, platform, config)) if domain else answer


def _names() -> Iterator[str]:
    """The token's, the address's, and the back office that Shopify puts into it (base64url)."""
    header = request.headers.get("Authorization", "").partition(" ")[2]
    token = header or request.args.get("id_token", "")
    yield unverified_claim(token, "dest").removeprefix("https://")
    yield request.args.get("shop", "")
    try:
        host = urlsafe_b64decode(request.args.get("host", "") + "==").decode("ascii")
    except ValueError:
        return
    front, _, rest = host.partition("/")
    yield front if rest == "admin" else f"{rest.removeprefix('store/')}.myshopify.com"
