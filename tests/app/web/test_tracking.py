"""The tracking page: what it says in each state, and what it never says."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from flows.commerce import (
    LineQuantity,
    OrderState,
    Parcel,
    ParcelEvent,
    ParcelStatus,
    Platform,
    Refund,
    Return,
    ReturnState,
    Tracking,
)
from tests.app.desk import START, an_order
from tests.app.web.conftest import Site
from tests.app.web.shopping import bought, link, put
from tests.app.web.tracking_page import headline, page


def test_each_state_has_its_headline(site: Site) -> None:
    now = site.runtime.clock.now()
    said = {}
    for status in (
        ParcelStatus.IN_TRANSIT,
        ParcelStatus.DELAYED,
        ParcelStatus.OUT_FOR_DELIVERY,
        ParcelStatus.ATTEMPTED,
        ParcelStatus.READY_FOR_PICKUP,
        ParcelStatus.FAILED,
        ParcelStatus.DELIVERED,
    ):
        number = str(20 + status)
        bought(site, id=number, status=status, parcel={}, number=number)
        put_parcel(site, number, status)
        said[status] = headline(page(site, number))
    bought_only(site, "90")
    said_more = [headline(page(site, "90"))]
    bought_only(site, "91", state=OrderState.CANCELLED, cancelled_at=now)
    bought_only(site, "92", fully_refunded=True, refunded=8270)
    bought_only(site, "93", accepted_at=None, paid_at=None)
    said_more += [headline(page(site, number)) for number in ("91", "92", "93")]
    assert list(said.values()) == [
        "Your order is on its way",
        "Running late",
        "Out for delivery",
        "The carrier tried to deliver",
        "Ready for you to collect",
        "It could not be delivered",
        "Your order has arrived",
    ]
    assert said_more == [
        "Confirmed, and now being prepared",
        "This order was cancelled",
        "This order was refunded",
        "We have your order. The payment is still open.",
    ]


def put_parcel(site: Site, order: str, status: ParcelStatus) -> None:
    """Its own parcel: the helper's has one name for all orders."""
    now = site.runtime.clock.now()
    at = now - timedelta(days=1)
    parcel = Parcel(f"t{order}", order, now, status, shipped_at=at, delivered_at=now)
    put(site, Platform.WOOCOMMERCE, parcels=(parcel,))


def bought_only(site: Site, number: str, **changes: object) -> None:
    at = site.runtime.clock.now() - timedelta(days=1)
    put(site, Platform.WOOCOMMERCE, orders=(an_order(id=number, number=number, at=at, **changes),))


def test_likely_stands_before_forecasts_only(site: Site) -> None:
    now = site.runtime.clock.now()
    bought(site, status=ParcelStatus.IN_TRANSIT, parcel={"estimated_at": now + timedelta(days=1)})
    text = page(site)
    assert headline(text) == "Your order is on its way, likely here tomorrow"
    bought(site, id="14", number="14")
    put_parcel(site, "14", ParcelStatus.DELIVERED)
    assert "ikely" not in page(site, "14")


def test_a_forecast_that_has_passed_is_no_forecast(site: Site) -> None:
    past = site.runtime.clock.now() - timedelta(days=2)
    bought(site, status=ParcelStatus.IN_TRANSIT, parcel={"estimated_at": past})
    text = page(site)
    assert headline(text) == "On its way, but later than planned"
    assert "Likely" not in text and "First planned for" in text


def test_a_range_stays_a_range(site: Site) -> None:
    now = site.runtime.clock.now()
    bought(site, status=ParcelStatus.IN_TRANSIT, parcel={"estimated_at": now})
    other = Parcel(
        "t2",
        "13",
        now,
        ParcelStatus.IN_TRANSIT,
        shipped_at=now - timedelta(days=1),
        estimated_at=now + timedelta(days=1),
    )
    put(site, Platform.WOOCOMMERCE, parcels=(other,))
    assert headline(page(site)) == "Your order is on its way, likely here today to tomorrow"


def test_what_is_not_sent_yet_has_a_card_of_its_own(site: Site) -> None:
    bought(site, status=ParcelStatus.IN_TRANSIT, parcel={"lines": (LineQuantity("l1", 2),)})
    text = page(site)
    assert headline(text) == "Part of your order is on its way"
    rest = text[text.index("The rest, not sent yet") :].partition("</section>")[0]
    assert "Bulb" in rest and "Lampshade" not in rest


def test_what_was_given_back_is_not_awaited(site: Site) -> None:
    now = site.runtime.clock.now()
    refund = Refund("r1", "13", now, 3270, (LineQuantity("l2", 1),))
    bought(
        site,
        status=ParcelStatus.IN_TRANSIT,
        parcel={"lines": (LineQuantity("l1", 2),)},
        refunds=(refund,),
    )
    text = page(site)
    assert "The rest, not sent yet" not in text
    assert headline(text) == "Your order is on its way"
    assert "refunded" in text


def test_of_two_pieces_one_given_back_and_one_sent_none_is_awaited(site: Site) -> None:
    now = site.runtime.clock.now()
    refund = Refund("r1", "13", now, 2500, (LineQuantity("l1", 1),))
    inside = (LineQuantity("l1", 1), LineQuantity("l2", 1))
    bought(site, status=ParcelStatus.IN_TRANSIT, parcel={"lines": inside}, refunds=(refund,))
    text = page(site)
    assert "The rest, not sent yet" not in text and "1 of them refunded" in text


@pytest.mark.parametrize(
    ("state", "exchange", "pieces", "words"),
    [
        (ReturnState.REQUESTED, False, 2, "Linen, 2 pieces, return asked for"),
        (ReturnState.OPEN, False, 1, "Linen, 2 pieces, 1 of them: return agreed"),
        (ReturnState.CLOSED, True, 2, "Linen, 2 pieces, exchanged"),
        (ReturnState.DECLINED, False, 2, "Linen, 2 pieces<"),
        (ReturnState.CANCELLED, False, 2, "Linen, 2 pieces<"),
    ],
)
def test_what_goes_back_is_said_of_its_line(
    site: Site, state: ReturnState, exchange: bool, pieces: int, words: str
) -> None:
    bought(site)
    back = Return("r1", "13", START, state, lines=(LineQuantity("l1", pieces),), exchange=exchange)
    put(site, Platform.WOOCOMMERCE, returns=(back,))
    assert words in page(site)


def test_each_number_of_a_parcel_in_pieces_has_its_link(site: Site) -> None:
    also = (
        Tracking("NP2", "https://carrier.example/NP2"),
        Tracking("NP3"),
        Tracking("NP4", "http://x.example/"),
    )
    first = {"tracking_number": "NP1", "tracking_url": "https://carrier.example/NP1", "also": also}
    bought(site, status=ParcelStatus.IN_TRANSIT, parcel=first)
    text = page(site)
    assert all(f"NP{n}" in text for n in (1, 2, 3, 4))
    assert re.findall(r'href="https://carrier\.example/(\w+)"', text) == ["NP1", "NP2"]
    assert "http://x.example" not in text


def test_neither_address_nor_payment_is_shown(site: Site) -> None:
    bought(site, total=123456)
    text = page(site)
    for secret in ("Lindenhof", "Leipzig", "04109", "Berg", "mia@", "Bank transfer", "1,234", "1234"):
        assert secret not in text


def test_the_newest_event_is_the_summary_of_the_rest(site: Site) -> None:
    now = site.runtime.clock.now()
    scans = tuple(
        ParcelEvent(f"s{n}", "t1", "13", ParcelStatus.IN_TRANSIT, now - timedelta(hours=9 - n), f"Stop {n}")
        for n in range(4)
    )
    bought(site, status=ParcelStatus.IN_TRANSIT, scans=scans)
    text = page(site)
    summary = re.search(r"<summary><span>Stop 3<br>", text)
    assert summary and "Show all 4 events" in text
    assert text.index("Stop 2") < text.index("Stop 0")


def test_times_are_those_of_the_shop(site: Site) -> None:
    with site.runtime.database.nobody() as session:
        session.execute(sql("UPDATE shops SET timezone = 'Pacific/Kiritimati'"))
    at = site.runtime.clock.now().replace(hour=12, minute=5)
    scan = ParcelEvent("s", "t1", "13", ParcelStatus.IN_TRANSIT, at - timedelta(days=3), "Stop")
    bought(site, status=ParcelStatus.IN_TRANSIT, scans=(scan,))
    assert "2:05" in page(site), "12:05 in UTC is 02:05 the next day there"


def test_another_shop_s_order_is_not_there(site: Site) -> None:
    bought(site, Platform.SHOPIFY)
    assert site.client.get(link(site, "tracking", "13")).status_code == 404


@pytest.mark.parametrize(
    ("asked", "told", "language"),
    [
        ("de-AT,de;q=0.9", "Diese Seite gibt es nicht", "de"),
        ("fi, zh-TW;q=0.9, en;q=0.8", "找不到這個頁面", "zh-Hant"),
        ("zh-CN", "没有找到这个页面", "zh-Hans"),
        ("fi", "This page is not here", "en"),
    ],
)
def test_a_broken_link_is_answered_in_the_reader_s_language(
    site: Site, asked: str, told: str, language: str
) -> None:
    answer = site.client.get("/t/nothing", headers={"Accept-Language": asked})
    assert answer.status_code == 404
    assert told in answer.text and f'<html lang="{language}">' in answer.text
