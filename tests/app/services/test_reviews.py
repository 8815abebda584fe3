"""Reviews: what submitting stores and ends, and what a shop may decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.db import Database
from app.models.review import REJECTIONS
from app.queries.reviews import (
    decided_reviews,
    held_reviews,
    public_reviews,
    star_counts,
    summary,
)
from app.services import ledger
from app.services.reviews import Submitted, Writer, publish, reject, submit_reviews
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import ParcelStatus, Shipped
from tests.app.desk import START, Desk, a_parcel, a_product, an_order, connect_shop

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
        desk.database, desk.keys, writer, [Submitted("p1", stars, "A title", body)], now or desk.now
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
    assert not ledger.mark(
        desk.database,
        claimed[0],
        ASK_DUE,
        recipient="mia@example.com",
        subject="s",
        message_id="m",
        provider="p",
        reasons=(),
    ), "the mark right before the hand-over must fail"


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
            assert publish(session, desk.shop_id, ids(desk), "Ada", desk.now) == 1
        else:
            assert reject(session, desk.shop_id, ids(desk)[0], "spam", "Ada", desk.now)
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


def test_decisions_are_kept_with_who_when_and_why(desk: Desk) -> None:
    submit(desk, bought(desk), stars=2)
    submit(desk, bought(desk, id="14", number="14"), stars=5)
    one, other = ids(desk)
    with desk.database.shops(desk.shop_id) as session:
        assert reject(session, desk.shop_id, one, "abuse", "Ada", desk.now)
        assert not reject(session, desk.shop_id, one, "spam", "Ada", desk.now), "decided already"
        assert publish(session, desk.shop_id, [other], "Ada", desk.now) == 1
        assert not reject(session, desk.shop_id, other, "spam", "Ada", desk.now), "its stars are known"
        counts = star_counts(session, desk.shop_id)
        decided = decided_reviews(session, desk.shop_id)
    assert (counts.rejected[2], counts.reasons["abuse"][2], counts.published[5]) == (1, 1, 1)
    assert {(row.state, row.reason, row.stars, row.decided_by) for row in decided} == {
        ("rejected", "abuse", 2, "Ada"),
        ("published", None, 5, "Ada"),
    }


def test_a_review_rewritten_meanwhile_waits_for_another_look(desk: Desk) -> None:
    writer = bought(desk)
    submit(desk, writer)
    seen, later = desk.now, desk.now + timedelta(minutes=1)
    submit(desk, writer, body="Something else", now=later)
    with desk.database.shops(desk.shop_id) as session:
        assert publish(session, desk.shop_id, ids(desk), "Ada", later, seen) == 0
        assert not reject(session, desk.shop_id, ids(desk)[0], "spam", "Ada", later, seen)
        assert publish(session, desk.shop_id, ids(desk), "Ada", later, later) == 1


def test_only_reasons_of_the_list_count(desk: Desk) -> None:
    submit(desk, bought(desk))
    with desk.database.shops(desk.shop_id) as session:
        for reason in ("low_rating", "", "Spam"):
            with pytest.raises(ValueError, match="no reason"):
                reject(session, desk.shop_id, ids(desk)[0], reason, "Ada", desk.now)
        for reason in REJECTIONS:
            reject(session, desk.shop_id, ids(desk)[0], reason, "Ada", desk.now)


def test_another_shop_decides_nothing(db: Database, desk: Desk) -> None:
    other = connect_shop(db, "other.example")
    submit(desk, bought(desk))
    with db.shops(other.shop_id) as session:
        assert publish(session, other.shop_id, ids(desk), "Eve", desk.now) == 0
        assert not reject(session, other.shop_id, ids(desk)[0], "spam", "Eve", desk.now)
        assert held_reviews(session, other.shop_id) == []
    assert [row.state for row in desk.rows("SELECT state FROM reviews")] == ["held"]


def test_the_public_sees_what_is_published_newest_first(desk: Desk) -> None:
    for number in range(12):
        writer = bought(desk, id=str(20 + number), number=str(20 + number))
        submit(desk, writer, stars=number % 5 + 1, now=DELIVERED + timedelta(minutes=number))
    with desk.database.shops(desk.shop_id) as session:
        assert summary(session, desk.shop_id, "p1").count == 0, "held ones are nobody's business"
        publish(session, desk.shop_id, ids(desk)[:-1], "Ada", desk.now)
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
