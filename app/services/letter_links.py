"""The addresses that a mail carries: ours, signed, and through our own door where they lead to the shop."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol
from urllib.parse import quote_plus

from app.keys import Keys
from app.queries.facts import ShopRow
from app.services.ledger import Claimed
from app.services.pages import page_address
from app.services.tagged import hosts_of, tagged
from connectors.carts import cart_link
from emails.message import Links
from flows.commerce import Product
from flows.estimates import RUN_OUT
from flows.facts import Facts, MailClass
from flows.fairness import REVIEW_MAILS

ARRIVAL_MAILS = "arrival_check/"
LONGEST_IN_A_SQUARE = 500


class Post(Protocol):
    """The sender's own address, secrets and mail domain."""

    @property
    def secrets(self) -> Keys: ...

    @property
    def address(self) -> str: ...

    @property
    def mail_domain(self) -> str: ...


def links_of(post: Post, shop: ShopRow, row: Claimed, facts: Facts) -> Links:
    hosts = hosts_of(shop.url, shop.domain)

    def click(url: str, product: str = "") -> str:
        url = tagged(url, hosts, row.flow_key, row.step)
        carried = [shop.id, row.id, url, product] if product else [shop.id, row.id, url]
        return f"{post.address}/l/{post.secrets.sign('click', carried)}"

    def page(path: str, purpose: str, carried: list[object]) -> str:
        return page_address(post.address, shop, f"{path}/{post.secrets.sign(purpose, carried)}")

    tracking = page("t", "tracking", [shop.id, row.order_id])
    lines = facts.picture.reviewable_lines() if row.template.startswith(REVIEW_MAILS) else ()
    asked = {line.product_id for line in lines if line.product_id}
    reviews = _reviews(page, click, [shop.id, row.id, row.order_id], asked) if asked else {}
    content = {slot: click(one.url) for slot, one in facts.content.items() if one.url}
    arrived = missed = None
    if row.template.startswith(ARRIVAL_MAILS) and row.parcel_id is not None:
        asking = page("a", "arrival", [shop.id, row.order_id, row.parcel_id])
        arrived, missed = click(f"{asking}?answer=yes"), click(f"{asking}?answer=no")
    stop = one_click = None
    if row.mail_class != MailClass.TRANSACTIONAL:
        hashed = post.secrets.address_hash(shop.id, facts.recipient or "")
        leaving = [shop.id, row.id, row.mail_class, hashed]
        # Always with us: it has to work for as long as the mail is kept, whatever becomes of the store.
        stop = f"{post.address}/u/{post.secrets.sign('unsubscribe', leaving)}"
        one_click = f"{stop}/one-click"
    return Links(
        tracking=click(tracking),
        shop=click(shop.url),
        reviews={product: links[0] for product, links in reviews.items()},
        stars={product: links[1:] for product, links in reviews.items()},
        again=_again(click, shop, row, facts),
        products={one.id: click(one.url, one.id) for one in picked(facts) if one.url},
        content=content,
        squares=_squares(post.address, content),
        arrived=arrived,
        missed=missed,
        unsubscribe=stop,
        one_click=one_click,
    )


def _again(click: Callable[[str, str], str], shop: ShopRow, row: Claimed, facts: Facts) -> str | None:
    """Straight to the till with the same again; to the product's page where that cannot be said."""
    wanted = about_in(row.flow_key, facts)
    line = next((one for one in facts.picture.kept_lines() if wanted and one.product_id == wanted), None)
    if line is None:
        return None
    product = facts.products.get(wanted)
    basket = cart_link(shop.platform, shop.url, line)
    target = basket or (product.url if product is not None else None)
    return click(target, wanted) if target else None


def _reviews(
    page: Callable[[str, str, list[object]], str],
    click: Callable[[str], str],
    carried: list[object],
    asked: Collection[str],
) -> dict[str, tuple[str, ...]]:
    """By product: where it is reviewed, then the same with one star to five filled in."""
    review = page("r", "review", carried)
    found = {}
    for product in asked:
        target = f"{review}?product={quote_plus(product)}"
        found[product] = (click(target), *(click(f"{target}&stars={stars}") for stars in range(1, 6)))
    return found


def _squares(address: str, links: Mapping[str, str]) -> dict[str, str]:
    """Pictures of links, for a phone's camera; a long link would be too fine for it."""
    at = f"{address}/l/"
    short = {slot: link.removeprefix(at) for slot, link in links.items() if len(link) <= LONGEST_IN_A_SQUARE}
    return {slot: f"{address}/qr/{token}.png" for slot, token in short.items()}


def about_in(flow_key: str, facts: Facts) -> str:
    """The product of the order that the mail is about; "" for none in particular."""
    found = facts.estimates.get(RUN_OUT) if flow_key == "replenishment" else None
    return (found.subject if found is not None else None) or ""


def picked(facts: Facts) -> tuple[Product, ...]:
    return tuple(facts.products[one.product_id] for one in facts.picks if one.product_id in facts.products)
