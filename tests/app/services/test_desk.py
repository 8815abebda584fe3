"""The desk at the hand-over, on a real database: limits over all flows, two workers, a constant price."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta
from random import Random

from app.db import Database
from app.services.send import send_due
from flows.limits import USUAL
from tests.app.desk import Desk, connect_shop
from tests.app.sending import sender_of
from tests.app.services.offers import FLOWS, NOON, Box, open_shop, plan, run
from tests.app.services.statements import counted
from tests.proof import Count, Figure

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def state_of(desk: Desk, message: int) -> tuple[str, str | None]:
    (row,) = desk.rows("SELECT state, reason FROM messages WHERE id = :id", id=message)
    return row.state, row.reason


def test_of_two_offers_the_better_leaves_and_the_other_waits_four_days(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    poor, good = plan(desk, "surprise_delight"), plan(desk, "replenishment")
    box = Box()
    assert run(desk, box) == ["replenishment"]
    assert state_of(desk, poor) == ("due", "frequency_cap")
    (row,) = desk.rows("SELECT next_at, postponed_at, reasons FROM messages WHERE id = :id", id=poor)
    assert (row.next_at, row.postponed_at) == (NOON + 4 * DAY, NOON)
    (told,) = [reason for reason in row.reasons if reason[0] == "spaced"]
    assert not told[1] and told[2].startswith("replenishment 2026-11-03")
    desk.now = row.next_at - HOUR
    assert run(desk, box) == []
    desk.now = row.next_at
    assert run(desk, box) == ["surprise_delight"]
    assert state_of(desk, good) == ("sent", None)


def test_the_worth_that_a_shop_stored_counts(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    desk.rows("UPDATE flow_switches SET worth = 99 WHERE flow_key = 'surprise_delight' RETURNING 1")
    plan(desk, "surprise_delight"), plan(desk, "replenishment")
    assert run(desk, Box()) == ["surprise_delight"]


def test_what_left_over_another_order_counts_and_order_mails_do_not(desk: Desk) -> None:
    open_shop(desk, "mia@example.com", "Mia@Example.com", "nora@example.com")
    box = Box()
    plan(desk, "win_back", "0")
    plan(desk, "shipped", "0")
    assert sorted(run(desk, box)) == ["shipped", "win_back"]
    plan(desk, "replenishment", "1"), plan(desk, "shipped", "1"), plan(desk, "replenishment", "2")
    assert sorted(run(desk, box)) == ["replenishment", "shipped"], "Nora's offer and Mia's parcel"


def test_a_better_mail_that_comes_today_keeps_its_place(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    plan(desk, "replenishment", at=NOON + 2 * HOUR)
    plan(desk, "win_back")
    box = Box()
    assert run(desk, box) == []
    desk.now = NOON + 2 * HOUR
    assert run(desk, box) == ["replenishment"]


def test_at_night_offers_wait_for_the_morning(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    desk.rows("UPDATE shops SET timezone = 'Europe/Berlin' RETURNING 1")
    desk.now = NOON + 10 * HOUR
    offer = plan(desk, "win_back")
    plan(desk, "care_warranty")
    assert run(desk, Box()) == ["care_warranty"]
    (row,) = desk.rows("SELECT reason, next_at, postponed_at FROM messages WHERE id = :id", id=offer)
    assert (row.reason, row.postponed_at) == ("quiet_hours", None)
    assert row.next_at == NOON.replace(day=4, hour=7)


def test_night_is_where_the_person_lives(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    desk.now = NOON + 9 * HOUR  # 21:00 in the shop, morning in Auckland
    desk.rows(
        "UPDATE orders SET body = jsonb_set(body, '{shipping_address}', :home) RETURNING 1",
        home='{"country": "NZ"}',
    )
    plan(desk, "win_back")
    assert run(desk, Box()) == ["win_back"]


def test_a_full_week_drops_a_service_mail_after_three_days_and_says_for_what(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    for _ in range(USUAL.week):
        plan(desk, "care_warranty")
    box = Box()
    assert len(run(desk, box)) == USUAL.week
    late = plan(desk, "care_warranty")
    assert run(desk, box) == []
    assert state_of(desk, late) == ("skipped", "frequency_cap")
    (row,) = desk.rows("SELECT reasons FROM messages WHERE id = :id", id=late)
    (told,) = [reason for reason in row.reasons if reason[0] == "within_week"]
    assert told[2].count("care_warranty 2026-11-03") == USUAL.week


def test_mails_of_other_tools_count(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    desk.rows(
        "INSERT INTO outside_sends VALUES (:shop, 'n1', :hash, 'Newsletter', 'M', :at, :at) RETURNING 1",
        shop=desk.shop_id,
        hash=desk.keys.address_hash(desk.shop_id, "mia@example.com"),
        at=NOON - DAY,
    )
    offer = plan(desk, "win_back")
    assert run(desk, Box()) == []
    (row,) = desk.rows("SELECT next_at FROM messages WHERE id = :id", id=offer)
    assert row.next_at == NOON + 3 * DAY


def test_a_mail_that_was_planned_after_the_decision_takes_the_turn(desk: Desk) -> None:
    """One worker has decided, and renders. Another decides on a better mail that came just then, and marks
    it: the first mark fails, and its mail is weighed anew."""
    open_shop(desk, "mia@example.com")
    box = Box()
    late: list[int] = []

    def another() -> None:
        if not late:
            late.append(plan(desk, "replenishment"))
            assert run(desk, Box(mails=box.mails)) == ["replenishment"]

    first, box.before_mark = plan(desk, "win_back"), another
    assert run(desk, box) == ["replenishment"]
    assert [mail.headers["X-Doorstep-Flow"] for mail in box.mails] == ["replenishment"]
    assert state_of(desk, first) == ("due", "frequency_cap")


def test_two_workers_never_both_send(db: Database, count: Count, figure: Figure) -> None:
    """Each round: one worker weighs an offer while a better one is planned and weighed by another."""
    rounds, chance = count(12, 300), Random(134)
    desk = connect_shop(db, "race.example")
    open_shop(desk, *(f"buyer{n}@example.com" for n in range(rounds)))
    clashes = 0
    for n in range(rounds):
        first, sent = plan(desk, "win_back", str(n)), Box()
        weighed, both, met = threading.Event(), threading.Barrier(2, timeout=20), set[int]()

        def meet(
            weighed: threading.Event = weighed, both: threading.Barrier = both, met: set[int] = met
        ) -> None:
            """Both have weighed their mail, and neither has marked it."""
            weighed.set()
            if threading.get_ident() not in met:
                met.add(threading.get_ident())
                both.wait()
                time.sleep(chance.random() / 500)

        slow = threading.Thread(target=run, args=(desk, replace(sent, before_mark=meet)))
        slow.start()
        assert weighed.wait(20)
        plan(desk, "replenishment", str(n))
        run(desk, replace(sent, before_mark=meet))
        slow.join(30)
        assert len(sent.mails) == 1, f"round {n}"
        clashes += state_of(desk, first)[0] == "due"
        desk.rows("UPDATE messages SET state = 'cancelled' WHERE state IN ('due', 'claimed') RETURNING 1")
    figure("rounds that the later mail won", clashes)


def test_the_desk_costs_the_same_for_one_as_for_five_hundred(db: Database) -> None:
    counts = []
    for size in (1, 50, 500):
        desk = connect_shop(db, f"shop-{size}.example")
        open_shop(desk, *(f"buyer{n}@example.com" for n in range(size)))
        for n in range(size):
            plan(desk, "win_back", str(n))
        box = Box()
        sender = sender_of(desk, box, FLOWS)
        with counted(db) as seen, box.connect() as courier:
            # The time is up before the first mark: what is counted is claim, facts, guards and desk.
            assert send_due(sender, courier, desk.real, 500) == size
        given_back = [one for one in seen if "SET state = r.state" in one or "crossing', 'on'" in one]
        counts.append(len(seen) - len(given_back))
        states = desk.rows("SELECT DISTINCT state, reason FROM messages")
        assert [(row.state, row.reason) for row in states] == [("due", None)]
        desk.rows("UPDATE messages SET state = 'cancelled' RETURNING 1")
    assert counts[0] == counts[1] == counts[2], counts
