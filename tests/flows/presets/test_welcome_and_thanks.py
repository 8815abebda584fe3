"""The welcome and the personal thanks that take its place: who gets which, and what ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.events import EventKind
from flows.facts import FlowSetting
from tests.flows.happenings import hear, mails
from tests.flows.help_life import ALL, LARGE, ended, life
from tests.flows.life import Life, flows
from tests.flows.pictures import ON, SHOP, T0, order, picture


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
