"""A merchant takes the addresses of a group along; only of those who said yes, and it is on record."""

from __future__ import annotations

import csv

import pytest

from app.services import audience
from flows.commerce import Address, Consent, ConsentState, Platform
from flows.segments import SEGMENTS
from tests.app.desk import START, an_order
from tests.app.web.admin.hand import Hand, words_of
from tests.app.web.shopping import put


def buy(hand: Hand, *names: str, state: ConsentState = ConsentState.SUBSCRIBED, locale: str = "de") -> None:
    emails = [f"{name}@example.com" for name in names]
    home = Address(country="DE")
    orders = [
        an_order(id=one, email=one, is_gift=True, locale=locale, billing_address=home) for one in emails
    ]
    consents = tuple(Consent(one, state, START) for one in emails)
    put(hand.site, Platform.WOOCOMMERCE, orders=tuple(orders), consents=consents)


def test_the_file_holds_whoever_agreed(hand: Hand) -> None:
    buy(hand, "bo", "ada")
    buy(hand, "cy", state=ConsentState.UNSUBSCRIBED)
    answer = hand.post("/segments/people", group="gifts")
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="gifts.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert list(csv.reader(answer.text.splitlines())) == [
        ["email", "language", "country"],
        ["ada@example.com", "de", "DE"],
        ["bo@example.com", "de", "DE"],
    ]
    assert hand.changes() == [("Mia", "segments", "Addresses of Gifts were given out.")]


def test_what_a_shopper_typed_is_not_worked_out(hand: Hand) -> None:
    buy(hand, "ada", locale='=HYPERLINK("x")')
    assert """'=HYPERLINK""" in hand.post("/segments/people", group="gifts").text


def test_it_comes_a_batch_at_a_time(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience, "BATCH", 2)
    names = [f"shopper{n}" for n in range(5)]
    buy(hand, *names)
    lines = hand.post("/segments/people", group="gifts").text.splitlines()
    assert [line.partition("@")[0] for line in lines[1:]] == names


@pytest.mark.parametrize("group", ["", "own-7", "people"])
def test_a_group_that_is_not_there(hand: Hand, group: str) -> None:
    assert hand.post("/segments/people", group=group).status_code == 404
    assert hand.changes() == []


def test_the_page_offers_every_group(hand: Hand) -> None:
    page = hand.get("/segments")
    assert "/segments/people" in page.text and "data-download" in page.text
    assert all(f'<option value="{one.key}">' in page.text for one in SEGMENTS)
    assert "Download (CSV)" in words_of(page)
