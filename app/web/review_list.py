"""The published reviews of a product, as the widget asks for them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from app.queries.facts import load_shops
from app.queries.reviews import STARS, Place, PublicReview, public_reviews, summary
from app.queries.settings import load_settings
from app.queries.shops import open_shop_at
from app.web.front import Front
from app.web.guards import open_to_all, runtime
from app.web.speech import Speech
from emails.dates import zone_named
from emails.i18n import Texts, nearest

blueprint = Blueprint("review_list", __name__)

PAGE = 10
FLOW = "review_request"
_PLACE = re.compile(r"([0-9]{1,17})-([0-9]{1,18})")


@blueprint.get("/s/<path:domain>/reviews.json")
@open_to_all("published reviews are for everybody")
def hosted(domain: str) -> Response:
    with runtime().database.nobody() as session:
        shop = open_shop_at(session, domain)
    if shop is None:
        abort(404)
    answered = listing(Front(shop.id))
    answered.headers["Access-Control-Allow-Origin"] = "*"
    return answered


def listing(front: Front) -> Response:
    """Four statements, however many reviews there are. `page` is where the last answer ended; `asked` is
    whether buyers are asked at present, without which nobody may claim that they are."""
    shop_id = front.shop_id
    product = request.args.get("product", "").replace("\0", "")[:200]
    asked = request.args.get("stars", "")
    stars = int(asked) if asked in map(str, STARS) else None
    with runtime().database.shops(shop_id) as session:
        shop = load_shops(session, [shop_id])[shop_id]
        flow = load_settings(session, [shop_id]).get((shop_id, FLOW))
        told = summary(session, shop_id, product)
        rows = public_reviews(session, shop_id, product, stars, _place(), PAGE + 1)
    locale = nearest(request.args.get("lang", "") or shop.locale)
    speech = Speech(Texts(locale, markup=False), zone_named(shop.timezone), runtime().clock.now())
    answered = jsonify(
        asked=flow is not None and flow.enabled,
        average=round(told.average, 2),
        count=told.count,
        distribution={str(stars): n for stars, n in told.distribution.items()},
        reviews=[_public(row, speech) for row in rows[:PAGE]],
        next=_after(rows[PAGE - 1]) if len(rows) > PAGE else None,
    )
    answered.headers["Cache-Control"] = "public, max-age=60"
    answered.add_etag()
    answered.make_conditional(request.environ)
    return answered


def _public(row: PublicReview, speech: Speech) -> dict[str, Any]:
    return {
        "id": row.id,
        "stars": row.stars,
        "title": row.title,
        "body": row.body,
        "name": row.name or speech.words("page.review.anonymous"),
        "language": row.language,
        "verified": row.verified,
        "date": row.submitted_at.date().isoformat(),
        "day": speech.year_day(row.submitted_at),
    }


def _after(row: PublicReview) -> str:
    return f"{int(row.submitted_at.timestamp() * 1_000_000)}-{row.id}"


def _place() -> Place | None:
    found = _PLACE.fullmatch(request.args.get("page", ""))
    if found is None:
        return None
    try:
        return datetime.fromtimestamp(int(found[1]) / 1_000_000, UTC), int(found[2])
    except (ValueError, OverflowError, OSError):
        return None
