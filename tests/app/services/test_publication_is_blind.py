"""Shoppers with random stars in one shop, the same with other stars in another: what the shop is shown,
decides and publishes differs by nothing, and what is published says every star that was given."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from app.db import Database
from app.models.review import REJECTIONS
from app.queries.moderation import held_reviews
from app.queries.reviews import summary
from app.services.moderation import keep_back, publish_chosen
from app.services.reviews import Submitted, Writer, submit_reviews
from connectors.base import Reading
from flows.presets import preset
from tests.app.desk import START, Desk, a_product, an_order, connect_shop
from tests.proof import Count, Figure

PAGE = 100
FLOWS = (preset("review_request"), preset("review_reply"))


@pytest.mark.timeout(3000)
def test_what_is_published_differs_by_nothing_between_stars(
    db: Database, count: Count, figure: Figure
) -> None:
    shoppers = count(60, 10_000)
    random = Random(3)
    given = [random.randint(1, 5) for _ in range(shoppers)]
    others = [random.randint(1, 5) for _ in range(shoppers)]
    one = connect_shop(db, "one.example", flows=FLOWS)
    two = connect_shop(db, "two.example", flows=FLOWS)
    shown = [_lived(desk, stars) for desk, stars in ((one, given), (two, others))]
    assert shown[0] == shown[1], "the same reviews, in the same order, are shown to the shop"
    found = [_published(desk) for desk in (one, two)]
    assert found[0] == found[1] and 0 < len(found[0]) < shoppers
    for desk, stars in ((one, given), (two, others)):
        with desk.database.shops(desk.shop_id) as session:
            public = summary(session, desk.shop_id, "p1")
        published = Counter(stars[int(order)] for order in found[0])
        assert {star: n for star, n in public.distribution.items() if n} == dict(published)
    answers = [Counter(_answers(desk)) for desk in (one, two)]
    assert answers[0] == answers[1] and set(answers[0].values()) == {1}
    figure("shown", len(shown[0]))
    figure("published", len(found[0]))
    figure("answered", answers[0].total())


def _lived(desk: Desk, stars: list[int]) -> list[str]:
    """Everybody orders and writes; then the shop decides page by page. Returns what it was shown."""
    for start in range(0, len(stars), 500):
        numbers = range(start, min(start + 500, len(stars)))
        orders = tuple(
            replace(an_order(), id=str(n), number=str(n), email=f"person{n}@example.com") for n in numbers
        )
        desk.read(Reading(orders=orders, products=(a_product(),)))
    for number, given in enumerate(stars):
        now = START + timedelta(days=9, seconds=number)
        writer = Writer(desk.shop_id, str(number), 1, f"person{number}@example.com", "Mia B.", "en")
        submit_reviews(desk.database, desk.keys, writer, [Submitted("p1", given)], now, desk.real)
    desk.now = START + timedelta(days=20)
    return _decided(desk, Random(8), desk.now)


def _decided(desk: Desk, random: Random, now: datetime) -> list[str]:
    """Each review is published or kept back by a coin: whoever decides knows no stars."""
    shown: list[str] = []
    reasons = sorted(REJECTIONS)
    with desk.database.shops(desk.shop_id) as session:
        while held := held_reviews(session, desk.shop_id, PAGE):
            shown += [review.order_number for review in held]
            good = [review.id for review in held if random.random() < 0.7]
            assert publish_chosen(session, desk.shop_id, good, "Kim", now, now, desk.real) == len(good)
            for review in held:
                if review.id not in good:
                    why = random.choice(reasons)
                    assert keep_back(session, desk.shop_id, review.id, why, "Kim", now, now, desk.real)
    return shown


def _published(desk: Desk) -> list[str]:
    rows = desk.rows("SELECT order_id FROM reviews WHERE state = 'published' ORDER BY submitted_at")
    return [row.order_id for row in rows]


def _answers(desk: Desk) -> list[str]:
    rows = desk.rows("SELECT order_id FROM messages WHERE flow_key = 'review_reply'")
    return [row.order_id for row in rows]
