"""A merchant edits a mail: kept, drafted, looked at, refused, published, heard of twice, and taken back."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from tests.app.web.admin.hand import Hand, words_of

ASK = "/flows/review_request/mail/ask"
SUBJECT = "review.ask.subject"
SHIPPED = ("headline", "picture", "stars", "note", "also", "help")


def opened(hand: Hand, path: str = ASK) -> str:
    """How the mail stands, as the page's form holds it."""
    found = re.search(r'name="seen" value="(\w+)"', hand.get(path).text)
    assert found is not None
    return found[1]


def save(hand: Hand, path: str = ASK, *, do: str = "publish", **fields: str) -> TestResponse:
    return hand.post(path, **{"do": do, "seen": opened(hand, path), **fields})


def test_own_words_are_published_and_shown(hand: Hand) -> None:
    answer = save(hand, **{SUBJECT: "Your {product}, honestly?"})
    assert answer.status_code == 200, words_of(answer)
    assert "Version 2 is published." in words_of(answer)
    assert 'value="Your {product}, honestly?"' in hand.get(ASK).text
    assert "honestly?" not in hand.get(f"{ASK}?language=de").text
    assert "honestly?" in hand.get("/flows/review_request/preview/ask").text
    assert hand.changes()[-1][2] == "The first mail: version 2 published."
    assert [row.text for row in hand.rows("SELECT text FROM texts")] == ["Your {product}, honestly?"]
