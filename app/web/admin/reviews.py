"""Reviews: read without their stars, then published or kept back for one of five reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.db import Session
from app.models.review import HELD, KEPT_BACK, PUBLISHED, REJECTED, REJECTIONS, TAKEN_DOWN
from app.queries.moderation import (
    Decision,
    HeldReview,
    all_known,
    count_by_state,
    decisions_on,
    held_reviews,
    kept_reviews,
    rewritten_since,
    shown_reviews,
)
from app.queries.review_audit import load_audit
from app.services.moderation import AREA, keep_back, publish_chosen
from app.web.admin import review_audit
from app.web.admin.changed import latest_changes
from app.web.admin.doors import Merchant, merchant
from app.web.guards import runtime
from app.words.moments import moment, short

blueprint = Blueprint("reviews", __name__)

TABS = {"waiting": HELD, "published": PUBLISHED, "kept": REJECTED}
LISTS: Mapping[str, Callable[[Session, int, int], Sequence[HeldReview]]] = {
    "waiting": held_reviews,
    "published": shown_reviews,
    "kept": kept_reviews,
}
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
    """Any number at once; sent twice, the second time changes nothing. 422 without when they were read."""
    ids = [_number(given) for given in request.form.getlist("review")]
    if not ids or len(ids) > MOST_AT_ONCE:
        return _answer(seen, "", 422, "Choose at least one review first.")
    at, read_at, count, left = runtime(), _read_at(), 0, 0
    with at.database.shops(seen.shop_id) as session:
        if not all_known(session, seen.shop_id, ids):
            abort(404)
        if read_at is not None:
            count = publish_chosen(
                session, seen.shop_id, ids, seen.user, at.clock.now(), read_at, at.clock.real()
            )
            left = rewritten_since(session, seen.shop_id, ids, read_at)
    if read_at is None:
        return _answer(seen, "", 422, UNREAD)
    words = "1 review is published" if count == 1 else f"{count} reviews are published"
    return _answer(seen, f"{words}, stars and all." if count else "", problem=_left(left, count))


@blueprint.post("/reviews/<int:review_id>/keep")
@merchant
def keep(seen: Merchant, review_id: int) -> Response:
    """Keeps back or takes down. 422 for a reason outside the list, and without when it was read."""
    at, reason, read_at = runtime(), request.form.get("reason", ""), _read_at()
    done, left = None, 0
    with at.database.shops(seen.shop_id) as session:
        if review_id > LARGEST_ID or not all_known(session, seen.shop_id, [review_id]):
            abort(404)
        if read_at is not None and reason in REJECTIONS:
            done = keep_back(
                session, seen.shop_id, review_id, reason, seen.user, at.clock.now(), read_at, at.clock.real()
            )
            left = rewritten_since(session, seen.shop_id, [review_id], read_at)
    if read_at is None:
        return _answer(seen, "", 422, UNREAD)
    if reason not in REJECTIONS:
        return _answer(seen, "", 422, "Choose one of the five reasons. A low rating is none.", review_id)
    words = f"1 review is {_DECIDED_SAID[done].lower()}: {REASONS[reason][0].lower()}." if done else ""
    return _answer(seen, words, problem=_left(left, 1 if done else 0))


UNREAD = "Nothing was changed: the form did not say when the reviews were read. Read them here first."


def _left(rewritten: int, decided: int) -> str:
    """What became of those that were left alone."""
    if not rewritten:
        return "" if decided else "Nothing was changed."
    many = "1 review was" if rewritten == 1 else f"{rewritten} reviews were"
    rest = "It waits" if rewritten == 1 else "They wait"
    return f"{many} rewritten after you had read it and left alone. {rest} to be read again."


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
        listed = LISTS[tab](session, seen.shop_id, LISTED)
        decisions = decisions_on(session, seen.shop_id, [one.id for one in listed])
        # The other two lists are decided on blind: no figure by stars stands beside them.
        audit = load_audit(session, seen.shop_id) if tab == "published" else None
        changed = latest_changes(session, seen, AREA)
    return render_template(
        template,
        seen=seen,
        page="reviews",
        tab=tab,
        tabs={key: (_TABS_SAID[key], counts[state]) for key, state in TABS.items()},
        listed=listed,
        history={of: [_said(one, zone, now) for one in made] for of, made in decisions.items()},
        reasons=REASONS,
        when=lambda at: short(at, zone, now),
        moment=lambda at: moment(at, zone, now),
        read_at=now.isoformat(),
        by_star=review_audit.rows(audit) if audit else [],
        audited=review_audit.sentences(audit) if audit else [],
        changed=changed,
        done=done,
        problem=problem,
        problem_of=problem_of,
    )


_TABS_SAID = {"waiting": "Waiting", "published": "Published", "kept": "Kept back"}
_DECIDED_SAID = {PUBLISHED: "Published", KEPT_BACK: "Kept back", TAKEN_DOWN: "Taken down"}


def _said(one: Decision, zone: str, now: datetime) -> str:
    why = f" as {REASONS[one.reason][0].lower()}" if one.reason else ""
    return f"{_DECIDED_SAID[one.decision]}{why} on {moment(one.at, zone, now)} by {one.who}."


def _number(given: str) -> int:
    """404 for what is no id."""
    if not given.isdecimal() or len(given) > 18:
        abort(404)
    return int(given)


def _read_at() -> datetime | None:
    """When the reviews on the page were read, as their form says; nobody has read in the future."""
    try:
        at = datetime.fromisoformat(request.form.get("seen", ""))
        return min(at, runtime().clock.now()) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
