"""Previews: real orders of the shop, its look and words, and no link that does anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from app.db import Database
from app.keys import Keys
from app.queries.brand import Kit
from app.services.preview import Preview, order_numbered, preview, previews
from app.services.texts import put_words
from connectors.base import Reading
from emails.own_words import EDITABLE
from emails.render import template_names
from flows.commerce import OrderLine, ParcelStatus, Shipped
from tests.app.desk import KEYS, START, Desk, a_parcel, a_product, an_order, connect_shop
from tests.app.services.statements import counted

ASK = "review_request/ask"
LINK = re.compile(r'href="([^"]*)"')


@dataclass(frozen=True)
class Post:
    secrets: Keys = KEYS
    address: str = "http://127.0.0.1:8000"
    mail_domain: str = "mail.example"


def seen(desk: Desk, template: str = ASK, order_id: str | None = None, **more: Any) -> Preview:
    with desk.database.shops(desk.shop_id) as session:
        return preview(
            session,
            Post(),
            desk.shop_id,
            template,
            order_id=order_id,
            keys=KEYS,
            now=desk.now,
            **more,
        )


def deliver(desk: Desk, order_id: str, title: str, day: int) -> None:
    at = START + timedelta(days=day)
    line = OrderLine(f"l{order_id}", title, 1, 4900, product_id=f"p{order_id}")
    order = an_order(id=order_id, number=f"#{order_id}", lines=(line,), shipped=Shipped.ALL)
    parcel = a_parcel(
        id=f"t{order_id}", order_id=order_id, status=ParcelStatus.DELIVERED, delivered_at=at, at=at
    )
    desk.read(Reading(orders=(order,), parcels=(parcel,)))


def test_the_order_that_arrived_last_is_shown(desk: Desk) -> None:
    deliver(desk, "20", "Desk lamp", 3)
    deliver(desk, "21", "Floor lamp", 2)
    desk.read(Reading(orders=(an_order(id="30", number="#30", at=START + timedelta(days=4)),)))
    shown = seen(desk)
    assert (shown.order_number, shown.is_sample) == ("#20", False)
    assert shown.mail.subject == "How do you like your Desk lamp?"
    assert seen(desk, order_id="21").mail.subject == "How do you like your Floor lamp?"


def test_an_order_is_found_by_its_number_within_the_shop_only(desk: Desk, db: Database) -> None:
    deliver(desk, "20", "Desk lamp", 3)
    other = connect_shop(db, "other.example")
    with db.shops(other.shop_id) as session:
        assert order_numbered(session, other.shop_id, "20") is None
    with db.shops(desk.shop_id) as session:
        assert order_numbered(session, desk.shop_id, "#20") == order_numbered(session, desk.shop_id, "20")
    with pytest.raises(LookupError):
        seen(other, order_id="20")


def test_a_shop_without_orders_sees_a_made_up_one_of_its_own_products(desk: Desk) -> None:
    shown = seen(desk)
    assert (shown.is_sample, shown.mail.subject) == (True, "How do you like your Sample product?")
    desk.read(Reading(products=(a_product(id="p9", title="Clay cup"),)))
    assert seen(desk).mail.subject == "How do you like your Clay cup?"


@pytest.mark.parametrize("template", template_names())
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("known", [True, False], ids=["real order", "made-up order"])
def test_every_mail_can_be_seen_and_leads_nowhere(
    desk: Desk, template: str, language: str, known: bool
) -> None:
    if known:
        deliver(desk, "20", "Desk lamp", 3)
    shown = seen(desk, template, language=language)
    # With a lamp goes nothing, and it does not run out: such mails are shown on what they are made for.
    fits = known and not template.startswith(("cross_sell_series/", "replenishment/"))
    assert shown.is_sample is not fits
    links = LINK.findall(shown.mail.html)
    assert links
    assert set(links) <= {"https://larkhus.example/", "mailto:"}, links
    assert "/l/" not in shown.mail.text
    assert "/r/" not in shown.mail.text


def test_a_preview_wears_the_kit_and_speaks_the_merchant_s_words(desk: Desk) -> None:
    deliver(desk, "20", "Desk lamp", 3)
    with desk.database.shops(desk.shop_id) as session:
        said = {"en": {"review.ask.subject": "Does your {product} shine?"}}
        put_words(session, desk.shop_id, EDITABLE[ASK], said, desk.now)
    assert seen(desk).mail.subject == "Does your Desk lamp shine?"
    assert "#7a1f3d" in seen(desk, kit=Kit(accent="#7a1f3d"), template="shipped/parcel").mail.html
    assert "#7a1f3d" not in seen(desk, "shipped/parcel").mail.html


def test_several_previews_cost_as_many_statements_as_one(desk: Desk, db: Database) -> None:
    for number in range(20, 40):
        deliver(desk, str(number), "Desk lamp", 3)
    counts = []
    for templates in ([ASK], list(template_names())):
        with counted(db) as statements, db.shops(desk.shop_id) as session:
            previews(session, Post(), desk.shop_id, templates, keys=KEYS, now=desk.now)
        counts.append(len(statements))
    # Some are shown on an order that is made up of the shop's products; they are read once.
    assert counts[0] == counts[1] - 1 <= 29, "twenty-eight, and the one that opens the session"


def test_a_template_that_does_not_exist(desk: Desk) -> None:
    with pytest.raises(LookupError):
        seen(desk, "review_request/nothing")


def test_a_mail_that_gives_something_shows_an_example_of_its_code(desk: Desk) -> None:
    deliver(desk, "20", "Desk lamp", 3)
    mail = seen(desk, "win_back/offer").mail
    assert "THX-EXAMPLE" in mail.html and "10%" in mail.text.replace("\u00a0", "")
    assert "THX-EXAMPLE" in seen(desk, "second_order_offer/offer").mail.text, "also before an amount is set"
    assert "THX-" not in seen(desk, "win_back/miss_you").mail.html


def test_an_example_of_a_refund_adds_up(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(),)))
    shown = seen(desk, "cancel_refund_exchange/refunded").mail.text
    this, in_all = (re.search(rf"{words}\s+(\S+)", shown) for words in ("This refund", "Given back in all"))
    assert this and in_all and this[1] == in_all[1], shown
