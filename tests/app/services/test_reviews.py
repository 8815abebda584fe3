"""Reviews: what submitting stores and ends, and what a shop may decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.db import Database
from app.models.review import REJECTIONS
from app.queries.moderation import HeldReview, KeptReview, decisions_on, held_reviews, kept_reviews
from app.queries.review_audit import load_audit
from app.queries.reviews import public_reviews, summary
from app.services import ledger
from app.services.reviews import Submitted, Writer, submit_reviews
from app.services.verdicts import publish, reject
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import ParcelStatus, Shipped
from tests.app.desk import START, Desk, a_parcel, a_product, an_order, connect_shop
from tests.app.sending import mark

DELIVERED = START + timedelta(days=2)
ASK_DUE = START + timedelta(days=13)
NUDGE_DUE = START + timedelta(days=17)


def bought(desk: Desk, **changes: Any) -> Writer:
    """An order that arrived, its review journey under way."""
    desk.now = DELIVERED
    order = an_order(shipped=Shipped.ALL, **changes)
    parcel = a_parcel(
        order_id=order.id, id=f"t{order.id}", status=ParcelStatus.DELIVERED, delivered_at=DELIVERED
    )
    desk.read(Reading(orders=(order,), parcels=(parcel,), products=(a_product(),)))
    return Writer(desk.shop_id, order.id, 1, order.email or "", "Mia B.", "en")


def submit(desk: Desk, writer: Writer, stars: int = 4, body: str = "", now: datetime | None = None) -> int:
    return submit_reviews(
        desk.database,
        desk.keys,
        writer,
        [Submitted("p1", stars, "A title", body)],
        now or desk.now,
        desk.real,
    )


def journey(desk: Desk) -> Any:
    (row,) = desk.rows("SELECT * FROM journeys WHERE flow_key = 'review_request'")
    return row


def mails(desk: Desk) -> dict[str, tuple[str, str | None]]:
    rows = desk.rows("SELECT * FROM messages WHERE flow_key = 'review_request' ORDER BY id")
    return {row.step: (row.state, row.reason) for row in rows}


def ids(desk: Desk) -> list[int]:
    return [row.id for row in desk.rows("SELECT id FROM reviews ORDER BY id")]


def test_a_review_ends_the_journey_that_hoped_for_it(desk: Desk) -> None:
    writer = bought(desk)
    assert journey(desk).status == "active"
    assert submit(desk, writer) == 1
    ended = journey(desk)
    assert (ended.status, ended.end_reason) == ("ended", "ReviewSubmitted")
    assert desk.rows("SELECT * FROM timers WHERE journey_id = :id", id=ended.id) == []
    (event,) = desk.rows("SELECT * FROM events WHERE kind = 'ReviewSubmitted'")
    assert (event.key, event.subject) == ("review:13:p1", "order:13")


def test_a_planned_nudge_is_cancelled(desk: Desk) -> None:
    writer = bought(desk)
    wake_due(desk.database, desk.keys, ASK_DUE)
    ledger_settles(desk)
    wake_due(desk.database, desk.keys, NUDGE_DUE)
    assert mails(desk)["nudge"] == ("due", None)
    submit(desk, writer, now=NUDGE_DUE)
    assert mails(desk)["nudge"] == ("cancelled", "ReviewSubmitted")
    assert journey(desk).end_reason == "ReviewSubmitted"


def test_a_claimed_mail_is_cancelled_in_time(desk: Desk) -> None:
    writer = bought(desk)
    wake_due(desk.database, desk.keys, ASK_DUE)
    claimed = [row for row in ledger.claim(desk.database, ASK_DUE, START, 50) if row.step == "ask"]
    submit(desk, writer, now=ASK_DUE)
    assert mails(desk)["ask"] == ("cancelled", "ReviewSubmitted")
    assert not mark(desk, claimed[0], ASK_DUE), "the mark right before the hand-over must fail"


def ledger_settles(desk: Desk) -> None:
    """The first mail counts as sent."""
    with desk.database.shops(desk.shop_id) as session:
        session.execute(text("UPDATE messages SET state = 'sent', sent_at = :at"), {"at": ASK_DUE})


def test_the_same_again_changes_nothing(desk: Desk) -> None:
    writer = bought(desk)
    submit(desk, writer)
    before = desk.rows("SELECT * FROM reviews")
    assert submit(desk, writer, now=desk.now + timedelta(hours=1)) == 0
    assert desk.rows("SELECT * FROM reviews") == before


@pytest.mark.parametrize("decided", ["published", "rejected"])
def test_changed_words_are_looked_at_anew(desk: Desk, decided: str) -> None:
    writer = bought(desk)
    submit(desk, writer)
    with desk.database.shops(desk.shop_id) as session:
        if decided == "published":
            assert publish(session, desk.shop_id, ids(desk), "Ada", desk.now, desk.now)
        else:
            assert reject(session, desk.shop_id, ids(desk)[0], "spam", "Ada", desk.now, desk.now)
    assert submit(desk, writer, body="Better words") == 1
    (row,) = desk.rows("SELECT * FROM reviews")
    assert (row.state, row.body, row.reason, row.decided_by) == ("held", "Better words", None, None)
    assert len(desk.rows("SELECT * FROM events WHERE kind = 'ReviewSubmitted'")) == 1


def test_who_decides_does_not_know_the_stars(desk: Desk) -> None:
    submit(desk, bought(desk), body="Fine")
    with desk.database.shops(desk.shop_id) as session:
        (held,) = held_reviews(session, desk.shop_id)
    assert not hasattr(held, "stars")
    assert (held.product, held.order_number, held.body, held.name) == ("Lampshade", "13", "Fine", "Mia B.")


def test_neither_kind_that_is_decided_blind_can_carry_stars() -> None:
    for kind in (HeldReview, KeptReview):
        assert "stars" not in kind.__dataclass_fields__


def test_every_decision_stays_with_who_when_and_why(desk: Desk) -> None:
    """Kept back, published after all, taken down, rewritten with other stars, published."""
    writer = bought(desk)
    submit(desk, writer, stars=2)
    (review,) = ids(desk)
    at = [desk.now + timedelta(hours=n) for n in range(6)]
    with desk.database.shops(desk.shop_id) as session:
        assert reject(session, desk.shop_id, review, "abuse", "Ada", at[1], at[1]) == "kept_back"
        assert reject(session, desk.shop_id, review, "spam", "Ada", at[1], at[1]) is None, "decided already"
        (kept,) = kept_reviews(session, desk.shop_id)
        assert (kept.reason, kept.seen_public, kept.decided_by) == ("abuse", False, "Ada")
        assert publish(session, desk.shop_id, [review], "Bo", at[2], at[2]) == [review]
        assert reject(session, desk.shop_id, review, "illegal", "Cy", at[3], at[3]) == "taken_down"
        (down,) = kept_reviews(session, desk.shop_id)
        assert (down.reason, down.seen_public) == ("illegal", True)
    submit(desk, writer, stars=5, now=at[4])
    (row,) = desk.rows("SELECT * FROM reviews")
    assert (row.state, row.seen_public) == ("held", False), "nobody has seen these stars"
    with desk.database.shops(desk.shop_id) as session:
        publish(session, desk.shop_id, [review], "Ada", at[5], at[5])
        told = decisions_on(session, desk.shop_id, [review])[review]
        audit = load_audit(session, desk.shop_id)
    assert [(one.at, one.who, one.decision, one.reason) for one in reversed(told)] == [
        (at[1], "Ada", "kept_back", "abuse"),
        (at[2], "Bo", "published", None),
        (at[3], "Cy", "taken_down", "illegal"),
        (at[5], "Ada", "published", None),
    ]
    assert (audit.published[5], audit.kept_in_all, audit.taken_down[2]) == (1, 1, 1)


def test_the_audit_tells_no_single_review_that_nobody_has_seen(desk: Desk) -> None:
    """Its figures change with the fifth, not with each."""
    for number in range(7):
        submit(desk, bought(desk, id=str(30 + number), number=str(30 + number)), stars=number % 2 + 1)
    told = []
    with desk.database.shops(desk.shop_id) as session:
        for review in ids(desk):
            assert reject(session, desk.shop_id, review, "spam", "Ada", desk.now, desk.now)
            audit = load_audit(session, desk.shop_id)
            told.append((audit.kept_in_all, audit.kept_back[1], audit.kept_back[2]))
        before = load_audit(session, desk.shop_id)
        publish(session, desk.shop_id, ids(desk)[:1], "Ada", desk.now, desk.now)
        after = load_audit(session, desk.shop_id)
    assert told == [(1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0), (5, 3, 2), (6, 3, 2), (7, 3, 2)]
    assert (after.kept_in_all, after.kept_back, after.published[1]) == (7, before.kept_back, 1)


def test_a_review_rewritten_meanwhile_waits_for_another_look(desk: Desk) -> None:
    writer = bought(desk)
    submit(desk, writer)
    seen, later = desk.now, desk.now + timedelta(minutes=1)
    submit(desk, writer, body="Something else", now=later)
    with desk.database.shops(desk.shop_id) as session:
        assert publish(session, desk.shop_id, ids(desk), "Ada", later, seen) == []
        assert not reject(session, desk.shop_id, ids(desk)[0], "spam", "Ada", later, seen)
        assert publish(session, desk.shop_id, ids(desk), "Ada", later, later) == ids(desk)


def test_only_reasons_of_the_list_count(desk: Desk) -> None:
    submit(desk, bought(desk))
    with desk.database.shops(desk.shop_id) as session:
        for reason in ("low_rating", "", "Spam"):
            with pytest.raises(ValueError, match="no reason"):
                reject(session, desk.shop_id, ids(desk)[0], reason, "Ada", desk.now, desk.now)
        for reason in REJECTIONS:
            reject(session, desk.shop_id, ids(desk)[0], reason, "Ada", desk.now, desk.now)


def test_who_read_it_before_somebody_else_decided_decides_nothing(desk: Desk) -> None:
    submit(desk, bought(desk))
    (review,) = ids(desk)
    seen, later = desk.now, desk.now + timedelta(minutes=1)
    with desk.database.shops(desk.shop_id) as session:
        publish(session, desk.shop_id, [review], "Ada", later, seen)
        assert reject(session, desk.shop_id, review, "spam", "Bo", later, seen) is None
    assert [row.state for row in desk.rows("SELECT state FROM reviews")] == ["published"]


def test_another_shop_decides_nothing(db: Database, desk: Desk) -> None:
    other = connect_shop(db, "other.example")
    submit(desk, bought(desk))
    with db.shops(other.shop_id) as session:
        assert publish(session, other.shop_id, ids(desk), "Eve", desk.now, desk.now) == []
        assert not reject(session, other.shop_id, ids(desk)[0], "spam", "Eve", desk.now, desk.now)
        assert held_reviews(session, other.shop_id) == []
    assert [row.state for row in desk.rows("SELECT state FROM reviews")] == ["held"]


def test_the_public_sees_what_is_published_newest_first(desk: Desk) -> None:
    for number in range(12):
        writer = bought(desk, id=str(20 + number), number=str(20 + number))
        submit(desk, writer, stars=number % 5 + 1, now=DELIVERED + timedelta(minutes=number))
    later = DELIVERED + timedelta(hours=1)
    with desk.database.shops(desk.shop_id) as session:
        assert summary(session, desk.shop_id, "p1").count == 0, "held ones are nobody's business"
        publish(session, desk.shop_id, ids(desk)[:-1], "Ada", later, later)
        told = summary(session, desk.shop_id, "p1")
        first = public_reviews(session, desk.shop_id, "p1", limit=5)
        rest = public_reviews(session, desk.shop_id, "p1", None, (first[-1].submitted_at, first[-1].id), 20)
        fives = public_reviews(session, desk.shop_id, "p1", stars=5)
    assert (told.count, told.distribution) == (11, {1: 3, 2: 2, 3: 2, 4: 2, 5: 2})
    assert told.average == pytest.approx(31 / 11)
    assert [row.id for row in (*first, *rest)] == sorted(ids(desk)[:-1], reverse=True)
    assert {row.stars for row in fives} == {5}


def test_nul_bytes_and_direction_marks_are_stored_harmlessly(desk: Desk) -> None:
    assert submit(desk, bought(desk), body="a\x00b \u202egnp.exe") == 1
    (row,) = desk.rows("SELECT body FROM reviews")
    assert row.body == "ab \u202egnp.exe"
