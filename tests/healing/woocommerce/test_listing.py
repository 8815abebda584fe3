"""The look at changed orders and at the catalogue, where a store cannot serve all of it, is slow, or has
another clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Response, request

from app.services.heal import run_poll
from app.services.polls import CATALOGUE, NIGHTLY, ORDERS
from app.services.watermarks import FIRST_LOOK, OVERLAP
from connectors.woocommerce.catalogue import Place
from connectors.woocommerce.pace import Pace
from tests.healing.woocommerce.conftest import Site

LATEST = "SELECT max(version) FROM orders"


@pytest.mark.parametrize(("status", "code"), [(500, "internal_server_error"), (403, "rest_forbidden")])
def test_an_order_that_the_store_cannot_serve_whole_holds_up_no_other(
    site: Site, status: int, code: str
) -> None:
    site.only(ORDERS)
    site.polls()
    bad = site.store.order()
    site.store.act(bad, "refund")
    good = site.store.order()
    site.store.settle()
    site.store.receiver.got.clear()

    def answer() -> Response | None:
        if not request.path.endswith(f"orders/{bad['id']}/refunds"):
            return None
        body = f'{{"code":"{code}","message":"x","data":{{"status":{status}}}}}'
        return Response(body, status, content_type="application/json")

    site.instead = answer
    site.later(minutes=5)
    for noun in (ORDERS, NIGHTLY):
        site.poll(noun)
        site.errands()
        row = site.rows("SELECT failures, error FROM polls WHERE noun = :noun", noun=noun)[0]
        assert (row.failures, row.error) == (0, None)
    known = {row.id for row in site.rows("SELECT id FROM orders")}
    assert {str(bad["id"]), str(good["id"])} <= known
    assert site.rows("SELECT state, paused_at FROM shops") == [("connected", None)]
    (wish,) = site.rows("SELECT noun, state, error FROM wishes WHERE id = :id", id=str(bad["id"]))
    assert (wish.noun, wish.state) == ("order", "open" if status == 500 else "given_up")
    assert str(status) in wish.error


@pytest.mark.parametrize("always", [False, True])
def test_an_order_over_which_every_listing_breaks_down_holds_up_no_other(site: Site, always: bool) -> None:
    """What the store lists first is it; `always`: also where no more than its name is asked for."""
    site.only(ORDERS)
    site.polls()
    site.later(minutes=1)
    bad = lost(site)
    site.later(minutes=3)
    good = lost(site)
    at = site.shop().read("order", bad)["date_modified_gmt"]

    def answer() -> Response | None:
        args, orders = request.args, request.path.endswith("/orders")
        listed = orders and args.get("modified_after", "9") < at and args["page"] == "1"
        itself = request.path.endswith(f"/orders/{bad}")
        if not itself and not (listed and (always or "billing" in args["_fields"])):
            return None
        return Response('{"code":"internal_server_error"}', 500, content_type="application/json")

    site.instead = answer
    began = site.real
    while site.one("SELECT count(*) FROM orders WHERE id = :id", id=good) == 0:
        site.later(minutes=1)
        site.polls()
        assert site.real - began < timedelta(minutes=30), "soon, too"
    row = site.rows("SELECT failures, error, began_at FROM polls WHERE noun = 'orders'")[0]
    assert (row.failures, row.error, row.began_at) == (0, None, None)
    if not always:
        site.errands()
        (wish,) = site.rows("SELECT state, reason, error FROM wishes WHERE id = :id", id=bad)
        assert wish.state == "open" and "cannot list it" in wish.reason and "500" in wish.error


def test_the_rest_of_an_order_whose_version_is_known_is_not_read_again(site: Site) -> None:
    site.only(ORDERS)
    site.polls()
    order = site.store.order()
    site.store.act(order, "refund")
    site.later(minutes=2)
    for reads in (1, 0):
        site.calls.clear()
        site.poll(ORDERS)
        site.errands()
        assert site.calls.count(f"GET orders/{order['id']}/refunds") == reads
        site.later(minutes=2)


def test_a_poll_is_ours_longer_with_each_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight minutes a page: whoever comes in between finds nothing to take."""
    site.only(CATALOGUE)
    small = Place(pace=Pace(2, 2)).written()
    site.rows("UPDATE polls SET cursor = :at WHERE noun = 'catalogue' RETURNING 1", at=small)
    spent = timedelta()
    taken = []

    def slowly() -> Response | None:
        nonlocal spent
        if request.path.endswith("/products"):
            spent += timedelta(minutes=8)
            taken.append(run_poll(site.database, site.stores, site.now, began + spent, lambda: False))
        return None

    began: datetime = site.real
    monkeypatch.setattr("app.services.heal.going_on", lambda real: lambda: began + spent)
    site.instead = slowly
    site.turn()
    assert taken and not any(taken) and len(taken) > 1
    assert site.one("SELECT next_at = 'infinity' FROM polls WHERE noun = 'catalogue'")


def test_a_product_whose_variations_cannot_be_had_holds_up_no_other(site: Site) -> None:
    tried = []

    def answer() -> Response | None:
        if not request.path.endswith("/variations"):
            return None
        tried.append(request.path)
        return Response('{"code":"internal_server_error"}', 500, content_type="application/json")

    site.instead = answer
    site.only(CATALOGUE)
    site.polls()
    assert tried and site.one("SELECT next_at = 'infinity' FROM polls WHERE noun = 'catalogue'")
    wished = site.rows("SELECT id FROM wishes WHERE noun = 'product'")
    assert len(wished) == len(tried)
    assert {row.id for row in wished} <= {row.id for row in site.rows("SELECT id FROM products")}
    site.instead = lambda: None
    site.later(hours=1)
    site.errands()
    parents = {row.parent_id for row in site.rows("SELECT body->>'parent_id' AS parent_id FROM products")}
    assert {row.id for row in wished} <= parents, "they come by themselves"


@pytest.mark.parametrize("hours", [5, -5])
def test_a_store_with_another_clock_tells_what_was_lost_at_the_next_look(site: Site, hours: int) -> None:
    site.store.post("/sandbox/quirks", {"clock_hours": hours})
    site.only(ORDERS)
    site.polls()
    for _ in range(3):
        lost = site.store.order()
        site.store.settle()
        site.store.receiver.got.clear()
        site.later(minutes=11)
        site.poll(ORDERS)
        assert site.one("SELECT count(*) FROM orders WHERE id = :id", id=str(lost["id"])) == 1


def test_the_mark_is_the_newest_change_that_the_store_told_of(site: Site) -> None:
    began = site.one("SELECT watermark FROM polls WHERE noun = 'orders'")
    assert began == site.one("SELECT connected_at FROM shops") - FIRST_LOOK
    site.only(ORDERS)
    site.store.order()
    site.later(minutes=3)
    site.poll(ORDERS)
    newest = site.one("SELECT max(version) FROM orders")
    mark = "SELECT watermark FROM polls WHERE noun = 'orders'"
    assert site.one(mark) == newest
    site.later(minutes=2)
    site.poll(ORDERS)
    assert site.one(mark) == newest, "looks that lie close together prove little"
    site.later(minutes=11)
    site.poll(ORDERS)
    assert site.one(mark) == newest + OVERLAP + timedelta(seconds=1), "seen twice, listed no more"
    site.later(minutes=30)
    site.poll(ORDERS)
    assert site.one(mark) == newest + OVERLAP + timedelta(seconds=1)
    late = site.store.order()
    site.later(minutes=1)
    site.poll(ORDERS)
    assert site.one(mark) == site.one("SELECT version FROM orders WHERE id = :id", id=str(late["id"]))


def lost(site: Site) -> str:
    """An order of which no message comes."""
    order = site.store.order()
    site.store.settle()
    site.store.receiver.got.clear()
    return str(order["id"])


def test_what_changes_under_a_clock_that_was_set_right_is_found_after_a_rest_too(site: Site) -> None:
    """The store was ahead, and so is what it told of then; the next look may come late."""
    site.only(ORDERS)
    site.polls()
    site.store.post("/sandbox/quirks", {"clock_hours": 5})
    lost(site)
    site.later(minutes=11)
    site.poll(ORDERS)
    site.store.post("/sandbox/quirks", {"clock_hours": 0})
    site.later(minutes=10)
    site.poll(ORDERS)
    site.later(minutes=3)
    order = lost(site)
    site.later(minutes=30)
    site.poll(ORDERS)
    assert site.one("SELECT count(*) FROM orders WHERE id = :id", id=order) == 1


def test_one_order_with_a_date_of_its_own_hides_no_other(site: Site) -> None:
    site.only(ORDERS)
    site.polls()
    shop, early = site.shop(), lost(site)
    ahead = (site.now + timedelta(days=30)).isoformat()[:19]
    shop.write("order", early, shop.read("order", early) | {"date_modified_gmt": ahead})
    for _ in range(3):
        site.later(minutes=3)
        order = lost(site)
        site.later(minutes=40)
        site.poll(ORDERS)
        assert site.one("SELECT count(*) FROM orders WHERE id = :id", id=order) == 1
        began = site.now - site.one("SELECT watermark FROM polls WHERE noun = 'orders'")
        assert began >= timedelta(0)


def test_a_store_that_is_ahead_for_ever_is_read_from_the_last_look_on(site: Site) -> None:
    site.store.post("/sandbox/quirks", {"clock_hours": 5})
    site.only(ORDERS)
    site.polls()
    for _ in range(3):
        order = lost(site)
        site.later(hours=2)
        site.poll(ORDERS)
        assert site.one("SELECT count(*) FROM orders WHERE id = :id", id=order) == 1
    site.later(hours=6)
    site.poll(ORDERS)
    site.later(minutes=11)
    site.poll(ORDERS)
    mark, newest = (site.one(sql) for sql in ("SELECT watermark FROM polls WHERE noun = 'orders'", LATEST))
    assert mark == newest + OVERLAP + timedelta(seconds=1), "and once it is quiet, nothing is listed"
