"""A store that answers garbage for a day: it is left in peace, nothing is given up, all heals by itself."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from flask import Response

from app.services.connection import note_failure
from app.services.respite import FIRST, LONGEST, rest_after
from connectors.base import NotNow, StoreBusy, StoreUnreachable
from sandbox.clock import Clock, real_now
from tests.healing.woocommerce.conftest import Site
from tests.proof import Count, Figure

DAY = timedelta(days=1)


def html() -> Response:
    return Response("<!doctype html><h1>Briefly unavailable for scheduled maintenance</h1>", 200)


def broken() -> Response:
    return Response("<h1>There has been a critical error on this website</h1>", 500)


def cut_off() -> Response:
    return Response('[{"id": 1, "stat', 200, content_type="application/json")


def counts_wrongly() -> Response:
    return Response(
        "[]", 200, {"X-WP-Total": "4711", "X-WP-TotalPages": "48"}, content_type="application/json"
    )


def firewall() -> Response:
    return Response('{"message": "Forbidden"}', 403, content_type="application/json")


def away() -> Response:
    return Response("Service Unavailable", 503, {"Retry-After": "600"})


def gateway() -> Response:
    return Response("Bad Gateway", 502)


def silence() -> Response:
    time.sleep(0.25)
    return html()


KINDS = (html, broken, cut_off, counts_wrongly, firewall, away, gateway, silence)


@dataclass
class Night:
    """Lets the workers do what the sweep would hand them, moment by moment."""

    site: Site
    steps: int = 0
    pauses: list[timedelta] = field(default_factory=list)
    last_call: datetime | None = None

    def until(self, end: datetime) -> None:
        site, last = self.site, self.site.requests
        while (due := self._next()) is not None and due < end:
            if due > site.real:
                site.now += due - site.real
                site.real = due
            Clock(site.store.settings.clock_file).set_offset((site.now - real_now()).total_seconds())
            at = site.real
            worked = site.polls() + site.errands()
            assert worked, "something is due that nobody does"
            self.steps += worked
            if site.requests > last:
                last = site.requests
                self.pauses.append(at - (self.last_call or at))
                self.last_call = at
        site.now += end - site.real
        site.real = end
        Clock(site.store.settings.clock_file).set_offset((site.now - real_now()).total_seconds())

    def _next(self) -> datetime | None:
        found: datetime | None = self.site.one(
            "SELECT least((SELECT min(next_at) FROM polls WHERE next_at < 'infinity'),"
            " (SELECT min(next_at) FROM wishes WHERE state = 'open'))"
        )
        return found


@pytest.fixture
def busy(site: Site) -> Site:
    """Connected for an hour, everything read once, an order of each kind, and nothing else to do."""
    site.later(minutes=1)
    while site.polls() + site.errands():
        site.later(seconds=3)
    site.later(minutes=60)
    for _ in range(3):
        site.store.order()
        site.later(seconds=5)
    site.hear()
    site.polls()
    site.errands()
    return site


@pytest.mark.parametrize(
    "kind", [html, away, gateway, None], ids=lambda kind: kind.__name__ if kind else "all of them"
)
def test_a_day_of_it(
    busy: Site,
    kind: Callable[[], Response] | None,
    monkeypatch: pytest.MonkeyPatch,
    count: Count,
    figure: Figure,
) -> None:
    monkeypatch.setattr("connectors.woocommerce.rest_api.TIMEOUT", 0.1)
    chance = random.Random(11)
    wishes = count(40, 400)
    later = [busy.store.order(email=f"w{number}@example.com") for number in range(3)]
    busy.store.settle()
    busy.store.receiver.got.clear()  # and their messages are lost
    busy.rows(
        "INSERT INTO wishes (shop_id, noun, id, reason, asked_at, next_at)"
        " SELECT :shop, 'order', (:first + n)::text, 'a test', :real, :real FROM generate_series(1, :n) AS n"
        " RETURNING 1",
        shop=busy.shop_id,
        first=int(later[0]["id"]) + 5000,
        n=wishes,
        real=busy.real,
    )
    known = busy.one("SELECT count(*) FROM orders")
    kinds: Counter[str] = Counter()

    def garbage() -> Response:
        chosen = kind if kind is not None else chance.choice(KINDS)
        kinds[chosen.__name__] += 1
        return chosen()

    busy.requests, busy.instead = 0, garbage
    night = Night(busy)
    night.until(busy.real + DAY)
    figure("calls", busy.requests)
    figure("jobs' worth of work", night.steps)
    figure("longest pause, minutes", max(night.pauses) / timedelta(minutes=1))
    assert busy.requests <= 600, kinds
    assert night.steps <= 200 + 60 * wishes
    assert timedelta(minutes=20) <= max(night.pauses) <= timedelta(minutes=61), "they grow, within bounds"
    assert busy.rows("SELECT FROM wishes WHERE state = 'given_up'") == []
    assert busy.one("SELECT count(*) FROM wishes") >= wishes
    assert busy.one("SELECT count(*) FROM orders") == known, "nothing was made of it"
    assert busy.rows("SELECT FROM orders WHERE body->>'state' = 'gone'") == []
    assert busy.one("SELECT state FROM shops") == "connected"
    assert busy.one("SELECT paused_at IS NOT NULL FROM shops"), "nothing is sent on what is a day old"

    busy.instead = lambda: None
    night = Night(busy)
    night.until(busy.real + timedelta(minutes=70))
    assert busy.rows("SELECT * FROM wishes") == [], "every one was answered"
    assert busy.one("SELECT count(*) FROM orders") == known + len(later)
    assert busy.rows("SELECT noun, error FROM polls WHERE error IS NOT NULL") == []
    assert busy.rows("SELECT FROM polls WHERE failures > 0") == []
    health = busy.health()
    assert (health.failures, health.rests_until, health.failing_since) == (0, None, None)
    assert busy.rows("SELECT paused_at, problem FROM shops")[0][:] == (None, None)


def test_the_pauses() -> None:
    gone = StoreUnreachable("x")
    grown = [rest_after(number, gone) for number in range(1, 16)]
    assert grown[:3] == [timedelta(), timedelta(), FIRST]
    assert grown[2:] == sorted(grown[2:]) and grown[-1] == LONGEST
    assert rest_after(1, StoreBusy("x", 90.0)) == timedelta(seconds=90)
    assert rest_after(30, StoreBusy("x", 5400.0)) == timedelta(minutes=90)


def fail(site: Site, times: int, error: Exception) -> None:
    for _ in range(times):
        with site.database.shops(site.shop_id) as session:
            note_failure(session, site.shop_id, error, site.real)


def test_a_store_whose_messages_come_is_not_silent(busy: Site) -> None:
    """Its API may be shut while its webhooks work: then what is known is new."""
    fail(busy, 5, StoreUnreachable("nobody there"))
    busy.later(hours=5)
    busy.store.order()
    busy.hear()
    busy.later(hours=2)
    fail(busy, 1, StoreUnreachable("nobody there"))
    assert busy.one("SELECT paused_at FROM shops") is None
    busy.later(hours=5)
    fail(busy, 1, StoreUnreachable("nobody there"))
    assert busy.one("SELECT paused_at FROM shops") == busy.real
    assert busy.one("SELECT problem FROM shops") == "nothing is heard of the store: nobody there"


def test_one_thing_that_always_fails_does_not_keep_the_others_waiting(busy: Site) -> None:
    """Its own pauses grow; nobody makes it due again because others succeed."""
    order = busy.store.order()
    busy.later(seconds=5)

    def one_fails() -> Response | None:
        return broken() if busy.calls and busy.calls[-1] == f"GET orders/{order['id']}" else None

    busy.instead = one_fails
    busy.rows(
        "INSERT INTO wishes (shop_id, noun, id, reason, asked_at, next_at)"
        " VALUES (:shop, 'order', :id, 'a test', :real, :real) RETURNING 1",
        shop=busy.shop_id, id=str(order["id"]), real=busy.real,
    )  # fmt: skip
    busy.calls.clear()
    Night(busy).until(busy.real + timedelta(hours=6))
    tried = busy.calls.count(f"GET orders/{order['id']}")
    assert 8 <= tried <= 16, tried
    assert busy.calls.count("GET orders") >= 36, "orders are looked at every ten minutes as ever"


def test_waiting_for_a_turn_is_no_failure(busy: Site) -> None:
    fail(busy, 9, NotNow("as many calls as there may be", 5.0))
    assert busy.rows("SELECT FROM store_health WHERE failures > 0") == []
