"""Published reviews in the shop's own list of reviews, for shops that want it: put there when they are
published, all of them alike, and taken out when they are not public any more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from app.db import Session
from app.models.review import HELD, PUBLISHED
from app.services.features import OWN_REVIEWS
from app.services.store_writes import owe
from connectors.writes import PostReview, ReviewPlace
from flows.plain import from_plain


@dataclass(frozen=True, slots=True)
class _Posted:
    """What we owe, or owed, the shop. `reference`: the shop's own number for it, where it told."""

    key: str
    what: PostReview
    reference: str


def owe_listing(session: Session, shop_id: int, review_ids: Collection[int], real: datetime) -> None:
    """After a decision on these reviews, in its transaction. A constant number of statements."""
    if review_ids:
        _owe(session, shop_id, "r.id = any(:ids)", {"ids": list(review_ids)}, real)


def owe_listing_of(
    session: Session, shop_id: int, order_id: str, product_ids: Collection[str], real: datetime
) -> None:
    """The same for what was written on an order, and may have been public in other words before."""
    chosen = {"order": order_id, "products": list(product_ids)}
    _owe(session, shop_id, "r.order_id = :order AND r.product_id = any(:products)", chosen, real)


def owe_whole_list(session: Session, shop_id: int, real: datetime) -> None:
    """When it is turned on: every published one. What the shop holds already is not posted again."""
    _owe(session, shop_id, "r.state = 'published'", {}, real)


def leave_list(session: Session, shop_id: int, real: datetime) -> None:
    """When it is turned off: what nobody began to post never is, what may be under way is taken out again,
    and what arrived stays."""
    undone = _posted(session, shop_id, "attempts > 0 AND state <> 'done'", {})
    out = {
        one.key: replace(one.what, place=ReviewPlace.REMOVED)
        for one in undone
        if one.what.place is ReviewPlace.LISTED
    }
    session.execute(
        text(
            "DELETE FROM store_writes WHERE shop_id = :shop AND kind = :kind AND state <> 'done'"
            " AND attempts = 0 AND body->>'place' = 'listed'"
        ),
        {"shop": shop_id, "kind": PostReview.kind},
    )
    owe(session, shop_id, out, real)


def _owe(session: Session, shop_id: int, whose: str, chosen: Mapping[str, Any], real: datetime) -> None:
    """`whose` reviews; with them, whatever their writers wrote about the same products: the same words are
    one review in the shop, and words that were changed are still there."""
    ever_on = session.execute(_EVER_ON, {"shop": shop_id, "key": OWN_REVIEWS.key}).scalar()
    if ever_on is None:
        return
    reviews = session.execute(text(_OF_WRITERS.format(which=whose)), {**chosen, "shop": shop_id}).all()
    writers = {"products": [row.product_id for row in reviews], "emails": [row.email for row in reviews]}
    posted = _posted(
        session,
        shop_id,
        "(body->>'product_id', lower(body->>'email')) IN"
        " (SELECT * FROM unnest(CAST(:products AS text[]), CAST(:emails AS text[])))",
        writers,
    )
    owe(session, shop_id, dict(_wanted(reviews, posted, on=bool(ever_on))), real)


def _wanted(
    reviews: Collection[Row[Any]], posted: Collection[_Posted], *, on: bool
) -> Iterator[tuple[str, PostReview]]:
    public = {_key(row): _review(row) for row in reviews if row.state == PUBLISHED}
    known = {one.key: one for one in posted}
    if on:
        yield from ((key, _numbered(what, known.get(key))) for key, what in public.items())
    waiting = {(row.product_id, row.email) for row in reviews if row.state == HELD}
    for row in reviews:
        if row.seen_public and _key(row) not in public and _key(row) not in known:
            yield _key(row), replace(_review(row), place=ReviewPlace.REMOVED)
    for one in posted:
        place = ReviewPlace.REMOVED
        if (one.what.product_id, one.what.email) in waiting:
            place = ReviewPlace.HELD
        if one.key not in public and one.what.place is not place:
            yield one.key, replace(one.what, place=place, reference=one.reference)


def _numbered(what: PostReview, before: _Posted | None) -> PostReview:
    """With the shop's number of it. What is asked for already stays as it was asked for."""
    if before is None:
        return what
    again = replace(what, reference=before.what.reference)
    return again if again == before.what else replace(what, reference=before.reference)


def _posted(session: Session, shop_id: int, whose: str, chosen: Mapping[str, Any]) -> list[_Posted]:
    """An answer that comes while it is asked anew waits for that, or the number in it would be lost."""
    rows = session.execute(
        text(
            f"SELECT key, body, answer FROM store_writes WHERE shop_id = :shop AND kind = :kind AND {whose}"
            " ORDER BY key FOR NO KEY UPDATE"
        ),
        {**chosen, "shop": shop_id, "kind": PostReview.kind},
    )
    found = [(row.key, from_plain(PostReview, row.body), row.answer) for row in rows]
    return [
        _Posted(key, what, json.loads(answer)["reference"] if answer else what.reference)
        for key, what, answer in found
    ]


def _review(row: Row[Any]) -> PostReview:
    return PostReview(row.product_id, row.order_id, row.stars, _words(row), row.name, row.email)


def _words(row: Row[Any]) -> str:
    """The shop's list knows no headline, and takes no review without words."""
    told = "\n\n".join(part for part in (row.title, row.body) if part.strip())
    return told or "★" * row.stars + "☆" * (5 - row.stars)


def _key(row: Row[Any]) -> str:
    said = hashlib.sha256(f"{row.email}\n{_words(row)}".encode()).hexdigest()[:24]
    return f"listed:{row.product_id}:{said}"


_EVER_ON = text("SELECT enabled FROM features WHERE shop_id = :shop AND key = :key")

_OF_WRITERS = """
WITH chosen AS (
    SELECT DISTINCT r.product_id, o.email FROM reviews r
    JOIN orders o ON o.shop_id = r.shop_id AND o.id = r.order_id
    WHERE r.shop_id = :shop AND {which}
)
SELECT r.product_id, r.order_id, r.stars, r.title, r.body, r.name, r.state, r.seen_public, o.email
FROM chosen c
JOIN reviews r ON r.shop_id = :shop AND r.product_id = c.product_id
JOIN orders o ON o.shop_id = :shop AND o.id = r.order_id AND o.email = c.email
ORDER BY r.id
"""
