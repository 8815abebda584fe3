"""The store's webhooks: made by a job, looked at with one request, mended whatever became of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Response

from app.services.hooks import EVERY, SILENT, WHILE_BROKEN, mend_hooks
from app.services.install import Attempt, connect
from app.services.polls import CATALOGUE, CONNECTION, CUSTOMERS, HISTORY, HOOKS, ORDERS, TRASH
from app.turns import Turns
from connectors.base import NotNow
from connectors.woocommerce.subscriptions import TOPICS
from flows.commerce import Platform
from sandbox.woocommerce.stores import MAIN_SHOP
from tests.app.desk import KEYS
from tests.healing.woocommerce.conftest import Site

MINUTE = timedelta(minutes=1)


@pytest.fixture
def whole(site: Site) -> Site:
    """With its webhooks made, and no poll but those of webhooks and orders."""
    site.only(HOOKS, ORDERS)
    site.polls()
    site.hear()
    site.later(minutes=15)
    site.polls()
    site.calls.clear()
    return site


def places(site: Site) -> list[tuple[str, str, str]]:
    return sorted((one["topic"], one["delivery_url"], one["status"]) for one in site.hooks())


def wanted(site: Site) -> list[tuple[str, str, str]]:
    address = f"https://doorstep.example/webhooks/woocommerce/{site.token}"
    return sorted((topic, address, "active") for topic in TOPICS)


def test_a_job_makes_them_before_it_reads_anything_long(site: Site) -> None:
    order = [row.noun for row in site.rows("SELECT noun FROM polls WHERE noun <> 'nightly' ORDER BY next_at")]
    assert {*order[:2]} == {CONNECTION, HOOKS} and order[2:] == [CATALOGUE, CUSTOMERS, HISTORY, ORDERS, TRASH]
    site.only(CONNECTION)
    site.polls()
    assert site.calls and site.hooks() == [], "the daily look leaves them alone"
    site.only(HOOKS)
    site.polls()
    assert places(site) == wanted(site)
    pings = [one.raw for one in site.store.receiver.got if one.path.startswith("/webhooks/")]
    assert len(pings) == len(TOPICS) and all(ping.startswith(b"webhook_id=") for ping in pings)
    said = site.health()
    assert (said.hooks_broken, said.mended) == (False, 0), "made for the first time is not mended"
    assert site.due_in(HOOKS) == WHILE_BROKEN, "and yet looked at soon"


def test_where_all_is_well_a_look_is_one_request(whole: Site) -> None:
    for _ in range(3):
        whole.later(minutes=10)
        whole.only(HOOKS)
        whole.polls()
    api = [one for one in whole.calls if "webhooks" in one]
    assert api == ["GET webhooks"] * 3 and whole.due_in(HOOKS) == EVERY == 10 * MINUTE
    assert whole.health().hooks_broken is False


def change(site: Site, number: int, **values: Any) -> None:
    shop = site.shop()
    hook = site.hooks()[number]
    shop.write("webhook", hook["id"], hook | values)


def break_it(site: Site, how: str) -> None:
    shop, hook = site.shop(), site.hooks()[1]
    if how == "missing":
        shop.forget("webhook", hook["id"])
    elif how == "doubled":
        shop.write("webhook", 999, hook | {"id": 999})
    elif how == "wrong address":
        change(site, 1, delivery_url=f"{hook['delivery_url']}/old")
    else:
        change(site, 1, status=how)


@pytest.mark.parametrize("how", ["missing", "paused", "disabled", "doubled", "wrong address"])
def test_whatever_became_of_one_is_mended_and_orders_are_read_at_once(whole: Site, how: str) -> None:
    break_it(whole, how)
    whole.later(minutes=10)
    soon = whole.real + 9 * MINUTE
    whole.rows("UPDATE polls SET next_at = :soon WHERE noun = 'orders' RETURNING 1", soon=soon)
    whole.polls()
    assert places(whole) == wanted(whole)
    said = whole.health()
    assert said.hooks_broken and said.mended >= 1 and "order" in said.hooks_said[0]
    assert whole.due_in(HOOKS) == whole.due_in(ORDERS) == WHILE_BROKEN == 2 * MINUTE
    assert whole.calls[-1] == "GET orders", "what was not told meanwhile"
    whole.later(minutes=2)
    whole.polls()
    assert not whole.health().hooks_broken and whole.health().hooks_said == said.hooks_said
    assert whole.due_in(HOOKS) == whole.due_in(ORDERS) == 10 * MINUTE


def test_a_hook_that_the_store_gave_up_is_back_and_one_failure_gives_it_up_again(whole: Site) -> None:
    """Switched on again it still counts six failures: only a delivery that arrives starts the count again."""
    whole.store.receiver.status = lambda number: 500
    for _ in range(8):
        whole.store.order()
        whole.store.settle()
    created = next(one for one in whole.hooks() if one["topic"] == "order.created")
    assert (created["status"], created["failures"]) == ("disabled", 6)
    whole.later(minutes=10)
    whole.polls()
    assert places(whole) == wanted(whole)
    assert whole.one("SELECT count(*) FROM orders") == 8, "what never arrived is healed"
    whole.store.order()
    whole.store.settle()
    broken = {one["topic"] for one in whole.hooks() if one["status"] == "disabled"}
    assert "order.created" in broken
    whole.later(minutes=2)
    whole.polls()
    assert places(whole) == wanted(whole) and whole.one("SELECT count(*) FROM orders") == 9
    whole.store.receiver.status = lambda number: 200
    whole.store.order()
    whole.store.settle()
    assert {one["failures"] for one in whole.hooks() if one["topic"].startswith("order.c")} == {0}
    whole.later(minutes=2)
    whole.polls()
    assert not whole.health().hooks_broken or whole.health().missed_at


def test_hooks_that_are_on_and_silent_show_by_what_the_look_had_to_find(whole: Site) -> None:
    whole.store.post("/sandbox/quirks", {"drop": True})
    whole.store.order()
    whole.later(minutes=10)
    whole.polls()
    assert whole.one("SELECT healed FROM polls WHERE noun = 'orders'") == 1
    said = whole.health()
    assert said.missed_at == whole.real and said.hooks_broken and said.hooks_said == [SILENT]
    assert places(whole) == wanted(whole)
    assert whole.due_in(ORDERS) == whole.due_in(HOOKS) == 2 * MINUTE
    whole.store.post("/sandbox/quirks", {"drop": False})
    for _ in range(31):
        whole.later(minutes=2)
        whole.polls()
    assert whole.due_in(ORDERS) > 2 * MINUTE and not whole.health().hooks_broken


def test_what_changed_a_moment_ago_may_still_be_told(whole: Site) -> None:
    """WP-Cron takes its minute: no reason to call anything broken."""
    whole.store.post("/sandbox/quirks", {"drop": True})
    whole.later(minutes=9)
    whole.store.order()
    whole.later(minutes=1)
    whole.polls()
    assert whole.one("SELECT healed FROM polls WHERE noun = 'orders'") == 1
    assert whole.health().missed_at is None and whole.due_in(ORDERS) == 10 * MINUTE


@pytest.mark.parametrize("hours", [-5, 5])
def test_whether_a_message_is_late_is_told_by_the_clock_that_the_change_was_noted_by(
    whole: Site, hours: int
) -> None:
    """In a store whose clock is off: what changed just now may still be told, what changed long ago not."""
    whole.store.post("/sandbox/quirks", {"drop": True, "clock_hours": hours})
    whole.later(hours=7)
    found = []
    for wait in (timedelta(seconds=5), 10 * MINUTE):
        whole.store.order()
        whole.later(seconds=wait.total_seconds())
        whole.only(ORDERS)
        whole.polls()
        found.append((whole.one("SELECT count(*) FROM orders"), whole.health().missed_at))
    assert found == [(1, None), (2, whole.real)]


def test_orders_of_the_minutes_around_the_connection_prove_nothing(site: Site) -> None:
    site.only(HOOKS, ORDERS)
    site.store.post("/sandbox/quirks", {"drop": True})
    site.store.order()
    site.later(minutes=5)
    site.polls()
    assert site.one("SELECT healed FROM polls WHERE noun = 'orders'") == 1
    assert site.health().missed_at is None


def test_with_new_keys_hooks_are_made_anew(whole: Site) -> None:
    """A webhook tells what its maker may read: if that is nothing any more, it goes on telling errors."""
    before = {one["id"] for one in whole.hooks()}
    whole.later(minutes=5)
    key, secret = whole.store.made_key()
    attempt = Attempt(Platform.WOOCOMMERCE, MAIN_SHOP, f"https://{MAIN_SHOP}")
    keys = {"consumer_key": key, "consumer_secret": secret}
    again = connect(whole.database, KEYS, attempt, keys, whole.now, whole.real)
    assert again.token == whole.token
    assert whole.due_in(HOOKS) <= timedelta(milliseconds=10)
    whole.later(seconds=1)
    whole.only(HOOKS)
    whole.polls()
    assert places(whole) == wanted(whole)
    assert not before & {one["id"] for one in whole.hooks()}
    assert not whole.health().hooks_broken, "that was no defect"
    whole.later(minutes=10)
    whole.calls.clear()
    whole.polls()
    assert [one for one in whole.calls if "webhooks" in one] == ["GET webhooks"]


def test_a_look_that_fails_is_noted(whole: Site) -> None:
    """As what it is: a shop that is away says nothing of its webhooks, and they stay what they were."""
    for broken in (False, True):
        whole.rows("UPDATE store_health SET hooks_broken = :broken RETURNING 1", broken=broken)
        whole.store.post("/sandbox/quirks", {"html_200": True})
        whole.later(minutes=10)
        whole.only(HOOKS)
        whole.polls()
        said = whole.health()
        assert said.hooks_broken is broken
        assert said.hooks_said[0].startswith("could not be looked at: something else answered")
        assert whole.due_in(HOOKS) == 2 * MINUTE
        whole.store.post("/sandbox/quirks", {"html_200": False})
        whole.later(minutes=2)
        whole.polls()
        assert not whole.health().hooks_broken


def test_a_shop_that_says_no_to_the_look_is_broken(whole: Site) -> None:
    whole.instead = lambda: Response(
        '{"code": "rest_invalid", "message": ""}', 400, mimetype="application/json"
    )
    whole.later(minutes=10)
    whole.only(HOOKS)
    whole.polls()
    assert whole.health().hooks_broken


def test_what_was_not_looked_at_is_not_told_as_broken(whole: Site) -> None:
    """As many calls as the store bears are under way: it was not asked."""
    before = whole.health()
    whole.stores = replace(whole.stores, turns=Turns(None, patience=0.0))
    one, two = (whole.stores.turns.taken(str(whole.shop_id), 5) for _ in range(2))
    with whole.database.shops(whole.shop_id) as session:
        store = whole.stores.open(session, whole.shop_id, whole.real)
    with one, two, pytest.raises(NotNow):
        assert store is not None
        mend_hooks(whole.database, whole.stores, whole.shop_id, store, whole.now, whole.real)
    said = whole.health()
    assert (said.hooks_broken, said.hooks_said) == (False, before.hooks_said)
