"""Advertising that is read in Korea says so at the beginning of its subject; other mails do not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.services.preview import preview
from connectors.base import Reading
from flows.commerce import Address
from tests.app.desk import Desk, an_order
from tests.app.services.offers import NOON, Box, open_shop, plan, run
from tests.app.services.test_preview import Post

MIA = "mia@example.com"


def lives_in(desk: Desk, country: str, locale: str) -> None:
    home = Address(country=country)
    moved = an_order(
        id="0",
        number="0",
        email=MIA,
        at=NOON - timedelta(hours=1),
        version=desk.now,
        billing_address=home,
        shipping_address=home,
        locale=locale,
    )
    desk.read(Reading(orders=(moved,)))
    desk.rows("DELETE FROM messages RETURNING 1")


def subject_and_text(desk: Desk, flow: str, country: str, locale: str) -> tuple[str, str]:
    open_shop(desk, MIA)
    desk.now = desk.real = NOON + timedelta(hours={"KR": 15, "JP": 15}.get(country, 0))  # noon over there
    lives_in(desk, country, locale)
    plan(desk, flow)
    box = Box()
    assert run(desk, box) == [flow]
    return box.mails[0].subject, box.mails[0].text


@pytest.mark.parametrize(
    ("locale", "out"), [("ko-KR", "수신거부 (Unsubscribe)"), ("en", "Unsubscribe / 수신거부")]
)
def test_an_offer_is_marked_and_names_the_way_out_in_both_languages(
    desk: Desk, locale: str, out: str
) -> None:
    subject, text = subject_and_text(desk, "win_back", "KR", locale)
    assert subject.startswith("(광고) ")
    assert out in text


@pytest.mark.parametrize(
    ("flow", "country", "locale"),
    [("shipped", "KR", "ko-KR"), ("win_back", "US", "en"), ("win_back", "JP", "ko-KR")],
)
def test_mails_about_orders_and_readers_elsewhere_are_not_marked(
    desk: Desk, flow: str, country: str, locale: str
) -> None:
    assert "광고" not in subject_and_text(desk, flow, country, locale)[0]


def test_a_preview_shows_the_mark(desk: Desk) -> None:
    open_shop(desk, MIA)
    desk.now = desk.real = NOON
    lives_in(desk, "KR", "ko-KR")
    with desk.database.shops(desk.shop_id) as session:
        offer, parcel = (
            preview(session, Post(), desk.shop_id, template, order_id="0", keys=desk.keys, now=desk.now)
            for template in ("win_back/miss_you", "delivered/arrived")
        )
    assert offer.mail.subject.startswith("(광고) ") and "광고" not in parcel.mail.subject
