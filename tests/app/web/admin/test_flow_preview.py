"""How a mail will look, before anybody has it."""

from __future__ import annotations

from flows.commerce import Platform
from tests.app.web.admin.hand import Hand, words_of


def test_a_preview_shows_light_dark_and_text(hand: Hand) -> None:
    hand.deliver()
    light = hand.get("/flows/review_request/preview/ask")
    assert "for order 100" in words_of(light)
    assert "@media not all" in light.text
    assert "sandbox srcdoc=" in light.text
    assert "@media all" in hand.get("/flows/review_request/preview/ask?part=dark").text
    assert 'class="as-text"' in hand.get("/flows/review_request/preview/ask?part=text").text
    german = hand.get("/flows/review_request/preview/ask?language=de&part=text")
    assert "Wie gefällt Ihnen" in german.text or "Lampshade" in german.text


def test_a_preview_of_an_order_that_is_not_there(hand: Hand) -> None:
    hand.deliver()
    answer = hand.get("/flows/review_request/preview/ask?order=4711")
    assert answer.status_code == 404
    assert "There is no order 4711 in this shop." in words_of(answer)
    other = hand.get("/flows/review_request/preview/ask?order=100", Platform.SHOPIFY)
    assert other.status_code == 404
    assert "Lampshade" not in other.text
    assert hand.get("/flows/review_request/preview/ask?order=%00%00").status_code in (200, 404)
