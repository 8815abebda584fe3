"""Reviews: read without their stars, then published or kept back for one of five reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.models.review import HELD, PUBLISHED, REJECTED, REJECTIONS
from app.queries.moderation import all_known, count_by_state
from app.queries.reviews import StarCounts, decided_reviews, held_reviews, star_counts
from app.services import changes
from app.services.moderation import AREA, keep_back, publish_chosen
from app.web.admin.doors import Merchant, merchant
from app.web.guards import runtime
from app.words.moments import moment, short

blueprint = Blueprint("reviews", __name__)

TABS = {"waiting": HELD, "published": PUBLISHED, "kept": REJECTED}
LISTED, MOST_AT_ONCE, LARGEST_ID = 100, 100, 2**63 - 1
# What each of the reasons covers. A low rating is none of them.
REASONS: Mapping[str, tuple[str, str]] = {
    "spam": ("Spam", "Advertising, or the same text again and again."),
    "abuse": ("Abuse", "Insults or threats against somebody."),
    "personal_data": ("Personal data", "Names, addresses or numbers of people who did not agree."),
    "off_topic": ("Off topic", "Says nothing about the product or how it was sold."),
    "illegal": ("Illegal", "What the law forbids to publish."),
}


@blueprint.get("/reviews")
@merchant
def reviews(seen: Merchant) -> str:
    return _page(seen, "admin/reviews.html")


@blueprint.post("/reviews/publish")
@merchant
def publish_reviews(seen: Merchant) -> Response:
    """Any number at once; sent twice, the second time changes nothing."""
    ids = [_number(given) for given in request.form.getlist("review")]
    if not ids or len(ids) > MOST_AT_ONCE:
        return _answer(seen, "", 422, "Choose at least one review first.")
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        if not all_known(session, seen.shop_id, ids):
            abort(404)
        count = publish_chosen(session, seen.shop_id, ids, seen.user, at.clock.now(), _read_at())
    words = "1 review is published" if count == 1 else f"{count} reviews are published"
    return _answer(seen, f"{words}, stars and all." if count else "Nothing was changed.")


@blueprint.post("/reviews/<int:review_id>/keep")
@merchant
def keep(seen: Merchant, review_id: int) -> Response:
    """422 for a reason outside the list."""
    at, reason, done = runtime(), request.form.get("reason", ""), False
    with at.database.shops(seen.shop_id) as session:
        if review_id > LARGEST_ID or not all_known(session, seen.shop_id, [review_id]):
            abort(404)
        if reason in REJECTIONS:
            done = keep_back(session, seen.shop_id, review_id, reason, seen.user, at.clock.now(), _read_at())
    if reason not in REJECTIONS:
        return _answer(seen, "", 422, "Choose one of the five reasons. A low rating is none.", review_id)
    words = f"1 review is kept back: {REASONS[reason][0].lower()}."
    return _answer(seen, words if done else "Nothing was changed.")


def _answer(
    seen: Merchant, done: str, status: int = 200, problem: str = "", of: int | None = None
) -> Response:
    return make_response(_page(seen, "admin/reviews_body.html", done, problem, of), status)


def _page(
    seen: Merchant, template: str, done: str = "", problem: str = "", problem_of: int | None = None
) -> str:
    at = runtime()
    now, zone = at.clock.now(), seen.shop.timezone
    tab = request.values.get("tab", "waiting")
    tab = tab if tab in TABS else "waiting"
    with at.database.shops(seen.shop_id) as session:
        counts = count_by_state(session, seen.shop_id)
        held = held_reviews(session, seen.shop_id, LISTED) if tab == "waiting" else []
        decided = decided_reviews(session, seen.shop_id, LISTED, TABS[tab]) if tab != "waiting" else []
        stars = star_counts(session, seen.shop_id)
        changed = changes.latest(session, seen.shop_id, AREA)
    return render_template(
        template,
        seen=seen,
        page="reviews",
        tab=tab,
        tabs={key: (_TABS_SAID[key], counts[state]) for key, state in TABS.items()},
        held=held,
        decided=decided,
        reasons=REASONS,
        when=lambda at: short(at, zone, now),
        moment=lambda at: moment(at, zone, now),
        read_at=now.isoformat(),
        stars=_by_star(stars),
        even=_even(stars),
        changed=[(short(one.at, zone, now), one.who, one.words) for one in changed],
        done=done,
        problem=problem,
        problem_of=problem_of,
    )


_TABS_SAID = {"waiting": "Waiting", "published": "Published", "kept": "Kept back"}


def _by_star(counts: StarCounts) -> list[tuple[int, int, int]]:
    """Five stars first: how many were published, how many kept back."""
    return [(star, counts.published[star], counts.rejected[star]) for star in (5, 4, 3, 2, 1)]


def _even(counts: StarCounts) -> str:
    """Whether good and bad ratings are kept back alike, in words with their numbers."""
    kept = {name: sum(counts.rejected[star] for star in stars) for name, stars in _HALVES.items()}
    whole = {name: kept[name] + sum(counts.published[star] for star in _HALVES[name]) for name in _HALVES}
    if not sum(whole.values()):
        return "Nothing is decided yet."
    said = ", ".join(f"{kept[name]} of {whole[name]} with {name}" for name in _HALVES if whole[name])
    return f"Kept back so far: {said}."


_HALVES = {"4 or 5 stars": (4, 5), "3 stars": (3,), "1 or 2 stars": (1, 2)}


def _number(given: str) -> int:
    """404 for what is no id."""
    if not given.isdecimal() or len(given) > 18:
        abort(404)
    return int(given)


def _read_at() -> datetime | None:
    """When the reviews on the page were read; one rewritten since then waits for another look."""
    try:
        at = datetime.fromisoformat(request.form.get("seen", ""))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
