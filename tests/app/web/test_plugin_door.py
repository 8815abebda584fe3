"""What the plugin tells us: only its own shop's, only what was signed just now, and no more than we read."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.queue import NUDGE, open_queue
from app.services.install import Attempt, connect
from app.services.intake import ask_stores
from app.services.plugin_hints import AHEAD, APART, FIRST_ONES, MOST_WAITING, take_hint
from app.web import plugin_door
from app.web.plugin_door import LARGEST
from connectors.base import Noun, Wish
from connectors.woocommerce.plugin_message import Hint
from flows.commerce import Platform
from tests.app.web.conftest import Site
from tests.app.web.plugin_talk import hint, say, secret_of, signed
from tests.proof import Figure
from tests.security.parties import all_rows, changed, newcomer, residents

SAID: dict[str, Any] = {
    "hint": hint(),
    "left": {"reason": "disconnected"},
    "export": {"email": "mia@example.com"},
    "erase": {"email": "mia@example.com"},
}
ACTIONS = pytest.mark.parametrize("action", SAID)


def wishes(site: Site) -> list[Any]:
    return site.rows("SELECT * FROM wishes ORDER BY next_at, id")


def test_a_hint_is_a_read_that_is_due_now(site: Site) -> None:
    answer = say(site, "hint", hint())
    assert (answer.status_code, answer.get_json()) == (200, {"outcome": "asked"})
    (row,) = wishes(site)
    assert (row.shop_id, row.noun, row.id) == (site.woocommerce.shop_id, "order", "123")
    assert row.next_at <= site.runtime.clock.real()
    assert row.reason == "hint: status pending -> processing"
    assert site.runtime.queue.redis.llen(NUDGE) == 1, "the sweep is woken"


@ACTIONS
def test_what_is_not_right_changes_nothing(site: Site, action: str) -> None:
    shops = residents(site).values()
    before, good = all_rows(*shops), json.dumps(SAID[action]).encode()
    door = f"/woocommerce/plugin/{site.woocommerce.token}/{action}"
    keys, mine = site.runtime.keys, secret_of(site)
    wrong = [
        site.client.post(door, data=good),
        site.client.post(door, data=SAID[action]),
        say(site, action, good, secret=keys.plugin_secret(site.shopify.token)),
        say(site, action, good, secret=keys.webhook_secret(site.woocommerce.token)),
        say(site, action, good, secret=site.woocommerce.token),
        say(site, action, good, secret=""),
        say(site, action, good, late=301),
        say(site, action, good, late=-301),
        say(site, action, good, token=site.shopify.token),
        say(site, action, good, token="x" * 32),
        site.client.post(door, data=good + b" ", headers=signed(site, action, good, mine)),
        site.client.post(door, data=good, headers=signed(site, "other", good, mine)),
    ]
    assert [answer.status_code for answer in wrong] == [401] * len(wrong)
    for malformed in (b"", b"[]", b"not json", b"null", b"[" * 9_000, b"{}", b'{"order": 5, "email": 5}'):
        if action == "left" and malformed.startswith(b"{"):
            continue  # it needs to say nothing but that
        assert say(site, action, malformed).status_code == 400, malformed
    assert say(site, action, b'{"x": "' + b"x" * LARGEST + b'"}').status_code == 413
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        headers = signed(site, action, good, mine)
        assert site.client.open(door, method=method, data=good, headers=headers).status_code == 405
    assert say(site, "nothing", good).status_code == 404
    assert changed(before, all_rows(*shops)) == {}


@ACTIONS
def test_a_shopify_shop_has_no_such_door(site: Site, action: str) -> None:
    """Not even with what its token would be signed with."""
    before = all_rows(*residents(site).values())
    secret = site.runtime.keys.plugin_secret(site.shopify.token)
    answer = say(site, action, SAID[action], token=site.shopify.token, secret=secret)
    assert answer.status_code == (200 if action in ("hint", "left") else 404)
    assert changed({**before, "drops": frozenset()}, all_rows(*residents(site).values())) == {}


def test_a_thousand_hints_for_one_order_are_one_row(site: Site) -> None:
    told = {say(site, "hint", hint(to=f"status-{number}")).status_code for number in range(1000)}
    assert told == {200, 429}
    assert len(wishes(site)) == 1


def test_a_hint_for_an_order_that_is_being_read_has_it_read_again(site: Site) -> None:
    say(site, "hint", hint())
    take = "UPDATE wishes SET attempts = 1, next_at = :lease"
    at = site.runtime.clock.real()
    with site.runtime.database.shops(site.woocommerce.shop_id) as session:
        session.execute(text(take), {"lease": at + timedelta(minutes=3)})
    (before,) = wishes(site)
    say(site, "hint", hint())
    (after,) = wishes(site)
    assert after.asked_at > before.asked_at, "so the answer that is on its way does not settle it"
    assert after.next_at <= site.runtime.clock.real() + timedelta(seconds=1)
    with site.runtime.database.shops(site.woocommerce.shop_id) as session:
        session.execute(text("UPDATE wishes SET state = 'given_up', attempts = 80"))
    say(site, "hint", hint())
    (again,) = wishes(site)
    assert (again.state, again.attempts) == ("open", 0)


def test_a_flood_is_bounded_and_leaves_others_their_turn(
    site: Site, figure: Figure, caplog: pytest.LogCaptureFixture
) -> None:
    """Orders that there are not, without anybody who reads them meanwhile."""
    answers = [say(site, "hint", hint(str(number))) for number in range(1, 1001)]
    asked = [answer.status_code for answer in answers].count(200)
    rows = wishes(site)
    figure("asked", asked)
    assert asked == len(rows) <= MOST_WAITING
    refused = answers[-1]
    assert refused.status_code == 429 and "webhooks tell us the rest" in refused.get_json()["error"]
    assert f"shop {site.woocommerce.shop_id} sends more hints" in caplog.text
    (drop,) = site.rows("SELECT reason, count FROM drops")
    assert (drop.reason, drop.count) == ("hint_flood", 1000 - asked)
    spread = rows[-1].next_at - rows[0].next_at
    figure("spread_seconds", spread.total_seconds())
    assert spread >= (asked - FIRST_ONES - 1) * APART
    assert rows[-1].next_at <= site.runtime.clock.real(), "and yet all are read as soon as somebody can"
    assert site.runtime.queue.length() == 0, "no hint is a job"


def test_a_hint_goes_before_the_flood_of_another_shop_and_before_what_else_is_read(site: Site) -> None:
    other = newcomer(site, Platform.WOOCOMMERCE, "other.example")
    at, real = site.runtime, site.runtime.clock.real()
    with at.database.shops(other.shop_id) as session:
        ask_stores(session, [(other.shop_id, Wish(Noun.REFUNDS, "9", "some refund"))], real - AHEAD / 2)
    for number in range(1, 201):
        take_hint(at.database, site.woocommerce.shop_id, Hint(str(number), "hint: x", True), real)
    take_hint(at.database, other.shop_id, Hint("7", "hint: x", True), real + timedelta(seconds=5))
    with at.database.shops(site.woocommerce.shop_id, other.shop_id) as session:
        rows = session.execute(text("SELECT shop_id, noun FROM wishes ORDER BY next_at")).all()
    order = [(row.shop_id, row.noun) for row in rows]
    hinted, asked = order.index((other.shop_id, "order")), order.index((other.shop_id, "refunds"))
    assert FIRST_ONES < hinted <= FIRST_ONES + 5 / APART.total_seconds() + 1, (
        "five seconds later than all of them"
    )
    assert hinted < asked < len(order) - 1, "a flood does not shut out what else there is to read"


def test_a_flood_that_is_read_as_fast_as_it_comes_is_bounded_by_the_minute(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin_door, "HINTS_A_MINUTE", 40)
    asked = 0
    for number in range(1, 121):
        asked += say(site, "hint", hint(str(number))).status_code == 200
        with site.runtime.database.shops(site.woocommerce.shop_id) as session:
            session.execute(text("DELETE FROM wishes"))
    assert asked in (40, 80), "one minute, or two that met meanwhile"


def test_without_redis_a_hint_is_taken_all_the_same(site: Site) -> None:
    object.__setattr__(site.runtime, "queue", open_queue("redis://127.0.0.1:9"))
    assert say(site, "hint", hint()).status_code == 200
    assert len(wishes(site)) == 1


def test_hints_wait_for_nobody_who_writes_to_the_shop(site: Site) -> None:
    """A batch may hold the shop for seconds."""
    with site.runtime.database.shops(site.woocommerce.shop_id) as session:
        session.execute(text("SELECT 1 FROM shops FOR NO KEY UPDATE"))
        assert say(site, "hint", hint()).status_code == 200


def test_a_basket_is_no_order(site: Site) -> None:
    assert say(site, "hint", hint(to="checkout-draft")).get_json() == {"outcome": "ignored:checkout_draft"}
    assert wishes(site) == []


def test_a_shop_that_left_is_not_read(site: Site) -> None:
    assert say(site, "left", {"reason": "uninstalled"}).get_json() == {"outcome": "left"}
    before = all_rows(*residents(site).values())
    assert say(site, "hint", hint()).get_json() == {"outcome": "unknown_shop"}
    assert say(site, "left", {"reason": "uninstalled"}).get_json() == {"outcome": "unknown_shop"}
    assert changed(before, all_rows(*residents(site).values())) == {}


def test_what_an_old_secret_signed_is_of_no_shop(site: Site) -> None:
    """A shop that came back has another token, and its plugin another secret."""
    old = site.woocommerce.token
    say(site, "left", {"reason": "disconnected"})
    attempt = Attempt(Platform.WOOCOMMERCE, "larkhus.example", "https://larkhus.example")
    at = site.runtime
    back = connect(at.database, at.keys, attempt, {"consumer_key": "ck"}, at.clock.now(), at.clock.real())
    assert back.token != old
    for action in ("hint", "left"):
        assert say(site, action, SAID[action]).get_json() == {"outcome": "unknown_shop"}
    for action in ("export", "erase"):
        assert say(site, action, SAID[action]).status_code == 404
    (shop,) = site.rows("SELECT state FROM shops WHERE id = :id", id=back.shop_id)
    assert shop.state == "connected" and wishes(site) == []
    assert say(site, "hint", hint(), token=back.token).status_code == 401, "with the old secret"
