"""The page of the two buttons: what it shows, what a press stores, and who cannot press."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from app.services.switches import switch_on
from flows.commerce import OrderState, ParcelEvent, ParcelStatus, Platform
from tests.app.desk import an_order
from tests.app.web.conftest import Site
from tests.app.web.forwarding import forwarded
from tests.app.web.shopping import bought, put, shop_of

WOO = Platform.WOOCOMMERCE
WAYS = pytest.mark.parametrize("platform", list(Platform))


def link(site: Site, platform: Platform = WOO, order: str = "13", parcel: str = "t1") -> str:
    return f"/a/{site.runtime.keys.sign('arrival', [shop_of(site, platform), order, parcel])}"


def on_its_way(site: Site, platform: Platform = WOO, **changes: Any) -> None:
    bought(site, platform, status=ParcelStatus.SHIPPED, **changes)


def press(site: Site, said: str, platform: Platform = WOO) -> str:
    """What stands on the page after the press."""
    answer = site.client.post(link(site, platform), data={"answer": said})
    assert answer.status_code == 303 and answer.location == link(site, platform)
    return headline(site, platform)


def headline(site: Site, platform: Platform = WOO) -> str:
    answer = site.client.get(link(site, platform))
    assert answer.status_code == 200
    found = re.search(r"<h1>(.*?)</h1>", answer.text)
    assert found
    return found[1]


def kinds(site: Site) -> list[tuple[str, str | None]]:
    rows = site.rows("SELECT kind, source FROM events WHERE source IS NOT NULL ORDER BY id")
    return [(row.kind, row.source) for row in rows]


def test_looking_stores_nothing_however_the_link_asks(site: Site) -> None:
    on_its_way(site)
    before = site.rows("SELECT count(*) FROM events")
    for query in ({}, {"answer": "yes"}, {"answer": "no"}, {"answer": "<script>"}):
        answer = site.client.get(link(site), query_string=query)
        assert answer.status_code == 200 and "<script>" not in answer.text
    assert site.rows("SELECT count(*) FROM events") == before
    assert headline(site) == "Is your parcel there?"


@pytest.mark.parametrize(("said", "loud"), [("yes", "Yes, it is here"), ("no", "No, not yet")])
def test_the_button_of_the_mail_is_the_louder_one(site: Site, said: str, loud: str) -> None:
    on_its_way(site)
    text = site.client.get(link(site), query_string={"answer": said}).text
    assert re.findall(r'class="ds-button ds-wide">(.*?)<', text) == [loud]


@WAYS
def test_yes_is_recorded_and_thanked_for(site: Site, platform: Platform) -> None:
    on_its_way(site, platform)
    assert press(site, "yes", platform) == "Thank you. Good to know that it is there."
    assert kinds(site) == [("ParcelDelivered", "shopper"), ("OrderDelivered", "shopper")]
    assert press(site, "no", platform) == "Thank you. Good to know that it is there."
    assert len(kinds(site)) == 2


@WAYS
def test_no_is_noted_and_may_be_taken_back(site: Site, platform: Platform) -> None:
    on_its_way(site, platform)
    for _ in range(3):
        assert press(site, "no", platform) == "Thank you. We have made a note and look into it."
    assert kinds(site) == [("ArrivalDenied", "shopper")]
    assert "It is here now" in site.client.get(link(site, platform)).text
    assert press(site, "yes", platform) == "Thank you. Good to know that it is there."


def test_what_the_carrier_has_delivered_is_not_asked_about(site: Site) -> None:
    bought(site)
    assert press(site, "no") == "This parcel has been reported as delivered."
    assert kinds(site) == []


def test_of_an_order_that_was_called_off_nothing_is_on_its_way(site: Site) -> None:
    on_its_way(site)
    later = site.runtime.clock.now() + timedelta(seconds=1)
    put(site, WOO, orders=(an_order(version=later, state=OrderState.CANCELLED),))
    assert press(site, "yes") == "Nothing of this order is on its way any more."
    assert kinds(site) == []


@pytest.mark.parametrize("said", ["", "maybe", "YES", "yes\0"])
def test_what_is_neither_yes_nor_no_is_refused(site: Site, said: str) -> None:
    on_its_way(site)
    assert site.client.post(link(site), data={"answer": said}).status_code == 400
    assert site.client.post(link(site)).status_code == 400
    assert kinds(site) == []


def test_a_forged_link_opens_nothing(site: Site) -> None:
    on_its_way(site)
    good = link(site)
    other = f"/a/{site.runtime.keys.sign('tracking', [shop_of(site, WOO), '13', 't1'])}"
    for path in (good[:-1], f"{good}x", good.swapcase(), other, "/a/"):
        assert site.client.get(path).status_code == 404
        assert site.client.post(path, data={"answer": "yes"}).status_code == 404
    assert kinds(site) == []


def test_a_link_is_good_for_its_own_shop_order_and_parcel(site: Site) -> None:
    on_its_way(site)
    for path in (link(site, Platform.SHOPIFY), link(site, order="14")):
        assert site.client.get(path).status_code == 404
        site.client.post(path, data={"answer": "yes"})
    assert site.client.post(link(site, parcel="t9"), data={"answer": "yes"}).status_code == 303
    assert kinds(site) == []
    assert site.rows("SELECT 1 FROM parcel_events") == []


@WAYS
def test_the_page_stands_within_the_store_as_well(site: Site, platform: Platform) -> None:
    on_its_way(site, platform)
    other = Platform.WOOCOMMERCE if platform is Platform.SHOPIFY else Platform.SHOPIFY
    path = link(site, platform).removeprefix("/")
    text = site.client.get(forwarded(site, platform, path)).text
    assert "Is your parcel there?" in text and f'action="/apps/doorstep/{path}"' in text
    assert site.client.get(forwarded(site, other, path)).status_code == 404
    said = site.client.post(forwarded(site, other, path), data={"answer": "yes"})
    assert said.status_code == 404 and kinds(site) == []
    site.client.post(forwarded(site, platform, path), data={"answer": "yes"})
    assert kinds(site)[0] == ("ParcelDelivered", "shopper")


def test_a_yes_goes_on_with_what_waits_for_the_arrival(site: Site) -> None:
    shop, now = shop_of(site, WOO), site.runtime.clock.now()
    with site.runtime.database.shops(shop) as session:
        switch_on(session, shop, "review_request", now - timedelta(days=9))
    on_its_way(site)
    press(site, "yes")
    (row,) = site.rows("SELECT status, flow_key FROM journeys WHERE flow_key = 'review_request'")
    assert row.status == "active"


def test_a_scan_that_the_shopper_made_is_told_on_no_page_as_the_carrier_s(site: Site) -> None:
    now = site.runtime.clock.now()
    seen = ParcelEvent("s1", "t1", "13", ParcelStatus.IN_TRANSIT, now - timedelta(days=2), "Sorted", "Kiel")
    on_its_way(site, scans=(seen,))
    press(site, "yes")
    token = site.runtime.keys.sign("tracking", [shop_of(site, WOO), "13"])
    text = site.client.get(f"/t/{token}").text
    assert "Sorted" in text or "Kiel" in text
