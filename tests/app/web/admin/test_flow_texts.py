"""Own words of a merchant: kept, shown, refused, and heard of twice."""

from __future__ import annotations

from tests.app.web.admin.hand import Hand, words_of

ASK = "/flows/review_request/texts/ask"


def test_own_words_are_kept_and_shown(hand: Hand) -> None:
    answer = hand.post(ASK, **{"review.ask.subject": "Your {product}, honestly?"})
    assert answer.status_code == 200
    assert "Kept." in words_of(answer)
    assert 'value="Your {product}, honestly?"' in hand.get(ASK).text
    assert "honestly?" not in hand.get(f"{ASK}?language=de").text
    assert "honestly?" in hand.get("/flows/review_request/preview/ask").text
    assert hand.changes()[-1][2] == "Text of the first mail (English): subject."


def test_words_that_cannot_be_sent_keep_everything(hand: Hand) -> None:
    answer = hand.post(
        ASK, **{"review.ask.subject": "{product.__class__}", "review.ask.note": "A note to keep."}
    )
    assert answer.status_code == 422
    assert "{product.__class__} cannot be filled in here. You can use {product}." in words_of(answer)
    assert "A note to keep." in answer.text
    assert hand.rows("SELECT * FROM texts") == []


def test_stale_words_hear_both(hand: Hand) -> None:
    hand.post(ASK, **{"review.ask.subject": "First {product}"})
    answer = hand.post(ASK, **{"review.ask.subject": "Second {product}"})
    assert answer.status_code == 409
    assert "Somebody wrote: First {product}" in words_of(answer)
    assert 'value="Second {product}"' in answer.text
    again = {"review.ask.subject": "Second {product}", "was_review.ask.subject": "First {product}"}
    assert hand.post(ASK, **again).status_code == 200
