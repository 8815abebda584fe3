"""Products beside each other in a mail: shown in both parts, with what is known of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from emails.goods import SHOWN, picked
from emails.message import MailContext
from emails.voice import voice_for
from flows.product import Product
from tests.emails.samples import PLACED, coffee, lamps

HOSTILE = "<b>x</b>\r\nBcc: x@evil.example"


def product(name: str, **other: Any) -> Product:
    told: dict[str, Any] = {"price": 1250, "currency": "EUR", "image_url": f"https://cdn.example/{name}.png"}
    return Product(**{"id": name, "title": name.title(), "version": PLACED, **told, **other})


def showing(context: MailContext, *products: Product, **links: str) -> MailContext:
    addresses = {one.id: f"https://shop.example/l/{one.id}" for one in products} | links
    return replace(context, picks=products, links=replace(context.links, products=addresses))


def test_a_product_is_shown_with_its_price_in_the_reader_s_way() -> None:
    context = showing(lamps(), product("lid"))
    (good,) = picked(context, voice_for(context, "de"))
    assert (good.title, good.short, good.price) == ("Lid", "Lid", "12,50\u00a0€")
    assert (good.picture, good.link, good.letter) == (
        "https://cdn.example/lid.png", "https://shop.example/l/lid", "L",
    )  # fmt: skip


def test_its_price_is_in_its_own_currency_and_may_be_unknown() -> None:
    context = showing(coffee(), product("lid"), product("cup", price=None), product("pot", currency=None))
    assert [good.price for good in picked(context, voice_for(context, "en-US"))] == ["€12.50", "", ""]


def test_what_leads_nowhere_or_has_no_name_is_left_out() -> None:
    context = showing(coffee(), product("lid"), product("cup"), product("pot", title=""), cup="javascript:x")
    context = replace(context, picks=(*context.picks, product("jug")))
    assert [good.title for good in picked(context, voice_for(context, "en"))] == ["Lid"]


def test_no_more_are_shown_than_there_is_room_for() -> None:
    context = showing(coffee(), *(product(f"p{n}") for n in range(9)))
    assert len(picked(context, voice_for(context, "en"))) == SHOWN


def test_words_from_outside_stay_on_one_line() -> None:
    context = showing(coffee(), product("lid", title=HOSTILE))
    assert "\n" not in picked(context, voice_for(context, "en"))[0].title
