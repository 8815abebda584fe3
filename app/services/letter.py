"""From a ledger row and its facts to a mail that is ready to be handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from app.keys import Keys
from app.queries.facts import ShopRow
from app.services.ledger import Claimed
from emails.envelope import envelope
from emails.message import Brand, Envelope, Links, MailContext
from emails.render import render
from flows.commerce import OrderLine, Parcel
from flows.facts import Facts, MailClass


class Post(Protocol):
    """The sender's own address, secrets and mail domain."""

    @property
    def secrets(self) -> Keys: ...

    @property
    def address(self) -> str: ...

    @property
    def mail_domain(self) -> str: ...


def write_letter(
    post: Post, shop: ShopRow, row: Claimed, facts: Facts, announces: frozenset[str], now: datetime
) -> Envelope:
    """Renders the mail of one row. `announces`: keys of flows whose mails it may promise.

    Raises SendFailed for an address that no mail can reach.
    """
    links = _links(post, shop, row, facts)
    context = replace(mail_context(post, shop, row.parcel_id, row.step, facts, links), announces=announces)
    return envelope(
        render(row.template, context, context.locale),
        brand=context.brand,
        links=links,
        recipient=facts.recipient or "",
        message_id=post.secrets.message_id(shop.id, row.id, post.mail_domain),
        now=now,
        extra={
            "X-Doorstep-Shop": shop.domain,
            "X-Doorstep-Flow": row.flow_key,
            "X-Doorstep-Step": row.step,
            "X-Doorstep-Row": str(row.id),
        },
    )


def mail_context(
    post: Post, shop: ShopRow, parcel_id: str | None, step: str, facts: Facts, links: Links
) -> MailContext:
    parcel = next((one for one in facts.picture.parcels if one.id == parcel_id), None)
    return MailContext(
        brand=brand_of(shop, post.mail_domain),
        links=links,
        picture=facts.picture,
        lines=_lines(facts, parcel),
        products=facts.products,
        locale=_locale(shop, facts),
        timezone=shop.timezone,
        first_name=facts.picture.order.first_name,
        parcel=parcel,
        step=step,
    )


def brand_of(shop: ShopRow, mail_domain: str) -> Brand:
    return Brand(
        name=shop.name or shop.domain,
        url=shop.url,
        sender=f"hello@{mail_domain}",
        support_email=shop.email,
        postal_address=shop.address,
        country=shop.country,
    )


def _lines(facts: Facts, parcel: Parcel | None) -> tuple[OrderLine, ...]:
    """What the mail is about: the parcel's content where it is known, else what was not refunded."""
    kept = facts.picture.kept_lines()
    if parcel is None or not parcel.lines:
        return kept
    inside = {line.line_id for line in parcel.lines}
    return tuple(line for line in facts.picture.order.lines if line.id in inside)


def _locale(shop: ShopRow, facts: Facts) -> str:
    return facts.picture.order.locale or shop.locale or "en"


def _links(post: Post, shop: ShopRow, row: Claimed, facts: Facts) -> Links:
    def click(url: str) -> str:
        return f"{post.address}/l/{post.secrets.sign('click', [shop.id, row.id, url])}"

    tracking = f"{post.address}/t/{post.secrets.sign('tracking', [shop.id, row.order_id])}"
    stop = None
    if row.mail_class != MailClass.TRANSACTIONAL:
        hashed = post.secrets.address_hash(shop.id, facts.recipient or "")
        stop = (
            f"{post.address}/u/{post.secrets.sign('unsubscribe', [shop.id, row.id, row.mail_class, hashed])}"
        )
    return Links(
        tracking=click(tracking),
        shop=click(shop.url),
        products={
            product_id: click(product.url)
            for product_id, product in facts.products.items()
            if product.url and product.url.startswith(("https://", "http://"))
        },
        unsubscribe=stop,
        one_click=f"{stop}/one-click" if stop else None,
    )
