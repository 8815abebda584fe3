"""Reviewing what one bought: a page that the star in a mail leads to. Nothing is stored before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from app.queries.facts import load_products
from app.queries.pictures import load_pictures
from app.queries.reviews import OwnReview, reviews_of_order
from app.services.reviews import Writer, submit_reviews
from app.web.front import Front
from app.web.guards import runtime, signed_link
from app.web.review_form import (
    MOST_PRODUCTS,
    SUGGESTED_BODY,
    Block,
    NotOfThisOrder,
    blocks_of,
    kept_name,
    sent_blocks,
    shown_name,
    submitted,
)
from app.web.shopper_page import ShopPage, answer, open_page
from app.web.tracking import mail_to
from emails.i18n import language_of
from flows.events import EventKind, events_that_hold
from flows.picture import OrderPicture

blueprint = Blueprint("review", __name__)

Carried = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _Found:
    page: ShopPage
    picture: OrderPicture
    written: dict[str, OwnReview]
    blocks: tuple[Block, ...]


@blueprint.get("/r/<token>")
@signed_link("review")
def form(carried: Carried, token: str) -> Response:
    return show(Front(carried[0]), carried, token)


@blueprint.post("/r/<token>")
@signed_link("review")
def send(carried: Carried, token: str) -> AnyResponse:
    return store(Front(carried[0]), carried, token)


def show(front: Front, carried: Carried, token: str) -> Response:
    """The form; after sending it, what was sent. Both change nothing."""
    stars = request.args.get("stars", "")
    tapped = (request.args.get("product", ""), int(stars) if stars in ("1", "2", "3", "4", "5") else 0)
    found = _load(front, carried, tapped)
    if "sent" in request.args and found.written:
        return _thanks(found, token)
    return _form(found, token, found.blocks, _name(found))


def store(front: Front, carried: Carried, token: str) -> AnyResponse:
    shop_id, message_id, order_id = carried
    found = _load(front, carried, ("", 0))
    speech, fields = found.page.speech, dict(request.form.items())
    try:
        blocks = sent_blocks(found.blocks, fields, speech)
    except NotOfThisOrder:
        abort(400)
    name = kept_name(fields.get("name", ""))
    sent = submitted(blocks, fields)
    if not sent or any(block.errors for block in blocks):
        return _form(found, token, blocks, name, 422, problem="" if sent else "none")
    at, order = runtime(), found.picture.order
    language = language_of(speech.locale)
    writer = Writer(shop_id, order_id, message_id, order.email or "", name, language)
    submit_reviews(at.database, at.keys, writer, sent, at.clock.now(), at.clock.real())
    at.queue.nudge()
    return redirect(f"{front.base}/r/{token}?sent=1", 303)


def _load(front: Front, carried: Carried, tapped: tuple[str, int]) -> _Found:
    """Aborts with 404 for what is not there (any more)."""
    shop_id, _, order_id = carried
    key = (shop_id, order_id)
    with runtime().database.shops(shop_id) as session:
        picture = load_pictures(session, [key]).get(key)
        if picture is None:
            abort(404)
        page = open_page(session, front, picture.order.locale)
        wanted = {(shop_id, line.product_id) for line in picture.order.lines if line.product_id}
        products = {one[1]: product for one, product in load_products(session, wanted).items()}
        written = reviews_of_order(session, shop_id, order_id)
    return _Found(page, picture, written, blocks_of(picture, products, written, tapped))


def _name(found: _Found) -> str:
    own = next(iter(found.written.values()), None)
    return own.name if own else shown_name(found.picture.order)


def _form(
    found: _Found, token: str, blocks: tuple[Block, ...], name: str, status: int = 200, problem: str = ""
) -> Response:
    page = found.page
    delivered = next(
        (one.happened_at for one in events_that_hold(found.picture) if one.kind is EventKind.ORDER_DELIVERED),
        None,
    )
    return answer(
        page,
        "review.html",
        "reviews",
        status,
        action=f"{page.front.base}/r/{token}",
        blocks=blocks[:MOST_PRODUCTS],
        name=name,
        problem=problem,
        since=page.speech.day(delivered) if delivered else "",
        most=page.speech.words.number(SUGGESTED_BODY),
        mailto=mail_to(page, found.picture.order.number),
    )


def _thanks(found: _Found, token: str) -> Response:
    page = found.page
    return answer(
        page,
        "review_thanks.html",
        "reviews",
        edit=f"{page.front.base}/r/{token}",
        blocks=[block for block in found.blocks if block.state],
        name=_name(found),
        mailto=mail_to(page, found.picture.order.number),
    )
