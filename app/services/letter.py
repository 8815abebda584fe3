"""From a ledger row and its facts to a mail that is ready to be handed over."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from typing import Protocol

from app.keys import Keys
from app.queries.facts import ShopRow
from app.services.ledger import Claimed
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


@dataclass(frozen=True, slots=True)
class Letter:
    envelope: Envelope
    preheader: str


def write_letter(post: Post, shop: ShopRow, row: Claimed, facts: Facts) -> Letter:
    """Renders the mail of one row. `facts.recipient` is a valid address: a guard saw to it."""
    links = _links(post, shop, row, facts)
    rendered = render(
        row.template, mail_context(shop, row.parcel_id, row.step, facts, links), _locale(shop, facts)
    )
    envelope = Envelope(
        sender=_sender(post, shop),
        recipient=facts.recipient or "",
        reply_to=shop.email or None,
        message_id=post.secrets.message_id(shop.id, row.id, post.mail_domain),
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        headers=_headers(shop, row, links),
    )
    return Letter(envelope, rendered.preheader)


def mail_context(shop: ShopRow, parcel_id: str | None, step: str, facts: Facts, links: Links) -> MailContext:
    parcel = next((one for one in facts.picture.parcels if one.id == parcel_id), None)
    return MailContext(
        brand=brand_of(shop),
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


def brand_of(shop: ShopRow) -> Brand:
    return Brand(
        name=shop.name or shop.domain,
        url=shop.url,
        sender=shop.name or shop.domain,
        support_email=shop.email,
        postal_address=shop.address,
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


def _sender(post: Post, shop: ShopRow) -> str:
    name = " ".join((shop.name or shop.domain).split())[:80]
    return str(Address(display_name=name, username="hello", domain=post.mail_domain))


def _headers(shop: ShopRow, row: Claimed, links: Links) -> dict[str, str]:
    headers = {
        "X-Doorstep-Shop": shop.domain,
        "X-Doorstep-Flow": row.flow_key,
        "X-Doorstep-Step": row.step,
        "X-Doorstep-Row": str(row.id),
    }
    if links.one_click:
        headers["List-Unsubscribe"] = f"<{links.one_click}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
