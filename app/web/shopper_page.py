"""What all pages for shoppers share: the brand's look, one style sheet within the page, and where the
page stands. A whole document of ours and a fragment inside the store's theme come from one template."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, make_response, render_template

from app.db import Session
from app.models.shop import UNINSTALLED
from app.queries.brand import Kit, OwnWords, load_kits, load_own_words
from app.queries.facts import ShopRow, load_shops
from app.services.letter import brand_of
from app.web.front import Front
from app.web.guards import runtime
from app.web.speech import Speech
from emails.address import valid_address
from emails.clean import one_line, web_address
from emails.dates import zone_named
from emails.i18n import Texts, nearest, tag_of
from emails.message import Brand
from emails.palette import light
from flows.commerce import Platform

_SECRET = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class ShopPage:
    """A shop as its shopper pages show it."""

    front: Front
    shop: ShopRow
    brand: Brand
    speech: Speech

    @property
    def name(self) -> str:
        return one_line(self.brand.name, 60)

    @property
    def home(self) -> str | None:
        return web_address(self.brand.url)

    @property
    def helper(self) -> str:
        return one_line(self.brand.support_name, 40)

    @property
    def support(self) -> str:
        return valid_address(self.brand.support_email) or ""


def shop_page(session: Session, front: Front, locale: str | None = None) -> ShopPage | None:
    """None for a shop that is not there. `locale`: the reader's, else the shop's. Three statements."""
    shop = load_shops(session, [front.shop_id]).get(front.shop_id)
    if shop is None:
        return None
    kit = load_kits(session, [shop.id]).get(shop.id, Kit())
    own = load_own_words(session, [shop.id]).get(shop.id, {})
    brand = brand_of(shop, kit, runtime().sender())
    return ShopPage(front, shop, brand, _speech(locale or shop.locale, shop.timezone, own))


def open_page(session: Session, front: Front, locale: str | None = None) -> ShopPage:
    """As above, for what is there only while the app is in the shop: all but leaving, which a mail that
    has gone out promises for as long as we know the shop. Aborts with 404."""
    page = shop_page(session, front, locale)
    if page is None or page.shop.state == UNINSTALLED:
        abort(404)
    return page


def answer(page: ShopPage, template: str, sheet: str, status: int = 200, **values: Any) -> Response:
    """`sheet`: the style of this kind of page besides what all share."""
    nonce = f"{_SECRET.getrandbits(96):024x}"
    text = render_template(
        template,
        page=page,
        front=page.front,
        t=page.speech.words,
        language=tag_of(page.speech.locale),
        style=_style(page, sheet),
        nonce=nonce,
        app_address=runtime().config.address,
        **values,
    )
    if page.front.platform is Platform.SHOPIFY:
        text = without_liquid(text)
    response = make_response(text, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    if page.front.platform is Platform.SHOPIFY:
        response.headers["Content-Type"] = "application/liquid; charset=utf-8"
    elif page.front.platform is Platform.WOOCOMMERCE:
        response.headers["X-Doorstep-Fragment"] = "1"
    else:
        response.headers["Content-Security-Policy"] = _policy(nonce)
    return response


def without_liquid(fragment: str) -> str:
    """The store runs what stands in Liquid's brackets, so no brace of ours or of anybody's words is left
    in the markup. The style sheet cannot hold entities; it is ours and has no such bracket."""
    head, end, body = fragment.rpartition("</style>")
    return head + end + body.replace("{", "&#123;").replace("}", "&#125;")


def _speech(locale: str, zone: str, own: OwnWords) -> Speech:
    return Speech(Texts(nearest(locale), markup=False, own=own), zone_named(zone), runtime().clock.now())


def _style(page: ShopPage, sheet: str) -> str:
    """The brand's colours and, with us, its type; a theme's own type is inherited."""
    colours = light(page.brand)
    names = ("surface", "plate", "ink", "secondary", "line", "accent", "on_accent", "link", "star", "letter")
    told = [f"--{name.replace('_', '-')}: {getattr(colours, name)}" for name in names]
    told.append(f"--radius: {page.brand.radius}px")
    if page.front.whole:
        told += [f"--heading: {page.brand.heading_font}", f"--body: {page.brand.body_font}"]
    folder = current_app.static_folder or ""
    sheets = "".join(_sheet(f"{folder}/{name}.css") for name in ("pages", sheet))
    return f"{sheets}.doorstep {{ {'; '.join(told)} }}\n"


@lru_cache(maxsize=16)
def _sheet(file: str) -> str:
    """Without comments and indentation."""
    text = re.sub(r"/\*.*?\*/", "", Path(file).read_text("utf-8"), flags=re.S)
    return "".join(f"{line.strip()}\n" for line in text.splitlines() if line.strip())


def _policy(nonce: str) -> str:
    """Pictures come from the stores' own addresses; nothing else comes from anywhere else."""
    pictures = "'self' data: https:"
    if runtime().config.sandbox:
        pictures += " http://127.0.0.1:*"
    return (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'self'; img-src {pictures};"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
