"""Knobs on a real database: a turned knob moves the mail, once, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.db import Database
from app.services import knobs
from app.services.changes import Stale
from app.services.knobs import Outlook, knobs_now, move_now, numbers_in, outlook, turn
from app.services.switches import switch_off
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import LineQuantity, OrderLine, ParcelStatus, Shipped
from flows.presets import preset
from tests.app.desk import START, Desk, a_parcel, a_product, a_refund, an_order, connect_shop
from tests.app.services.statements import counted

REVIEW = preset("review_request")
ARRIVED = START + timedelta(days=2)


def deliver(desk: Desk, count: int = 1, first: int = 0) -> None:
    numbers = range(first, first + count)
    orders = tuple(an_order(id=str(n), number=str(n), shipped=Shipped.ALL) for n in numbers)
    parcels = tuple(
        a_parcel(id=f"t{n}", order_id=str(n), status=ParcelStatus.DELIVERED, delivered_at=ARRIVED)
        for n in numbers
    )
    desk.now = ARRIVED + timedelta(minutes=5)
    desk.read(Reading(orders=orders, parcels=parcels))


def turned(
    desk: Desk, now: datetime | None = None, seen: dict[str, int] | None = None, **given: int
) -> Outlook:
    with desk.database.shops(desk.shop_id) as session:
        turn(session, desk.shop_id, REVIEW, given, seen or {}, now or desk.now)
    return move_now(desk.database, desk.keys, desk.shop_id, REVIEW, now or desk.now)


def waits(desk: Desk) -> list[tuple[datetime, datetime]]:
    """When the journeys of the flow wake, and when their timers ring."""
    rows = desk.rows(
        "SELECT j.wake_at, t.due_at FROM journeys j JOIN timers t ON t.journey_id = j.id"
        " WHERE j.flow_key = 'review_request' ORDER BY j.id"
    )
    return [(row.wake_at, row.due_at) for row in rows]


def asks(desk: Desk) -> list[datetime]:
    rows = desk.rows("SELECT due_at FROM messages WHERE step = 'ask' ORDER BY id")
    return [row.due_at for row in rows]


def test_a_knob_moved_from_10_to_14_days_moves_the_mail(desk: Desk) -> None:
    deliver(desk)
    assert waits(desk) == [(datetime(2026, 11, 14, 10, tzinfo=UTC),) * 2]
    seen = turned(desk, standard_days=14)
    assert [one.after - one.before for one in seen.moves] == [timedelta(days=4)]
    assert waits(desk) == [(datetime(2026, 11, 18, 10, tzinfo=UTC),) * 2]
    wake_due(desk.database, desk.keys, datetime(2026, 11, 14, 10, 1, tzinfo=UTC))
    assert asks(desk) == [], "not on the old day"
    wake_due(desk.database, desk.keys, datetime(2026, 11, 18, 10, 0, 1, tzinfo=UTC))
    assert asks(desk) == [datetime(2026, 11, 18, 10, tzinfo=UTC)]


def test_a_mail_that_is_planned_stays_and_nobody_is_asked_twice(desk: Desk) -> None:
    deliver(desk)
    asked = datetime(2026, 11, 14, 10, tzinfo=UTC)
    wake_due(desk.database, desk.keys, asked)
    assert asks(desk) == [asked]
    assert turned(desk, asked + timedelta(hours=1), standard_days=20).moves == ()
    assert asks(desk) == [asked]
    assert waits(desk) == [(datetime(2026, 11, 17, 10, tzinfo=UTC),) * 2], "the second chance waits on"
    turned(desk, asked + timedelta(hours=1), ask_hour=18)
    assert waits(desk) == [(datetime(2026, 11, 17, 18, tzinfo=UTC),) * 2]


def test_an_earlier_moment_that_is_over_means_the_next_morning(desk: Desk) -> None:
    deliver(desk)
    night = datetime(2026, 11, 13, 2, tzinfo=UTC)
    turned(desk, night, standard_days=3)
    assert waits(desk) == [(datetime(2026, 11, 13, 10, tzinfo=UTC),) * 2]


def test_the_journey_keeps_its_reasons_and_says_why_it_moved(desk: Desk) -> None:
    deliver(desk)
    before = desk.rows("SELECT reasons FROM journeys WHERE flow_key = 'review_request'")[0].reasons
    turned(desk, standard_days=14)
    turned(desk, standard_days=12)
    (row,) = desk.rows("SELECT reasons, revision FROM journeys WHERE flow_key = 'review_request'")
    assert row.reasons[:-1] == before
    assert row.reasons[-1][0] == "knob_turned"
    assert "2026-11-16T10:00:00" in row.reasons[-1][2]
    assert row.revision == 3


def test_looking_ahead_says_what_turning_does_and_changes_nothing(desk: Desk) -> None:
    deliver(desk, 3)
    before = desk.rows("SELECT * FROM journeys ORDER BY id"), waits(desk)
    with desk.database.shops(desk.shop_id) as session:
        ahead = outlook(
            session, desk.keys, desk.shop_id, REVIEW, {"standard_days": 14, "fast_days": 9}, desk.now
        )
    assert (desk.rows("SELECT * FROM journeys ORDER BY id"), waits(desk)) == before
    assert (ahead.people, ahead.looked_at, len(ahead.moves), ahead.whole) == (3, 3, 3, True)
    assert turned(desk, standard_days=14, fast_days=9) == ahead
    with desk.database.shops(desk.shop_id) as session:
        nothing = outlook(session, desk.keys, desk.shop_id, REVIEW, {"standard_days": 14}, desk.now)
    assert (nothing.looked_at, nothing.moves) == (0, ())


def test_who_turns_what_somebody_else_turned_hears_of_it(desk: Desk) -> None:
    deliver(desk)
    turned(desk, seen={"standard_days": 10}, standard_days=12)
    with pytest.raises(Stale) as stale:
        turned(desk, seen={"standard_days": 10}, standard_days=14)
    assert stale.value.present == {"standard_days": 12}
    assert waits(desk)[0][0] == datetime(2026, 11, 16, 10, tzinfo=UTC)
    assert turned(desk, seen={"standard_days": 10}, standard_days=12).moves == (), "sent twice: no harm"


def test_another_shop_stays_as_it_is(desk: Desk, db: Database) -> None:
    other = connect_shop(db, "other.example")
    deliver(other)
    deliver(desk)
    before = waits(other)
    turned(desk, standard_days=14)
    assert waits(other) == before
    with db.shops(other.shop_id) as session:
        assert knobs_now(session, other.shop_id, REVIEW)["standard_days"] == 10


def test_a_flow_that_was_never_on_keeps_its_knobs_until_it_is(db: Database) -> None:
    desk = connect_shop(db, on=False)
    turned(desk, standard_days=14)
    (row,) = desk.rows("SELECT * FROM flow_switches")
    assert (row.enabled, row.knobs) == (False, {"standard_days": 14})


def test_a_flow_within_its_undo_moves_too(desk: Desk) -> None:
    deliver(desk)
    with desk.database.shops(desk.shop_id) as session:
        switch_off(session, desk.shop_id, "review_request", desk.now)
    turned(desk, standard_days=14)
    assert waits(desk) == [(datetime(2026, 11, 18, 10, tzinfo=UTC),) * 2]


def test_five_hundred_journeys_cost_as_many_statements_as_one(db: Database) -> None:
    counts = []
    for size in (1, 50, 499):
        desk = connect_shop(db, f"shop-{size}.example")
        deliver(desk, size)
        with counted(db) as seen:
            assert len(turned(desk, standard_days=14).moves) == size
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], counts


def test_a_large_flow_is_looked_at_in_part(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(desk, 3)
    monkeypatch.setattr(knobs, "LOOK", 2)
    with desk.database.shops(desk.shop_id) as session:
        ahead = outlook(session, desk.keys, desk.shop_id, REVIEW, {"standard_days": 14}, desk.now)
    assert (ahead.people, ahead.looked_at, len(ahead.moves), ahead.whole) == (3, 2, 2, False)


@pytest.mark.parametrize(("refunded", "due"), [(0, 17), (1, 14)])
def test_how_long_it_takes_to_try_is_asked_of_what_is_kept(desk: Desk, refunded: int, due: int) -> None:
    """The machine takes 17 days; without it the shade counts, 10 days and 14 when turned."""
    lines = (
        OrderLine("l1", "Shade", 1, 10, product_id="p1"),
        OrderLine("l2", "Mill", 1, 10, product_id="p2"),
        OrderLine("l3", "Voucher", 1, 10, product_id="p3", gift_card=True),
    )
    refund = a_refund(amount=10, lines=(LineQuantity("l2", 1, 10),))
    desk.now = ARRIVED + timedelta(minutes=5)
    desk.read(
        Reading(
            orders=(an_order(shipped=Shipped.ALL, lines=lines),),
            parcels=(a_parcel(status=ParcelStatus.DELIVERED, delivered_at=ARRIVED),),
            products=(
                a_product(),
                a_product(id="p2", kind="Espresso machine"),
                a_product(id="p3", kind="Sofa"),
            ),
        )
    )
    desk.read(Reading(refunds=(refund,) * refunded))
    turned(desk, standard_days=14)
    turned(desk, ask_hour=11)
    assert waits(desk)[0][0] == datetime(2026, 11, 4 + due, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["", " ", "2", "31", "-4", "10.5", "1e1", "ten", "\u0661\u0660", "10 days", "9" * 400, "0x0a", "+5"],
)
def test_what_is_no_number_within_bounds_is_refused_in_words(written: str) -> None:
    values, problems = numbers_in(REVIEW, {"standard_days": written}, ("standard_days",))
    assert values == {}
    assert "3 to 30" in problems["standard_days"]


def test_a_number_within_bounds_is_read() -> None:
    assert numbers_in(REVIEW, {"standard_days": " 014 ", "ask_hour": "8"}, ("standard_days",)) == (
        {"standard_days": 14},
        {},
    )
