"""One mail: the answer first, its rules with values, the mail, and what else this order got."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.services.unsubscribe import suppress
from flows.commerce import OrderLine, ParcelStatus, Platform, Shipped
from tests.app.desk import START, a_parcel, a_refund, an_order
from tests.app.web.admin.mails import Counter
from tests.app.web.conftest import Site


@pytest.fixture
def counter(site: Site) -> Counter:
    counter = Counter(site)
    counter.open_flows()
    return counter


def delivered(counter: Counter, **changes: object) -> None:
    counter.now = START + timedelta(days=2)
    parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=counter.now, at=counter.now)
    counter.read(orders=(an_order(shipped=Shipped.ALL, number="#13", **changes),), parcels=(parcel,))


def refunded(counter: Counter) -> None:
    delivered(counter)
    counter.now = START + timedelta(days=3)
    order = an_order(
        version=counter.now, shipped=Shipped.ALL, number="#13", refunded=8270, fully_refunded=True
    )
    counter.read(orders=(order,), refunds=(a_refund(),))


def only_id(counter: Counter, flow: str = "order_confirmation") -> int:
    (row,) = counter.sql("SELECT id FROM messages WHERE flow_key = :flow", flow=flow)
    return int(row.id)


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_journey_that_ended_tells_why_and_what_would_have_changed_it(counter: Counter) -> None:
    refunded(counter)
    status, page = counter.get("/messages/order/13/review_request")
    words = words_of(page)
    assert status == 200
    assert "Not sent, because the order was refunded in full . Everything else allowed it." in words
    assert "It would have gone out if the order had not been refunded in full." in words
    assert "This journey has ended; changing it now does not restart it." in words
    assert page.count("data-blocks") >= 1
    assert "As it would have looked" in words
    assert "Wednesday 4 November" in words or "4 Nov" in words


def test_only_what_kept_it_back_stands_out(counter: Counter) -> None:
    delivered(counter)
    hashed = counter.site.runtime.keys.address_hash(counter.shop_id, "mia@example.com")
    suppress(counter.site.runtime.database, counter.shop_id, hashed, "*", "complaint", counter.now)
    counter.sql("UPDATE messages SET state = 'skipped', reason = 'complaint', reasons = '[]'")
    number = only_id(counter)
    words = words_of(counter.get(f"/messages/{number}")[1])
    assert "Not sent, because they marked an earlier mail as spam" in words
    assert counter.get(f"/messages/{number}")[1].count("data-blocks") == 1


def test_a_waiting_mail_says_when_and_how_it_looks(counter: Counter) -> None:
    counter.buy("13")
    page = counter.get(f"/messages/{only_id(counter)}")[1]
    words = words_of(page)
    assert "Waits until Monday 2 November, 09:01 ." in words
    assert "data-blocks" not in page
    assert "As it looks now. They are asked again when it is due." in words


def test_a_sent_mail_says_why_and_what_came_after(counter: Counter) -> None:
    counter.buy("13")
    number = only_id(counter)
    counter.sql(
        "UPDATE messages SET state = 'sent', sent_at = due_at, provider = 'smtp', attempts = 1,"
        " subject = 'Thank you, Mia', message_id = '<1@mail.example>'"
    )
    counter.sql(
        "INSERT INTO message_events (shop_id, message_id, kind, at, data) VALUES (:shop, :id, 'clicked', :at,"
        """ '{"to": "tracking", "path": "/apps/doorstep/t"}')""",
        id=number,
        at=counter.now,
    )
    words = words_of(counter.get(f"/messages/{number}")[1])
    assert "Sent, because the order was placed and every rule allowed it." in words
    assert "As it was sent" in words
    assert "Written again from today's facts" in words
    assert "Thank you, Mia" in words
    assert "Clicked, to the tracking page" in words
    assert "Handed to smtp, 1 attempt" in words


def test_the_mail_is_shown_in_a_frame_that_does_nothing(counter: Counter) -> None:
    counter.buy("13", first_name="<script>alert(1)</script>")
    number = only_id(counter)
    light = counter.get(f"/messages/{number}")[1]
    assert '<iframe title="The mail" sandbox srcdoc="' in light
    assert "<script>alert" not in light
    dark, plain = (counter.get(f"/messages/{number}?part={part}")[1] for part in ("dark", "text"))
    assert "@media all" in dark
    assert "<iframe" not in plain
    assert counter.get(f"/messages/{number}?part=nonsense")[0] == 200


def test_a_flow_that_did_not_start_has_a_page(counter: Counter) -> None:
    counter.buy("13", is_test=True)
    words = words_of(counter.get("/messages/order/13/order_confirmation")[1])
    assert "Not started, because it was a test order . Everything else allowed it." in words
    assert "It would have started if it had not been a test order." in words
    words = words_of(counter.get("/messages/order/13/shipped")[1])
    assert "Not started yet, because a parcel has not left" in words


def test_each_parcel_is_told(counter: Counter) -> None:
    counter.now = START + timedelta(days=1)
    lines = (OrderLine("l1", "Lampshade", 1, 100, product_id="p1"), OrderLine("l2", "Bulb", 1, 100))
    counter.read(
        orders=(an_order(lines=lines),), parcels=(a_parcel(id="t1"), a_parcel(id="t2", tracking_number="2"))
    )
    words = words_of(counter.get("/messages/order/13/shipped")[1])
    assert "One for each parcel" in words
    assert words.count("On its way, parcel") == 2


def test_what_is_not_of_this_shop_is_not_there(counter: Counter, site: Site) -> None:
    counter.buy("13")
    number = only_id(counter)
    other = Counter(site, Platform.SHOPIFY)
    for path in (
        f"/messages/{number}",
        "/messages/order/13/order_confirmation",
        "/messages/9223372036854775808",
        "/messages/0",
    ):
        assert other.get(path)[0] == 404, path
    for path in ("/messages/order/13/no_flow", "/messages/order/99/shipped", "/messages/order/%00/shipped"):
        assert counter.get(path)[0] == 404, path


def test_a_mail_whose_order_is_forgotten_is_still_told(counter: Counter) -> None:
    counter.buy("13")
    number = only_id(counter)
    counter.sql("UPDATE messages SET state = 'skipped', reason = 'order_not_stored'")
    counter.sql("DELETE FROM orders")
    status, page = counter.get(f"/messages/{number}")
    assert status == 200
    assert "the order is not known any more" in page
    assert "There is nothing to show." in page


def test_the_store_s_own_message_is_named(counter: Counter) -> None:
    refunded(counter)
    (row,) = counter.sql(
        "INSERT INTO inbox (shop_id, topic, dedupe, body, received_at, state, attempts, next_at)"
        " VALUES (:shop, 'order.updated', 'x', '', :at, 'done', 1, :at) RETURNING id",
        at=counter.now,
    )
    counter.sql("UPDATE events SET inbox_id = :inbox WHERE kind = 'OrderRefunded'", inbox=row.id)
    words = words_of(counter.get("/messages/order/13/review_request")[1])
    assert "From your shop's message “order updated” (webhook order.updated, no. " in words
    assert "received 5 Nov, 09:00:00" in words
