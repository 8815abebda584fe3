"""Where shoppers meet us in the shop: our pages on its address, blocks in its theme, a line in its mails.

What is in the theme is the merchant's doing and stands in the theme editor; we may not look into themes,
so this page says nothing about it that it does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, render_template
from sqlalchemy import text

from app.db import Session
from app.services.features import TRACKING_LINKS, enabled_keys
from app.services.pages import STORE_PATH
from app.web.admin.doors import Merchant, merchant
from app.web.guards import runtime
from flows.commerce import Platform

blueprint = Blueprint("storefront", __name__)

EDITOR = "/admin/themes/current/editor"


@dataclass(frozen=True, slots=True)
class Block:
    """Something that a merchant puts into the theme. `where`: what to do once its editor is open."""

    title: str
    shows: str
    where: str
    address: str


@dataclass(frozen=True, slots=True)
class Pages:
    """`prefix`: where they answer on the shop's own address, "" nowhere. `looked_at`: where we look."""

    prefix: str
    looked_at: str
    track: str
    reviews: str


@blueprint.get("/storefront")
@merchant
def page(seen: Merchant) -> str:
    with runtime().database.shops(seen.shop_id) as session:
        pages = _pages(session, seen)
        features = enabled_keys(session, seen.shop_id)
    shopify = seen.platform is Platform.SHOPIFY
    return render_template(
        "admin/storefront.html",
        seen=seen,
        page="storefront",
        pages=pages,
        moved=pages.looked_at != STORE_PATH,
        home=seen.shop.url or f"https://{seen.shop.domain}",
        app_address=runtime().config.address,
        embed=_embed(seen) if shopify else None,
        blocks=_blocks(seen) if shopify else (),
        mail_line=_mail_line(seen, pages),
        widget_lines=_widget_lines(pages),
        notifications=f"{seen.frame.parent}/admin/settings/notifications",
        checkout=f"{seen.frame.parent}/admin/settings/checkout",
        links_on=TRACKING_LINKS.key in features,
    )


def _pages(session: Session, seen: Merchant) -> Pages:
    row = session.execute(
        text("SELECT url, pages_prefix, pages_path FROM shops WHERE id = :id"), {"id": seen.shop_id}
    ).one()
    hosted = f"{runtime().config.address}/s/{seen.shop.domain}"
    base = f"{row.url.rstrip('/')}{row.pages_prefix}" if row.pages_prefix and row.url else hosted
    return Pages(row.pages_prefix, row.pages_path, f"{base}/track", row.pages_prefix or hosted)


def _embed(seen: Merchant) -> Block:
    return Block(
        "Track order link",
        "One quiet link on every page: below it, or in a corner.",
        "Switch it on there, then save.",
        _editor(seen, context="apps", template="index", activateAppId=f"{seen.frame.api_key}/doorstep"),
    )


def _blocks(seen: Merchant) -> tuple[Block, ...]:
    return (
        Block(
            "Review stars",
            "The average and the number of reviews. Nothing where a product has none, if you like.",
            "Best right below the product's name.",
            _adding(seen, "star_badge", "product", "mainSection"),
        ),
        Block(
            "Reviews",
            "What buyers wrote, with bars that filter. They write it through the mail that asks them.",
            "Best below the product.",
            _adding(seen, "reviews", "product", "newAppsSection"),
        ),
        Block(
            "Order look-up",
            "“Where is my order?” with order number and e-mail or postcode.",
            "Best on a page of its own, which your menu leads to.",
            _adding(seen, "tracking_lookup", "page", "newAppsSection"),
        ),
    )


def _adding(seen: Merchant, block: str, template: str, target: str) -> str:
    return _editor(seen, template=template, addAppBlockId=f"{seen.frame.api_key}/{block}", target=target)


def _editor(seen: Merchant, **query: str) -> str:
    """The theme editor of the back office that this page is in."""
    return f"{seen.frame.parent}{EDITOR}?{urlencode(query)}"


def _mail_line(seen: Merchant, pages: Pages) -> str:
    """One line for a template of Shopify's mails. It brings the order's number and nothing that proves who
    reads it: a mail that we do not send cannot be signed by us."""
    base = f"{{{{ shop.url }}}}{pages.prefix}/track" if pages.prefix else pages.track
    return f'<a href="{base}?number={{{{ name | url_encode }}}}">Track your order</a>'


def _widget_lines(pages: Pages) -> str:
    """For themes that take no blocks."""
    return (
        f'<script defer src="{runtime().config.address}/static/widgets/reviews.js"></script>\n'
        f'<doorstep-stars product="PRODUCT-ID" base="{pages.reviews}"></doorstep-stars>\n'
        f'<doorstep-reviews product="PRODUCT-ID" base="{pages.reviews}"></doorstep-reviews>'
    )
