"""Missed parcels on the first page: who misses one, since when, and what they were told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.services.arrivals import missed
from app.services.switches import switch_on
from flows.commerce import LineQuantity, Parcel, ParcelEvent, ParcelStatus, Platform, Refund
from flows.late import MISSED_FOR
from tests.app.web.admin.test_home import page, run, statements, switch_four_on
from tests.app.web.conftest import Site
from tests.app.web.shopping import bought, put, shop_of

NEWS = "delivery_updates"
CALLED_OFF = """UPDATE orders SET body = body || '{"state": "cancelled"}' WHERE shop_id = :shop"""
EMPTY = "No parcel is missed."
DAY = timedelta(days=1)


def on_its_way(site: Site, *scans: ParcelEvent) -> None:
    bought(site, status=ParcelStatus.SHIPPED, scans=scans)


def says_no(site: Site, parcel: str = "t1") -> None:
    key = (shop_of(site, Platform.WOOCOMMERCE), "13")
    missed(site.runtime.database, site.runtime.keys, key, parcel, site.runtime.clock.now())


def failed(site: Site) -> ParcelEvent:
    now = site.runtime.clock.now()
    return ParcelEvent("e1", "t1", "13", ParcelStatus.ATTEMPTED, now - DAY)


def test_nothing_missed_is_said(site: Site) -> None:
    on_its_way(site)
    assert EMPTY in page(site)


def test_who_says_no_stands_there_with_order_carrier_and_day(site: Site) -> None:
    on_its_way(site)
    says_no(site)
    shown = page(site)
    assert EMPTY not in shown and "1 now" in shown
    assert "#13, Northpost" in shown
    assert "Has not come, the buyer says, since" in shown
    assert "No mail about it" in shown
    assert "/messages/order/13/arrival_check" in shown


def test_the_line_leads_to_the_mail_about_it(site: Site) -> None:
    switch_four_on(site)
    with site.runtime.database.shops(site.woocommerce.shop_id) as session:
        switch_on(session, site.woocommerce.shop_id, NEWS, site.runtime.clock.now() - 90 * DAY)
    on_its_way(site, failed(site))
    run(site, "UPDATE messages SET state = 'sent', sent_at = due_at WHERE flow_key = :flow", flow=NEWS)
    shown = page(site)
    assert "Could not be handed over, since" in shown
    assert "Mailed “News from the way”" in shown
    with site.runtime.database.shops(site.woocommerce.shop_id) as session:
        mails = text("SELECT id FROM messages WHERE flow_key = :flow")
        assert f"/messages/{session.execute(mails, {'flow': NEWS}).scalar_one()}" in shown


@pytest.mark.parametrize("how", ["it came", "the money is back", "it was called off"])
def test_what_is_over_leaves_the_list(site: Site, how: str) -> None:
    on_its_way(site)
    says_no(site)
    now = site.runtime.clock.now()
    if how == "it came":
        bought(site)
    elif how == "the money is back":
        lines = (LineQuantity("l1", 2), LineQuantity("l2", 1))
        put(site, Platform.WOOCOMMERCE, refunds=(Refund("f1", "13", now, 100_000, lines),))
    else:
        run(site, CALLED_OFF)
    assert EMPTY in page(site)


def test_it_leaves_the_list_where_it_counts_no_more_for_who_is_asked(site: Site) -> None:
    """All that was in it came in another parcel."""
    on_its_way(site)
    says_no(site)
    inside = (LineQuantity("l1", 2), LineQuantity("l2", 1))
    now = site.runtime.clock.now()
    other = Parcel("t2", "13", now, ParcelStatus.DELIVERED, shipped_at=now, delivered_at=now, lines=inside)
    put(site, Platform.WOOCOMMERCE, parcels=(other,))
    assert EMPTY in page(site)


def test_nobody_waits_for_ever(site: Site) -> None:
    on_its_way(site)
    says_no(site)
    run(site, "UPDATE events SET happened_at = happened_at - CAST(:by AS interval)", by=MISSED_FOR - DAY)
    assert EMPTY not in page(site)
    run(site, "UPDATE events SET happened_at = happened_at - CAST(:by AS interval)", by=DAY)
    assert EMPTY in page(site)


def test_another_shop_s_parcels_are_not_listed(site: Site) -> None:
    bought(site, Platform.SHOPIFY, status=ParcelStatus.SHIPPED)
    key = (shop_of(site, Platform.SHOPIFY), "13")
    missed(site.runtime.database, site.runtime.keys, key, "t1", site.runtime.clock.now())
    assert EMPTY in page(site)


def test_as_many_statements_however_many(site: Site) -> None:
    on_its_way(site)
    says_no(site)
    page(site)
    with statements(site) as one:
        page(site)
    now = site.runtime.clock.now()
    put(site, Platform.WOOCOMMERCE, parcels=(Parcel("t2", "13", now, ParcelStatus.SHIPPED, shipped_at=now),))
    says_no(site, "t2")
    with statements(site) as two:
        shown = page(site)
    assert "2 now" in shown and len(one) == len(two)
