"""A moment that moves while somebody waits for it is waited for where it lies now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.db import Database
from app.services.locks import lock_shop
from app.services.product_words import held_said, save_said
from app.services.react import tell
from app.services.retime import move_waiting
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import Address, Consent, ConsentState, LineQuantity, OrderLine, ParcelStatus
from flows.events import Event, EventKind
from flows.kinds import KindSaid
from tests.app.desk import START, Desk, a_parcel, a_product, a_refund, an_order, connect_shop
from tests.app.services.statements import counted

DAY = timedelta(days=1)
LINES = (LineQuantity("l1", 4),)


def wakes(desk: Desk, flow: str) -> list[tuple[datetime, datetime]]:
    """When the flow's journeys wake, and when their timers ring."""
    rows = desk.rows(
        "SELECT j.wake_at, t.due_at FROM journeys j JOIN timers t ON t.journey_id = j.id"
        " WHERE j.flow_key = :flow AND j.status = 'active' ORDER BY j.id",
        flow=flow,
    )
    return [(row.wake_at, row.due_at) for row in rows]


def coffee_came(desk: Desk, names: tuple[str, ...] = ("13",)) -> None:
    """Four packs each, delivered."""
    line = OrderLine("l1", "Coffee beans", 4, 8270, product_id="p1")
    orders = tuple(
        an_order(id=name, number=name, email=f"p{name}@example.com", lines=(line,)) for name in names
    )
    parcels = tuple(
        a_parcel(
            id=f"t{name}", order_id=name, status=ParcelStatus.DELIVERED, delivered_at=START + DAY, lines=LINES
        )
        for name in names
    )
    yes = tuple(Consent(f"p{name}@example.com", ConsentState.SUBSCRIBED, START) for name in names)
    product = a_product(title="Coffee beans", kind="Coffee")
    desk.now = START + DAY
    desk.read(Reading(products=(product,), orders=orders, consents=yes), Reading(parcels=parcels))


def three_go_back(desk: Desk, names: tuple[str, ...] = ("13",)) -> None:
    desk.now = START + 5 * DAY
    back = (LineQuantity("l1", 3),)
    desk.read(
        Reading(
            refunds=tuple(
                a_refund(id=f"r{name}", order_id=name, created_at=desk.now, amount=6000, lines=back)
                for name in names
            )
        )
    )


def test_fewer_packs_are_used_up_earlier(desk: Desk) -> None:
    coffee_came(desk)
    ((before, _),) = wakes(desk, "replenishment")
    three_go_back(desk)
    ((after, timer),) = wakes(desk, "replenishment")
    (foreseen,) = desk.rows("SELECT at FROM estimates WHERE name = 'run_out'")
    assert after == timer == (foreseen.at - 6 * DAY).replace(hour=10, minute=0, second=0)
    assert after < before - 30 * DAY
    (row,) = desk.rows("SELECT reasons FROM journeys WHERE flow_key = 'replenishment'")
    assert row.reasons[-1][0] == "moment_moved"


def test_following_moments_costs_the_same_for_one_and_for_many(db: Database) -> None:
    counts = []
    for size in (1, 40):
        desk = connect_shop(db, f"shop-{size}.example")
        names = tuple(str(number) for number in range(size))
        coffee_came(desk, names)
        before = wakes(desk, "replenishment")
        with counted(db) as seen:
            three_go_back(desk, names)
        assert all(one < other for one, other in zip(wakes(desk, "replenishment"), before, strict=True))
        counts.append(len(seen))
    assert counts[0] == counts[1], counts


def one_lasts(desk: Desk, days: int) -> None:
    """The merchant says so."""
    said = KindSaid(consumable=True, lasts_days=days)
    with desk.database.shops(desk.shop_id) as session:
        lock_shop(session, desk.shop_id)
        token = held_said(session, desk.shop_id, "product", "p1")[1]
        assert save_said(
            session, desk.shop_id, "product", "p1", "Coffee", said, token, "the merchant", desk.now
        )


def test_what_a_merchant_says_of_a_product_reaches_who_waits(desk: Desk) -> None:
    """By the job, and by a timer that rings before it: four packs, counted from the arrival on."""
    coffee_came(desk)
    one_lasts(desk, 20)
    while move_waiting(desk.database, desk.keys, desk.now):
        pass
    twenty = (START + 75 * DAY).replace(hour=10)
    assert wakes(desk, "replenishment") == [(twenty, twenty)]
    one_lasts(desk, 30)
    wake_due(desk.database, desk.keys, twenty)
    assert desk.rows("SELECT 1 FROM messages WHERE flow_key = 'replenishment'") == []
    thirty = (START + 115 * DAY).replace(hour=10)
    assert wakes(desk, "replenishment") == [(thirty, thirty)]


def test_what_was_said_costs_the_same_for_one_and_for_many_who_wait(db: Database) -> None:
    counts = []
    for size in (1, 40):
        desk = connect_shop(db, f"shop-{size}.example")
        coffee_came(desk, tuple(str(number) for number in range(size)))
        with counted(db) as seen:
            one_lasts(desk, 20)
            while move_waiting(desk.database, desk.keys, desk.now):
                pass
        assert len(set(wakes(desk, "replenishment"))) == 1
        counts.append(len(seen))
    assert counts[0] == counts[1], counts


def on_its_way(desk: Desk) -> None:
    desk.rows(
        "INSERT INTO contents (shop_id, slot, scope, scope_id, title, body, url, revision, changed_at)"
        " VALUES (:shop, 'prepare', 'shop', '', 'T', 'B', '', 1, :at) RETURNING 1",
        shop=desk.shop_id,
        at=START,
    )
    desk.read(Reading(orders=(an_order(shipping_address=Address(country="GB")),)))
    desk.now = START + DAY
    lines = (LineQuantity("l1", 2),)
    desk.read(Reading(parcels=(a_parcel(lines=lines, estimated_at=START + 14 * DAY),)))


def carrier_says(desk: Desk, estimate: datetime) -> None:
    desk.now += DAY
    lines = (LineQuantity("l1", 2),)
    desk.read(Reading(parcels=(a_parcel(lines=lines, version=desk.now, estimated_at=estimate),)))


def test_a_parcel_that_comes_on_another_day_is_prepared_for_before_that(desk: Desk) -> None:
    on_its_way(desk)
    assert wakes(desk, "prepare_for_arrival") == [(datetime(2026, 11, 14, 10, tzinfo=UTC),) * 2]
    carrier_says(desk, START + 28 * DAY)
    assert wakes(desk, "prepare_for_arrival") == [(datetime(2026, 11, 28, 10, tzinfo=UTC),) * 2]
    carrier_says(desk, START + 7 * DAY)
    assert wakes(desk, "prepare_for_arrival") == [(datetime(2026, 11, 7, 10, tzinfo=UTC),) * 2]


def test_a_timer_that_rings_before_the_moment_waits_on(desk: Desk) -> None:
    """However the moment moved, nobody is written to on the old day."""
    on_its_way(desk)
    later = (START + 28 * DAY).isoformat()
    desk.rows(
        "UPDATE parcels SET body = jsonb_set(body, '{estimated_at}', to_jsonb(CAST(:at AS text)))"
        " RETURNING 1",
        at=later,
    )
    wake_due(desk.database, desk.keys, datetime(2026, 11, 14, 10, 1, tzinfo=UTC))
    assert desk.rows("SELECT 1 FROM messages WHERE flow_key = 'prepare_for_arrival'") == []
    assert wakes(desk, "prepare_for_arrival") == [(datetime(2026, 11, 28, 10, tzinfo=UTC),) * 2]


def test_what_is_told_of_an_order_shows_where_its_moments_lie(desk: Desk) -> None:
    on_its_way(desk)
    desk.rows(
        "UPDATE parcels SET body = jsonb_set(body, '{estimated_at}', to_jsonb(CAST(:at AS text)))"
        " RETURNING 1",
        at=(START + 28 * DAY).isoformat(),
    )
    seen = Event(EventKind.PRODUCT_VIEWED, "viewed:13:p1", "order:13", "13", desk.now)
    with desk.database.shops(desk.shop_id) as session:
        lock_shop(session, desk.shop_id)
        tell(session, (desk.shop_id, "13"), [seen], desk.keys, desk.now)
    assert wakes(desk, "prepare_for_arrival") == [(datetime(2026, 11, 28, 10, tzinfo=UTC),) * 2]
