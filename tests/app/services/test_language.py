"""In which language a shopper is written to: the order's, else the customer's, else the shop's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.queries.facts import load_fact_base
from app.queries.pictures import load_pictures
from app.services.letter import mail_context
from connectors.base import Reading
from emails.i18n import language_of, nearest
from emails.message import Brand, Links
from flows.commerce import Customer
from tests.app.desk import KEYS, START, Desk, an_order


def speaks(desk: Desk, order: str | None, customer: str | None, shop: str) -> str:
    desk.rows("UPDATE shops SET locale = :locale RETURNING 1", locale=shop)
    placed = an_order(locale=order, customer_id="7")
    told = Customer("7", START + timedelta(days=1), "mia@example.com", "Mia", locale=customer)
    desk.read(Reading(orders=(placed,), customers=(told,)))
    with desk.database.shops(desk.shop_id) as session:
        base = load_fact_base(session, [(desk.shop_id, "13")], KEYS)
        facts = base.facts((desk.shop_id, "13"), "order_confirmation", None)
        context = mail_context(
            base.shops[desk.shop_id],
            Brand("Lamps", "https://lamps.example", "a@lamps.example", "a@lamps.example"),
            None,
            "confirmation",
            facts,
            Links(tracking="https://lamps.example/1", shop="https://lamps.example"),
        )
        page = load_pictures(session, [(desk.shop_id, "13")])[desk.shop_id, "13"].order.locale
    assert language_of(nearest(page or shop)) == language_of(nearest(context.locale)), (
        "pages speak as mails do"
    )
    return language_of(nearest(context.locale))


@pytest.mark.parametrize(
    ("order", "customer", "shop", "spoken"),
    [
        ("fr-CA", "de", "en", "fr"),
        (None, "de", "en", "de"),
        ("", "de", "en", "de"),
        (None, None, "ja", "ja"),
        (None, "zh-TW", "ja", "zh_Hant"),
        ("pt-BR", "de", "ja", "en"),
        (None, None, "", "en"),
    ],
)
def test_the_order_the_customer_the_shop(
    desk: Desk, order: str | None, customer: str | None, shop: str, spoken: str
) -> None:
    assert speaks(desk, order, customer, shop) == spoken


def test_an_order_without_a_customer_speaks_as_the_shop(desk: Desk) -> None:
    stranger = Customer("8", START, "ole@example.com", "Ole", locale="de")
    desk.read(Reading(orders=(an_order(locale=None, customer_id=None),), customers=(stranger,)))
    with desk.database.shops(desk.shop_id) as session:
        assert load_pictures(session, [(desk.shop_id, "13")])[desk.shop_id, "13"].order.locale is None
