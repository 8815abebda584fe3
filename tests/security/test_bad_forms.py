"""Forms as they should not be: numbers out of bounds, and forms that somebody else overtook."""

from __future__ import annotations

from html import unescape
from re import search

import pytest
from werkzeug.test import TestResponse

from flows.commerce import Platform
from tests.app.web.conftest import Site
from tests.security.parties import Party, all_rows, changed, residents

BOTH = pytest.mark.parametrize("platform", list(Platform))
KNOBS = "/flows/review_request/knobs"
MAIL = "/flows/review_request/mail/ask"
# Of a knob from 3 to 30 days.
NO_DAYS = [
    "", " ", "-", "0", "1", "2", "31", "32", "99", "100", "999999", "1000000", "-1", "-10", "+10", "10.0",
    "10,0", "1e1", "0x0a", "0b1010", "1_0", "ten", "10 days", "NaN", "inf", "\u0661\u0660", "\u2167",
    "10\x00", "10;DROP", "3" * 400,
]  # fmt: skip
NO_HOURS = ["5", "22", "24", "-1", "6.5", "noon"]


def post(shop: Party, path: str, **fields: str) -> TestResponse:
    headers = {**shop.bearer(), "HX-Request": "true"}
    return shop.site.client.post(f"{shop.prefix}{path}", headers=headers, data=fields)


def knobs(**changes: str) -> dict[str, str]:
    """The form of the first wait, as it is opened."""
    now = {"fast_days": "4", "standard_days": "10", "complex_days": "17", "long_days": "45", "ask_hour": "10"}
    return {"step": "try_it", **now, **{f"was_{name}": value for name, value in now.items()}, **changes}


def kept(page: str, name: str) -> str:
    """What stands in the field after the answer."""
    found = search(rf'<(?:input|textarea)[^>]* name="{name}"[^>]*>([^<]*)', page)
    assert found, name
    value = search(r' value="([^"]*)"', found[0])
    return unescape(value[1] if value else found[1])


@BOTH
def test_a_knob_out_of_bounds_turns_nothing_and_is_kept(site: Site, platform: Platform) -> None:
    shop = residents(site)[platform]
    before = all_rows(shop)
    wrong = [("standard_days", value) for value in NO_DAYS] + [("ask_hour", value) for value in NO_HOURS]
    assert len(wrong) >= 30
    for name, value in wrong:
        answer = post(shop, KNOBS, **knobs(**{name: value, "complex_days": "18"}))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, (name, value)
        assert kept(page, "complex_days") == "18", "what was right is not lost"
        if value.isprintable():
            assert kept(page, name) == value
        looked = site.client.get(
            f"{shop.prefix}{KNOBS}", query_string=knobs(**{name: value}), headers=shop.bearer()
        )
        assert looked.status_code == 200, (name, value)
    assert changed(before, all_rows(shop)) == {}
    assert post(shop, KNOBS, **knobs(standard_days="30")).status_code == 200


@BOTH
def test_whoever_comes_second_loses_nothing_and_overwrites_nothing(site: Site, platform: Platform) -> None:
    shop = residents(site)[platform]
    first = {"revision": "0", "sender_name": "First", "accent": "#112233"}
    second = {"revision": "0", "sender_name": "Second", "support_name": "Ada"}
    assert post(shop, "/brand", **first).status_code == 200
    assert post(shop, KNOBS, **knobs(standard_days="14")).status_code == 200
    subject = "review.ask.subject"
    opened = kept(shop.site.client.get(f"{shop.prefix}{MAIL}", headers=shop.bearer()).text, "seen")
    assert post(shop, MAIL, **{subject: "How is it?", "seen": opened}).status_code == 200
    before = all_rows(shop)
    brand = post(shop, "/brand", **second)
    assert brand.status_code == 409
    page = brand.get_data(as_text=True)
    assert (kept(page, "sender_name"), kept(page, "support_name")) == ("Second", "Ada")
    assert "First" in page, "what the other wrote is shown beside it"
    turned = post(shop, KNOBS, **knobs(standard_days="12"))
    page = turned.get_data(as_text=True)
    assert (turned.status_code, kept(page, "standard_days")) == (409, "12")
    assert "14" in page
    reworded = post(shop, MAIL, **{subject: "And now?", "seen": opened})
    page = reworded.get_data(as_text=True)
    assert (reworded.status_code, kept(page, subject)) == (409, "And now?")
    assert "How is it?" in page
    assert changed(before, all_rows(shop)) == {}
