"""Published reviews are owed to the shop's own list: all of them, under one key each, and taken out again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest

from app.services.feature_switch import turn_off, turn_on
from app.services.features import OWN_REVIEWS
from app.services.forget import forget_person
from app.services.moderation import keep_back, publish_chosen
from app.services.reviews import Submitted, Writer, submit_reviews
from connectors.base import Reading
from connectors.news import PrivacyAsk, PrivacyKind
from tests.app.desk import Desk, an_order, connect_shop
from tests.app.services.statements import counted

TALL, MIA = "10", "mia@example.com"


def buy(desk: Desk, *orders: str, email: str = MIA) -> None:
    desk.read(Reading(orders=tuple(an_order(id=one, number=one, email=email) for one in orders)))


def wrote(desk: Desk, order: str, *, stars: int = 5, body: str = "Fine", title: str = "", email: str = MIA,
          name: str = "Mia", product: str = TALL) -> None:  # fmt: skip
    desk.now += timedelta(minutes=1)
    writer = Writer(desk.shop_id, order, 1, email, name, "en")
    sent = [Submitted(product, stars, title, body)]
    assert submit_reviews(desk.database, desk.keys, writer, sent, desk.now, desk.real) == 1


def switch(desk: Desk, on: bool) -> None:
    with desk.database.shops(desk.shop_id) as session:
        if on:
            turn_on(session, desk.shop_id, OWN_REVIEWS, "Kim", desk.now, desk.real)
        else:
            turn_off(session, desk.shop_id, OWN_REVIEWS, "Kim", desk.now, desk.real)


def ids(desk: Desk, orders: Collection[str] = ()) -> list[int]:
    rows = desk.rows("SELECT id, order_id FROM reviews ORDER BY id")
    return [row.id for row in rows if not orders or row.order_id in orders]


def publish(desk: Desk, *orders: str) -> None:
    desk.now += timedelta(minutes=1)
    with desk.database.shops(desk.shop_id) as session:
        chosen = ids(desk, orders)
        publish_chosen(session, desk.shop_id, chosen, "Kim", desk.now, desk.now, desk.real)


def take_down(desk: Desk, order: str, reason: str = "personal_data") -> None:
    desk.now += timedelta(minutes=1)
    with desk.database.shops(desk.shop_id) as session:
        (one,) = ids(desk, [order])
        assert keep_back(session, desk.shop_id, one, reason, "Kim", desk.now, desk.now, desk.real)


def owed(desk: Desk) -> list[tuple[str, int, str]]:
    rows = desk.rows("SELECT body FROM store_writes WHERE kind = 'post_review' ORDER BY asked_at, key")
    return sorted((row.body["text"], row.body["stars"], row.body["place"]) for row in rows)


def done(desk: Desk, **changes: Any) -> None:
    """The job has written all of it."""
    answer = '{"reference": "77", "already": false}'
    desk.rows(
        "UPDATE store_writes SET state = :state, answer = :answer, attempts = 1 RETURNING key",
        state=changes.get("state", "done"),
        answer=changes.get("answer", answer),
    )
    desk.real += timedelta(minutes=1)


def test_it_is_off_at_first_and_then_every_published_one_is_owed(desk: Desk) -> None:
    buy(desk, "1", "2", "3", "4")
    for order, stars in (("1", 5), ("2", 1), ("3", 3), ("4", 2)):
        wrote(desk, order, stars=stars, body=f"of {order}")
    publish(desk, "1", "2")
    assert owed(desk) == []
    switch(desk, True)
    assert owed(desk) == [("of 1", 5, "listed"), ("of 2", 1, "listed")]
    publish(desk, "3")
    assert owed(desk)[-1] == ("of 3", 3, "listed")  # and the fourth waits for its decision
    (row,) = desk.rows("SELECT body FROM store_writes WHERE body->>'text' = 'of 3'")
    assert row.body == {
        "product_id": TALL, "order_id": "3", "stars": 3, "text": "of 3", "name": "Mia", "email": MIA,
        "place": "listed", "reference": "",
    }  # fmt: skip


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
def test_stars_decide_nothing(desk: Desk, stars: int) -> None:
    switch(desk, True)
    buy(desk, "1")
    wrote(desk, "1", stars=stars)
    publish(desk)
    assert owed(desk) == [("Fine", stars, "listed")]


@pytest.mark.parametrize(
    ("title", "body", "text"),
    [("Good", "Bright.", "Good\n\nBright."), ("Good", "", "Good"), ("", "", "★★★★☆")],
)
def test_a_headline_is_the_first_line_and_stars_alone_are_drawn(
    desk: Desk, title: str, body: str, text: str
) -> None:
    switch(desk, True)
    buy(desk, "1")
    wrote(desk, "1", stars=4, title=title, body=body)
    publish(desk)
    assert owed(desk) == [(text, 4, "listed")]


def test_one_that_is_taken_down_is_taken_out_by_its_number(desk: Desk) -> None:
    switch(desk, True)
    buy(desk, "1")
    wrote(desk, "1")
    publish(desk)
    done(desk)
    take_down(desk, "1")
    (row,) = desk.rows("SELECT state, body FROM store_writes")
    assert (row.state, row.body["place"], row.body["reference"]) == ("open", "removed", "77")
    done(desk)
    publish(desk)  # after all
    assert owed(desk) == [("Fine", 5, "listed")]


def test_one_that_was_kept_back_is_owed_nothing(desk: Desk) -> None:
    switch(desk, True)
    buy(desk, "1")
    wrote(desk, "1")
    take_down(desk, "1", "spam")
    assert owed(desk) == []


def test_one_that_is_rewritten_leaves_at_once_and_comes_back_in_new_words(desk: Desk) -> None:
    switch(desk, True)
    buy(desk, "1")
    wrote(desk, "1", body="Old")
    publish(desk)
    done(desk)
    wrote(desk, "1", body="New", stars=2)
    assert owed(desk) == [("Old", 5, "held")]
    done(desk)
    publish(desk)
    assert owed(desk) == [("New", 2, "listed"), ("Old", 5, "removed")]


def test_other_stars_under_the_same_words_are_one_review(desk: Desk) -> None:
    switch(desk, True)
    buy(desk, "1")
    wrote(desk, "1", stars=5)
    publish(desk)
    done(desk)
    wrote(desk, "1", stars=2)
    assert owed(desk) == [("Fine", 5, "held")]
    publish(desk)
    assert owed(desk) == [("Fine", 2, "listed")]


def test_the_same_words_of_two_orders_are_one_and_stay_until_both_are_gone(desk: Desk) -> None:
    """The shop takes them once; taking one down must not take the other's words."""
    switch(desk, True)
    buy(desk, "1", "2")
    buy(desk, "3", email="kim@example.com")
    for order, email in (("1", MIA), ("2", MIA), ("3", "kim@example.com")):
        wrote(desk, order, email=email)
    publish(desk)
    assert owed(desk) == [("Fine", 5, "listed")] * 2
    done(desk)
    take_down(desk, "1")
    assert owed(desk) == [("Fine", 5, "listed")] * 2
    take_down(desk, "2")
    assert owed(desk) == [("Fine", 5, "listed"), ("Fine", 5, "removed")]


def test_what_is_in_the_list_leaves_it_also_when_it_is_off(desk: Desk) -> None:
    switch(desk, True)
    buy(desk, "1", "2")
    wrote(desk, "1", body="One")
    wrote(desk, "2", body="Two")
    publish(desk)
    done(desk)
    switch(desk, False)
    assert owed(desk) == [("One", 5, "listed"), ("Two", 5, "listed")]  # what arrived stays
    take_down(desk, "1", "illegal")
    assert owed(desk) == [("One", 5, "removed"), ("Two", 5, "listed")]
    buy(desk, "3")
    wrote(desk, "3", body="Three")
    publish(desk, "3")
    assert owed(desk)[0:2] == [("One", 5, "removed"), ("Two", 5, "listed")] and len(owed(desk)) == 2
    take_down(desk, "3")  # it may have come there before the switch was thrown
    assert ("Three", 5, "removed") in owed(desk)


def test_turned_off_what_was_not_begun_is_not_posted_and_what_was_is_taken_back(desk: Desk) -> None:
    switch(desk, True)
    buy(desk, "1", "2")
    wrote(desk, "1", body="One")
    publish(desk)
    done(desk, state="open", answer=None)  # begun, and nobody knows how it ended
    wrote(desk, "2", body="Two")
    publish(desk)
    switch(desk, False)
    assert owed(desk) == [("One", 5, "removed")]
    (row,) = desk.rows("SELECT attempts FROM store_writes")
    assert row.attempts == 1  # whoever has it in hand is waited for
    switch(desk, True)
    assert owed(desk) == [("One", 5, "listed"), ("Two", 5, "listed")]


def test_turned_on_again_nothing_is_posted_twice(desk: Desk) -> None:
    switch(desk, True)
    buy(desk, "1")
    wrote(desk, "1")
    publish(desk)
    done(desk)
    switch(desk, False)
    switch(desk, True)
    (row,) = desk.rows("SELECT state FROM store_writes")
    assert row.state == "done"


def test_who_was_forgotten_is_owed_nothing_any_more(desk: Desk) -> None:
    switch(desk, True)
    buy(desk, "1", "2")
    wrote(desk, "1", body="One")
    wrote(desk, "2", body="Two")
    publish(desk, "1")
    done(desk)
    ask = PrivacyAsk(PrivacyKind.FORGET_PERSON, "k", "", MIA, "", ("1",))
    forget_person(desk.database, desk.keys, desk.shop_id, ask, desk.now, desk.real)
    assert owed(desk) == []
    take_down(desk, "1")
    switch(desk, False)
    switch(desk, True)
    assert owed(desk) == []


def test_asking_costs_the_same_for_one_as_for_fifty(desk: Desk) -> None:
    switch(desk, True)
    many = [str(number) for number in range(100, 150)]
    buy(desk, "1", *many)
    for order in ("1", *many):
        wrote(desk, order, body=f"of {order}", product=f"p{order}")
    with counted(desk.database) as one:
        publish(desk, "1")
    with counted(desk.database) as fifty:
        publish(desk, *many)
    # One review's product is named in the list of changes.
    assert len(one) == len(fifty) + 1
    assert len(owed(desk)) == 51


def test_another_shops_reviews_are_its_own(desk: Desk) -> None:
    other = connect_shop(desk.database, "other.example")
    switch(desk, True)
    for one in (desk, other):
        buy(one, "1")
        wrote(one, "1", body=f"in {one.shop_id}")
        publish(one)
    assert (owed(desk), owed(other)) == ([(f"in {desk.shop_id}", 5, "listed")], [])
