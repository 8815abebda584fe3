"""The line about earlier orders, the page behind it, and the press that agrees to a number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.services.intake import apply_readings
from app.services.locks import lock_shop
from connectors.base import Reading
from flows.commerce import ParcelStatus, Platform, Shipped
from tests.app.desk import KEYS, START, a_parcel, an_order
from tests.app.web.addresses import bearer
from tests.app.web.admin.hand import Hand, words_of

PAGE = "/flows/review_request"
EARLIER = f"{PAGE}/earlier"
LINE = "Ask for {} earlier orders too"


def imported(hand: Hand, platform: Platform, first: int, last: int) -> None:
    """Arrived two days before the connection."""
    site = hand.site
    shop = (site.shopify if platform is Platform.SHOPIFY else site.woocommerce).shop_id
    at = START - timedelta(days=2)
    numbers = [str(n) for n in range(first, last + 1)]
    orders = [an_order(id=n, number=n, at=at, shipped=Shipped.ALL) for n in numbers]
    told = {"status": ParcelStatus.DELIVERED, "delivered_at": at, "at": at}
    parcels = [a_parcel(id=f"t{n}", order_id=n, **told) for n in numbers]
    with site.runtime.database.shops(shop) as session:
        lock_shop(session, shop)
        # By whose law people are asked, where their order tells no country.
        session.execute(text("UPDATE shops SET country = 'DE' WHERE id = :shop"), {"shop": shop})
        reading = Reading(orders=tuple(orders), parcels=tuple(parcels))
        apply_readings(session, [(shop, reading)], KEYS, START, START, past=True)


@pytest.mark.parametrize("platform", list(Platform))
def test_a_merchant_asks_for_earlier_orders(hand: Hand, platform: Platform) -> None:
    imported(hand, platform, 1, 3)
    headers, prefix = bearer(hand.site, platform), f"/{platform.value}/app"
    assert "earlier order" not in words_of(hand.get(PAGE, platform)), "off: nothing to offer"
    hand.site.client.post(f"{prefix}{PAGE}/switch", data={"on": "1"}, headers=headers)
    assert LINE.format(3) in words_of(hand.get(PAGE, platform))
    assert "earlier order" not in words_of(hand.get("/flows/delivered", platform))
    assert "Ask for 3 earlier orders" in words_of(hand.get(EARLIER, platform))
    assert hand.rows("SELECT * FROM journeys") == [], "looking asks nobody"
    agreed = {"days": "30", "count": "3"}
    answer = hand.site.client.post(f"{prefix}{EARLIER}", data=agreed, headers=headers)
    assert answer.status_code == 200
    assert "3 earlier orders are in this flow now." in words_of(answer)
    assert "Nobody is left to ask." in words_of(hand.get(EARLIER, platform))
    assert len(hand.rows("SELECT * FROM journeys")) == 3
    page = words_of(hand.get(PAGE, platform))
    assert "Asked for 3 earlier orders too." in page and LINE.format(3) not in page


def test_a_number_that_has_changed_is_shown_again(hand: Hand) -> None:
    hand.switch(True)
    imported(hand, Platform.WOOCOMMERCE, 1, 4)
    answer = hand.post(EARLIER, days="14", count="3")
    assert answer.status_code == 409
    assert "the number has changed meanwhile" in words_of(answer)
    assert "Ask for 4 earlier orders" in words_of(answer)
    assert (hand.rows("SELECT * FROM journeys"), len(hand.changes())) == ([], 1)


def test_off_is_refused_in_words(hand: Hand) -> None:
    imported(hand, Platform.WOOCOMMERCE, 1, 2)
    answer = hand.post(EARLIER, days="30", count="2")
    assert answer.status_code == 409
    assert "This flow is off. Switch it on first." in words_of(answer)
    assert hand.rows("SELECT * FROM journeys") == []


@pytest.mark.parametrize("count", ["", "-1", "three", "9999999", "\u0663"])
def test_a_press_names_a_number(hand: Hand, count: str) -> None:
    assert hand.post(EARLIER, days="30", count=count).status_code == 400


def test_news_of_an_order_is_not_told_later(hand: Hand) -> None:
    assert hand.get("/flows/delivered/earlier").status_code == 404
    assert hand.post("/flows/shipped/earlier", count="1").status_code == 404
