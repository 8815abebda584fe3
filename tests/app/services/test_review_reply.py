"""The answer to a review, from the form to the ledger: one for an order, by what disappointed most."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.services.reviews import Submitted, Writer, submit_reviews
from connectors.base import Reading
from flows.commerce import OrderLine, ParcelStatus, Shipped
from tests.app.desk import START, Desk, a_parcel, an_order

DELIVERED = START + timedelta(days=2)
LAMP = OrderLine("l1", "Lamp", 1, 4000, product_id="p1")
BULB = OrderLine("l2", "Bulb", 1, 4270, product_id="p2")


def review(desk: Desk, **stars: int) -> None:
    desk.now = DELIVERED
    order = an_order(shipped=Shipped.ALL, lines=(LAMP, BULB))
    parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=DELIVERED)
    desk.read(Reading(orders=(order,), parcels=(parcel,)))
    desk.now += timedelta(days=12)
    writer = Writer(desk.shop_id, "13", 1, order.email or "", "Mia B.", "en")
    sent = [Submitted(product, given) for product, given in stars.items()]
    submit_reviews(desk.database, desk.keys, writer, sent, desk.now, desk.real)


def answers(desk: Desk) -> list[tuple[str, timedelta]]:
    rows = desk.rows("SELECT template, due_at FROM messages WHERE flow_key = 'review_reply' ORDER BY id")
    return [(row.template, row.due_at - desk.now) for row in rows]


@pytest.mark.parametrize(
    ("stars", "template"),
    [
        ({"p1": 5}, "review_reply/share"),
        ({"p1": 4, "p2": 5}, "review_reply/share"),
        ({"p1": 3}, "review_reply/put_right"),
        ({"p1": 5, "p2": 1}, "review_reply/put_right"),
    ],
)
def test_one_answer_at_once(desk: Desk, stars: dict[str, int], template: str) -> None:
    review(desk, **stars)
    assert answers(desk) == [(template, timedelta(0))]


def test_a_review_that_is_rewritten_is_not_answered_again(desk: Desk) -> None:
    review(desk, p1=2)
    writer = Writer(desk.shop_id, "13", 1, "mia@example.com", "Mia B.", "en")
    submit_reviews(desk.database, desk.keys, writer, [Submitted("p1", 5)], desk.now, desk.real)
    assert [template for template, _ in answers(desk)] == ["review_reply/put_right"]
