"""The flows that help, told as stories: which mail comes when, what ends it, what it waits for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from flows.commerce import Address
from flows.events import Event, EventKind
from flows.journey import JourneyStatus
from flows.picture import OrderPicture
from flows.presets import preset
from tests.flows.happenings import ARRIVED, DAY, delivered, hear, mails
from tests.flows.help_life import GRINDER, LARGE, SLOTS, WORDS, ended, life
from tests.flows.life import Life
from tests.flows.pictures import BEANS, MUG, T0, line, order, parcel, picture, refund

# Before it arrives


def shipping(told: Life, at: datetime, estimate: datetime | None, *names: str) -> Life:
    parcels = tuple(parcel(name, shipped_at=at, estimated_at=estimate) for name in names or ("9",))
    told.see(replace(told.picture, parcels=parcels), at)
    return told


@pytest.mark.parametrize(
    ("shipped", "estimate", "mail"),
    [
        (1, None, "checklist 3 10:00"),
        (1, 10, "checklist 8 10:00"),
        (1, 4, "checklist 3 10:00"),
        (5, None, "checklist 5 10:00"),
        (5, 6, "checklist 5 10:00"),
    ],
)
def test_a_checklist_three_days_after_the_order_or_two_before_the_arrival(
    shipped: int, estimate: int | None, mail: str
) -> None:
    """The later of the two, and never before the parcel has left."""
    told = life("prepare_for_arrival")
    shipping(told, T0 + shipped * DAY, T0 + estimate * DAY if estimate else None)
    assert mails(told) == [mail]


def test_what_has_arrived_needs_no_preparing() -> None:
    told = life("prepare_for_arrival")
    delivered(shipping(told, T0 + DAY, T0 + 10 * DAY), T0 + 4 * DAY)
    assert mails(told) == []
    assert ended(told, "prepare_for_arrival") == "ParcelDelivered"


def test_of_several_parcels_the_first_is_prepared_for() -> None:
    told = life("prepare_for_arrival")
    shipping(told, T0 + DAY, None, "8", "9")
    assert mails(told) == ["checklist 3 10:00"]
    assert told.journeys["prepare_for_arrival", "parcel:9"].end_reason == "is_first_parcel"


def test_without_a_checklist_there_is_nothing_to_prepare() -> None:
    told = life("prepare_for_arrival", content={})
    shipping(told, T0 + DAY, None)
    assert mails(told) == []
    assert ended(told, "prepare_for_arrival") == "has_words"


# First steps


def test_a_plain_product_has_one_guide_the_day_after() -> None:
    assert mails(delivered(life("first_use_guide"))) == ["guide 4 10:00"]


def test_what_takes_learning_has_a_course_of_one_tip_a_week() -> None:
    told = delivered(life("first_use_guide", of=picture(order(GRINDER))))
    assert mails(told) == ["guide 4 10:00", "course_1 11 10:00", "course_2 18 10:00", "course_3 25 10:00"]


def test_a_week_without_a_tip_has_no_mail_and_the_others_keep_their_week() -> None:
    some = {slot: WORDS for slot in SLOTS if slot != "course_2"}
    told = delivered(life("first_use_guide", of=picture(order(GRINDER)), content=some))
    assert mails(told) == ["guide 4 10:00", "course_1 11 10:00", "course_3 25 10:00"]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [({"orders_before": 2}, "orders_at_most"), ({"content": {}}, "has_words")],
)
def test_who_gets_no_guide(facts: dict[str, Any], reason: str) -> None:
    told = delivered(life("first_use_guide", **facts))
    assert mails(told) == []
    assert ended(told, "first_use_guide") == reason


def test_a_second_order_still_has_a_guide() -> None:
    assert mails(delivered(life("first_use_guide", orders_before=1))) == ["guide 4 10:00"]


def test_a_return_ends_the_course() -> None:
    told = delivered(life("first_use_guide", of=picture(order(GRINDER))))
    hear(told, EventKind.RETURN_REQUESTED, T0 + 12 * DAY)
    assert mails(told) == ["guide 4 10:00", "course_1 11 10:00"]
    assert ended(told, "first_use_guide") == "ReturnRequested"


# Care


def test_what_lasts_is_cared_for_a_month_on_and_four_times_after() -> None:
    told = delivered(life("care_warranty", of=picture(order(line("sofa")))))
    assert mails(told) == [
        "care 33 10:00",
        "again_1 213 10:00",
        "again_2 393 10:00",
        "again_3 573 10:00",
        "again_4 753 10:00",
    ]


def test_coffee_is_not_cared_for() -> None:
    told = delivered(life("care_warranty", of=picture(order(BEANS))))
    assert mails(told) == []
    assert ended(told, "care_warranty") == "is_durable"


# Gifts

AUNT = Address("Rose Fell", line1="7 Hill Road", country="US")
HOME = Address("Ada Bell", line1="1 Mill Lane", country="US")


@pytest.mark.parametrize("change", [{"is_gift": True}, {"shipping_address": AUNT, "billing_address": HOME}])
def test_a_gift_has_tips_in_place_of_a_review_and_a_guide(change: dict[str, Any]) -> None:
    told = life("gift_guide", "review_request", "first_use_guide", of=picture(order(**change)))
    assert mails(delivered(told)) == ["tips 5 10:00"]
    assert ended(told, "review_request") == "not_a_gift"
    assert ended(told, "first_use_guide") == "not_a_gift"


def test_a_gift_that_never_arrives_has_no_tips() -> None:
    told = life("gift_guide", of=picture(order(is_gift=True)))
    assert mails(told) == []
    assert ended(told, "gift_guide") == "done"


def test_what_is_no_gift_has_none() -> None:
    told = delivered(life("gift_guide"))
    assert mails(told) == []
    assert ended(told, "gift_guide") == "is_gift"


# Answers to reviews


@pytest.mark.parametrize(
    ("stars", "step"), [(5, "share"), (4, "share"), (3, "put_right"), (2, "put_right"), (1, "put_right")]
)
def test_every_review_is_answered_at_once(stars: int, step: str) -> None:
    told = delivered(life("review_reply", stars=stars))
    hear(told, EventKind.REVIEW_SUBMITTED, T0 + 20 * DAY)
    assert mails(told) == [f"{step} 20 10:00"]


def test_two_reviews_of_one_order_have_one_answer() -> None:
    told = delivered(life("review_reply", stars=5))
    told.run_until(T0 + 20 * DAY)
    for product in ("p-mug", "p-beans"):
        key = f"review:13:{product}"
        told.hear([Event(EventKind.REVIEW_SUBMITTED, key, "order:13", "13", told.now)])
    assert mails(told) == ["share 20 10:00"]


# What ends all of them


@pytest.mark.parametrize(
    ("key", "of"),
    [
        ("first_buyer_welcome", picture()),
        ("vip_thank_you", LARGE),
        ("first_use_guide", picture(order(GRINDER))),
        ("care_warranty", picture(order(line("sofa")))),
        ("gift_guide", picture(order(is_gift=True))),
    ],
)
def test_a_refund_ends_each_of_them(key: str, of: OrderPicture) -> None:
    told = life(key, of=of)
    if preset(key).trigger is EventKind.ORDER_DELIVERED or key == "gift_guide":
        delivered(told, T0 + timedelta(hours=1))
    given_back = refund((of.order.lines[0], 1), at=T0 + timedelta(hours=2), amount=of.order.total)
    told.see(replace(told.picture, refunds=(given_back,)), T0 + timedelta(hours=2))
    assert mails(told) == []
    assert ended(told, key) == "OrderRefunded"
    assert told.journey(key).status is JourneyStatus.ENDED


def test_what_is_kept_decides_not_what_was_ordered() -> None:
    """The refund of the grinder leaves the mug, which takes no course."""
    told = delivered(life("first_use_guide", of=picture(order(GRINDER, MUG))))
    given_back = refund((GRINDER, 1), at=T0 + 3 * DAY, amount=1000)
    told.see(replace(told.picture, refunds=(given_back,)), ARRIVED + timedelta(hours=1))
    assert mails(told) == ["guide 4 10:00"]
