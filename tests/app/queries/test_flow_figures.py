"""Figures of flows, counted from rows that are written here by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, put_rows
from app.models.journey import journeys
from app.models.message import messages
from app.models.review import reviews
from app.queries.flow_figures import Figures, Periods, load_figures, load_step_figures
from app.queries.home import load_counts
from tests.app.desk import START, Desk, connect_shop
from tests.app.services.statements import counted

NOW = START + timedelta(days=100)


def sent(desk: Desk, order: str, step: str, days_ago: float, flow: str = "review_request") -> int:
    """One mail that left, with its journey. Returns its id."""
    at = NOW - timedelta(days=days_ago)
    common = {"shop_id": desk.shop_id, "generation": 1, "flow_key": flow, "order_id": order, "reasons": []}
    journey = {
        **common,
        "flow_version": 1,
        "subject": f"order:{order}",
        "event_key": "e",
        "status": "done",
        "anchor": at,
        "revision": 1,
        "started_at": at,
        "changed_at": at,
    }
    message = {
        **common,
        "step": step,
        "occurrence": 1,
        "template": "t",
        "mail_class": "S",
        "lane": 1,
        "state": "sent",
        "token": 0,
        "attempts": 0,
        **dict.fromkeys(("due_at", "expires_at", "next_at", "created_at", "changed_at", "sent_at"), at),
    }
    with desk.database.shops(desk.shop_id) as session:
        put_rows(session, journeys, [journey], "ON CONFLICT DO NOTHING")
        journey_id = session.execute(
            text("SELECT id FROM journeys WHERE flow_key = :flow AND order_id = :order"),
            {"flow": flow, "order": order},
        ).scalar_one()
        (row,) = put_rows(session, messages, [{**message, "journey_id": journey_id}], returning="id")
        return int(row.id)


def clicked(desk: Desk, message: int, times: int = 1, kind: str = "clicked") -> None:
    with desk.database.shops(desk.shop_id) as session:
        for _ in range(times):
            session.execute(
                text(
                    "INSERT INTO message_events (shop_id, message_id, kind, at, data)"
                    " VALUES (:shop, :message, :kind, :at, '{}')"
                ),
                {"shop": desk.shop_id, "message": message, "kind": kind, "at": NOW},
            )


def reviewed(desk: Desk, order: str, product: str, days_ago: float, message: int | None = None) -> None:
    row = {
        "shop_id": desk.shop_id,
        "order_id": order,
        "product_id": product,
        "message_id": message,
        "address_hash": "h",
        "stars": 4,
        "verified": True,
        "submitted_at": NOW - timedelta(days=days_ago),
    }
    with desk.database.shops(desk.shop_id) as session:
        put_rows(session, reviews, [row])


def figures(desk: Desk, now: datetime = NOW) -> dict[str, Periods]:
    with desk.database.shops(desk.shop_id) as session:
        return load_figures(session, desk.shop_id, now)


def test_people_are_counted_once_and_reviews_only_after_the_first_mail(desk: Desk) -> None:
    first = sent(desk, "1", "ask", 9)
    sent(desk, "1", "nudge", 6)
    clicked(desk, first, times=3)
    reviewed(desk, "1", "p1", 5, first)
    reviewed(desk, "1", "p2", 5, first)
    sent(desk, "2", "ask", 3)
    reviewed(desk, "2", "p1", 4)
    sent(desk, "3", "ask", 45)
    reviewed(desk, "3", "p1", 40)
    reviewed(desk, "9", "p1", 2)
    assert figures(desk) == {
        "review_request": Periods(Figures(mails=3, people=2, clicked=1, reviewed=1), Figures(1, 1, 0, 1))
    }


def test_a_journey_counts_where_its_first_mail_left(desk: Desk) -> None:
    sent(desk, "1", "ask", 35)
    sent(desk, "1", "nudge", 28)
    seen = figures(desk)["review_request"]
    assert (seen.now.mails, seen.now.people) == (1, 0)
    assert (seen.before.mails, seen.before.people) == (1, 1)


def test_steps_are_counted_by_the_mail_that_led_to_it(desk: Desk) -> None:
    ask, nudge = sent(desk, "1", "ask", 9), sent(desk, "1", "nudge", 6)
    clicked(desk, ask)
    clicked(desk, nudge)
    reviewed(desk, "1", "p1", 5, nudge)
    with desk.database.shops(desk.shop_id) as session:
        steps = load_step_figures(session, desk.shop_id, "review_request", NOW)
    assert steps == {"ask": Figures(1, 1, 1, 0), "nudge": Figures(1, 1, 1, 1)}


def test_what_a_scanner_followed_is_no_click_in_any_figure(desk: Desk) -> None:
    clicked(desk, sent(desk, "1", "ask", 9), kind="scanned")
    assert figures(desk)["review_request"].now == Figures(mails=1, people=1, clicked=0, reviewed=0)
    with desk.database.shops(desk.shop_id) as session:
        assert load_step_figures(session, desk.shop_id, "review_request", NOW)["ask"].clicked == 0
        counts = load_counts(session, desk.shop_id, NOW - timedelta(days=7), NOW - timedelta(days=14))
    assert (counts.clicked, counts.clicked_before) == (0, 0)


def test_nothing_of_another_shop_and_nothing_that_did_not_leave(desk: Desk, db: Database) -> None:
    other = connect_shop(db, "other.example")
    clicked(other, sent(other, "1", "ask", 3))
    message = sent(desk, "2", "ask", 3)
    with db.shops(desk.shop_id) as session:
        session.execute(text("UPDATE messages SET state = 'skipped' WHERE id = :id"), {"id": message})
    assert figures(desk) == {}


def test_one_statement_however_much_there_is(desk: Desk, db: Database) -> None:
    for order in range(40):
        sent(desk, str(order), "ask", 3)
        sent(desk, str(order), "confirmation", 4, flow="order_confirmation")
    with db.shops(desk.shop_id) as session, counted(db) as seen:
        assert load_figures(session, desk.shop_id, NOW)["review_request"].now.people == 40
    assert len(seen) == 1


def test_one_flow_alone_is_counted_from_its_own_mails(desk: Desk, db: Database) -> None:
    sent(desk, "1", "ask", 3)
    sent(desk, "1", "confirmation", 4, flow="order_confirmation")
    with db.shops(desk.shop_id) as session, counted(db) as seen:
        one = load_figures(session, desk.shop_id, NOW, "review_request")
        assert one == {"review_request": load_figures(session, desk.shop_id, NOW)["review_request"]}
    assert ["m.flow_key = " in statement for statement in seen] == [True, False]
