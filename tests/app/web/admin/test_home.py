"""The first page: only real figures, in words, at a constant cost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import event, text

from app.services.intake import apply_readings
from app.services.ledger import claim
from app.services.locks import lock_shop
from app.services.pauses import pause, put_away_mails
from app.services.switches import switch_on
from connectors.base import Reading
from flows.commerce import Platform
from tests.app.desk import FIRST_FLOWS, KEYS, an_order
from tests.app.web.addresses import bearer
from tests.app.web.conftest import Site


def page(site: Site) -> str:
    answer = site.client.get("/woocommerce/app/", headers=bearer(site, Platform.WOOCOMMERCE))
    assert answer.status_code == 200
    return unescape(" ".join(answer.text.split()))


def run(site: Site, sql: str, **values: Any) -> None:
    with site.runtime.database.shops(site.woocommerce.shop_id, site.shopify.shop_id) as session:
        session.execute(text(sql), {"shop": site.woocommerce.shop_id, **values})


def switch_four_on(site: Site) -> None:
    with site.runtime.database.shops(site.woocommerce.shop_id) as session:
        for flow in FIRST_FLOWS:
            switch_on(
                session, site.woocommerce.shop_id, flow.key, site.runtime.clock.now() - timedelta(days=90)
            )


def place(site: Site, *numbers: int) -> None:
    """Orders of this minute: each plans its confirmation."""
    now = site.runtime.clock.now()
    orders = tuple(an_order(id=str(n), number=str(n), at=now, email=f"p{n}@example.com") for n in numbers)
    with site.runtime.database.shops(site.woocommerce.shop_id) as session:
        lock_shop(session, site.woocommerce.shop_id)
        apply_readings(session, [(site.woocommerce.shop_id, Reading(orders=orders))], KEYS, now, now)


@contextmanager
def statements(site: Site) -> Iterator[list[str]]:
    seen: list[str] = []

    def heard(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    engine = site.runtime.database.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", heard)


def test_a_new_shop_says_what_to_do_first(site: Site) -> None:
    shown = page(site)
    assert (
        "No flow is running. <b>Nobody gets a mail from here</b> until you switch the first one on." in shown
    )
    assert "Choose the first flow" in shown
    assert "Reading your shop" in shown and "0 orders and 0 products read so far." in shown
    assert "No mail has gone out yet." in shown
    assert "2 of 6 done" in shown
    assert "Nothing had to be put right." in shown


def test_what_waits_is_listed_with_its_subject(site: Site) -> None:
    switch_four_on(site)
    run(site, "UPDATE shops SET imported_at = connected_at")
    place(site, 41)
    shown = page(site)
    assert "4 flows are running. <b>No mail went out yesterday</b>." in shown
    assert "1 due today" in shown
    assert "Mia, #41 · Order confirmation" in shown
    assert "Reading your shop" not in shown
    run(site, "UPDATE messages SET next_at = next_at + interval '3 hours', attempts = 2")
    shown = page(site)
    assert "; 1 waits until" in shown and "(the mail server did not take them yet)" in shown
    assert "waits: the mail server did not take it (2 tries)" in shown


def test_mails_of_which_one_goes_instead_of_another_are_not_counted(site: Site) -> None:
    with site.runtime.database.shops(site.woocommerce.shop_id) as session:
        since = site.runtime.clock.now() - timedelta(days=90)
        switch_on(session, site.woocommerce.shop_id, "order_progress", since)
    place(site, 41)
    shown = page(site)
    assert "Mia, #41 · Still being prepared" in shown and "mail 2 of 2" not in shown


def test_figures_are_those_of_the_ledger(site: Site) -> None:
    switch_four_on(site)
    place(site, *range(1, 7))
    now = site.runtime.clock.now()
    run(site, "UPDATE messages SET state = 'sent', sent_at = :at", at=now)
    run(site, "UPDATE messages SET sent_at = :at WHERE order_id = '2'", at=now - timedelta(days=45))
    run(site, "UPDATE messages SET sent_at = :at WHERE order_id = '3'", at=now - timedelta(days=70))
    run(site, "UPDATE messages SET state = 'unknown' WHERE order_id = '4'")
    run(site, "UPDATE messages SET state = 'cancelled', reason = 'OrderCancelled' WHERE order_id = '5'")
    run(
        site,
        "INSERT INTO message_events (shop_id, message_id, kind, at)"
        " SELECT shop_id, id, 'clicked', :at FROM messages, generate_series(1, 3) WHERE order_id = '1'",
        at=now,
    )
    shown = page(site)
    assert "<dt>mails<small>1 in the 30 days before</small></dt><dd>2</dd>" in shown
    assert "<dt>mail clicked, 50 % of 2<small>0 before</small></dt><dd>1</dd>" in shown
    assert "1 of 3 mails in 30 days: no answer came. None is sent again by itself" in shown
    assert "1 mail was withdrawn in time" in shown and "the order was cancelled." in shown
    assert "2 today so far" in shown


def test_a_shop_that_does_not_let_us_in(site: Site) -> None:
    run(
        site, "UPDATE shops SET state = 'needs_reconnect', problem = 'The keys were refused' WHERE id = :shop"
    )
    shown = page(site)
    assert "Your shop does not let us in." in shown
    assert "The keys were refused" in shown
    assert 'target="_top" href="/woocommerce/install?shop=larkhus.example"' in shown
    assert "Reading your shop" not in shown


def test_a_shop_that_waits_says_what_for(site: Site) -> None:
    """Mails that were put away are not listed as if they left in some thousand years."""
    switch_four_on(site)
    place(site, 1)
    shop_id, real = site.woocommerce.shop_id, site.runtime.clock.real()
    database = site.runtime.database
    with database.shops(shop_id) as session:
        pause(session, shop_id, real)
    due = claim(database, site.runtime.clock.now() + timedelta(days=1), real, 10)
    assert due and put_away_mails(database, due, site.now) == []
    waits = page(site)
    assert "Your shop is being read anew." in waits
    assert "Mails that waited leave when that is done" in waits
    assert "Waiting" in waits and "9999" not in waits
    run(site, "UPDATE shops SET problem = 'the shop is frozen (402)' WHERE id = :shop")
    closed = page(site)
    assert "Your shop is closed." in closed and "Mails wait until it is open again." in closed
    assert "the shop is frozen (402)" in closed
    run(site, "UPDATE shops SET state = 'needs_reconnect' WHERE id = :shop")
    shut = page(site)
    assert "Mails wait until it does, and then leave unless it is too late" in shut
    mails = site.client.get("/woocommerce/app/messages", headers=bearer(site, Platform.WOOCOMMERCE)).text
    assert "The shop does not let Doorstep in at the moment" in mails and "9999" not in mails


def test_the_cost_does_not_grow(site: Site) -> None:
    switch_four_on(site)
    place(site, 1)
    page(site)
    with statements(site) as few:
        page(site)
    place(site, *range(2, 60))
    with statements(site) as many:
        page(site)
    assert len(few) == len(many) <= 46


def test_another_shop_s_figures_are_not_counted(site: Site) -> None:
    switch_four_on(site)
    place(site, 41)
    run(site, "UPDATE messages SET state = 'sent', sent_at = :at", at=site.runtime.clock.now())
    answer = site.client.get("/shopify/app/", headers=bearer(site, Platform.SHOPIFY))
    assert "No mail has gone out yet." in answer.text
    assert "#41" not in answer.text


@pytest.mark.parametrize(
    ("reason", "link"),
    [("no_postal_address", "Write your address"), ("domain_unverified", "Set up your domain")],
)
def test_offers_that_wait_for_the_merchant_are_told(site: Site, reason: str, link: str) -> None:
    switch_four_on(site)
    place(site, 1)
    run(site, "UPDATE messages SET state = 'due', reason = :reason", reason=reason)
    shown = page(site)
    assert re.search(r"\d+ offers? waits?", shown) and link in shown
    run(site, "UPDATE messages SET state = 'sent'")
    assert link not in page(site)
