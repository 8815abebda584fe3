"""The flows that help and thank, told as stories: which mail comes when, what ends it, what it waits for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flows.commerce import Address
from flows.content import Content
from flows.events import Event, EventKind
from flows.facts import FlowSetting
from flows.flow import Flow
from flows.journey import JourneyStatus
from flows.picture import OrderPicture
from flows.presets import preset
from tests.flows.life import Life
from tests.flows.pictures import BEANS, MUG, ON, SHOP, T0, line, order, parcel, picture, refund

DAY = timedelta(days=1)
CHICAGO = ZoneInfo("America/Chicago")
ARRIVED = T0 + 3 * DAY
WORDS = Content("Charge it fully.", "https://shop.example/guide", product_id="p-mug")
SLOTS = ("story", "prepare", "guide", "course_1", "course_2", "course_3", "care", "gift", "vip")
ALL = dict.fromkeys(SLOTS, WORDS)
GRINDER = line("grinder")


def flows(*keys: str) -> tuple[Flow, ...]:
    return tuple(preset(key) for key in keys)


def life(*keys: str, of: OrderPicture | None = None, **facts: Any) -> Life:
    """The order has just been placed, and everything is written."""
    told = Life(of or picture(), T0, flows(*keys), other_facts={"content": ALL, **facts})
    told.see(told.picture)
    return told


def delivered(told: Life, at: datetime = ARRIVED) -> Life:
    of = told.picture
    told.see(replace(of, parcels=(parcel(lines=of.order.lines, delivered_at=at),)), at)
    return told


def hear(told: Life, kind: EventKind, at: datetime) -> None:
    told.run_until(at)
    told.hear([Event(kind, f"order:13:{kind.value}", "order:13", "13", told.now)])


def mails(told: Life, days: int = 2000) -> list[str]:
    """Every mail with the day after the order and the shop's time of day (summer time begins on day 6)."""
    told.run_until(T0 + days * DAY)
    first = T0.astimezone(CHICAGO).date()
    found = []
    for one in told.sent:
        wall = one.at.astimezone(CHICAGO)
        found.append(f"{one.step} {(wall.date() - first).days} {wall:%H:%M}")
    return found


def ended(told: Life, key: str) -> str | None:
    return told.journey(key).end_reason


# Welcome


def test_a_first_buyer_hears_the_story_the_next_morning() -> None:
    assert mails(life("first_buyer_welcome")) == ["welcome 1 10:00"]


def test_who_comes_back_gets_the_short_thanks_and_needs_no_story() -> None:
    assert mails(life("first_buyer_welcome", orders_before=1, content={})) == ["thanks 1 10:00"]


def test_without_a_story_a_first_buyer_gets_nothing_and_the_reason_says_so() -> None:
    told = life("first_buyer_welcome", content={})
    assert mails(told) == []
    assert ended(told, "first_buyer_welcome") == "has_words"


def test_a_story_that_was_taken_away_meanwhile_is_not_told() -> None:
    told = life("first_buyer_welcome")
    told.other_facts = {"content": {}}
    assert mails(told) == []
    assert ended(told, "first_buyer_welcome") == "done"


@pytest.mark.parametrize("kind", [EventKind.ORDERED_AGAIN, EventKind.UNSUBSCRIBED])
def test_the_welcome_ends_when_they_order_again_or_leave(kind: EventKind) -> None:
    told = life("first_buyer_welcome")
    hear(told, kind, T0 + timedelta(hours=2))
    assert mails(told) == []
    assert ended(told, "first_buyer_welcome") == kind.value


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"source": "pos"}, "not_pos"),
        ({"is_test": True}, "not_a_test"),
        ({"is_renewal": True}, "not_a_renewal"),
    ],
)
def test_who_is_not_welcomed(change: dict[str, Any], reason: str) -> None:
    told = life("first_buyer_welcome", of=picture(order(**change)))
    assert mails(told) == []
    assert ended(told, "first_buyer_welcome") == reason


# Personal thanks

LARGE = picture(order(total=20_000))


def test_a_large_order_is_thanked_for_in_person_in_place_of_the_welcome() -> None:
    told = life("first_buyer_welcome", "vip_thank_you", of=LARGE, vip=ON)
    assert mails(told) == ["note 1 10:00"]
    assert ended(told, "first_buyer_welcome") == "vip_is_not_thanked"


def test_an_order_a_cent_below_is_welcomed() -> None:
    of = picture(order(total=19_999))
    told = life("first_buyer_welcome", "vip_thank_you", of=of, vip=ON)
    assert mails(told) == ["welcome 1 10:00"]
    assert ended(told, "vip_thank_you") == "total_at_least"


def test_where_the_personal_thanks_are_off_the_welcome_stays() -> None:
    told = life("first_buyer_welcome", of=LARGE, vip=FlowSetting(False, T0))
    assert mails(told) == ["welcome 1 10:00"]


def test_the_merchant_s_threshold_counts_for_both() -> None:
    setting = replace(ON, knobs={"least_total": 500})
    told = Life(picture(), T0, flows("first_buyer_welcome", "vip_thank_you"), {"vip_thank_you": setting})
    told.other_facts = {"content": ALL, "vip": setting}
    told.see(told.picture)
    assert mails(told) == ["note 1 10:00"]


def test_money_of_another_currency_is_not_compared() -> None:
    told = life("vip_thank_you", of=LARGE, shop=replace(SHOP, currency="EUR"))
    assert mails(told) == []


def test_a_personal_note_needs_no_words_of_the_merchant() -> None:
    assert mails(life("vip_thank_you", of=LARGE, content={})) == ["note 1 10:00"]


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

AUNT = Address("Rose Fell", line1="7 Hill Road")
HOME = Address("Ada Bell", line1="1 Mill Lane")


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
