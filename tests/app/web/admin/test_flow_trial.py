"""A merchant begins and ends a trial of two subjects on a flow's page; a mail's page says which it had."""

from __future__ import annotations

import pytest
from markupsafe import escape

from emails.own_words import our_second
from tests.app.web.admin.hand import Hand, words_of
from tests.app.web.admin.mails import Counter
from tests.app.web.conftest import Site

ASK = "/flows/review_request/trial/ask"


def test_it_begins_and_ends_on_the_flows_page(hand: Hand) -> None:
    assert words_of(hand.get("/flows/review_request")).count("Try a second subject") == 3
    begun = hand.post(ASK, subject="  Does it fit? ")
    assert begun.status_code == 200
    assert "half of the people who read English get “Does it fit?” instead" in words_of(begun)
    assert words_of(begun).count("Try a second subject") == 2
    ended = hand.post(f"{ASK}/end")
    assert ended.status_code == 200
    assert "Who is under way keeps what they drew." in words_of(ended)
    assert words_of(ended).count("Try a second subject") == 3
    assert [words for _, area, words in hand.changes() if area == "flow:review_request"] == [
        "Half of the people get “Does it fit?” from now on.",
        "The second subject is tried no longer. Who is under way keeps what they drew.",
    ]


def test_ours_stands_in_the_field_and_is_meant_in_the_language_chosen(hand: Hand) -> None:
    ours = our_second("review_request/ask", "en")
    assert f'value="{escape(ours)}"' in hand.get("/flows/review_request").text
    assert hand.post(ASK, subject=ours, language="de").status_code == 200
    (row,) = hand.rows("SELECT language, subject FROM trials")
    assert tuple(row) == ("de", our_second("review_request/ask", "de"))


def test_ending_what_is_not_there_changes_nothing(hand: Hand) -> None:
    assert "Nothing was changed." in words_of(hand.post(f"{ASK}/end"))
    assert hand.changes() == []


@pytest.mark.parametrize(
    ("subject", "said"),
    [("", "A second subject is needed."), ("It was {password}", "{password} cannot be filled in here.")],
)
def test_what_cannot_be_is_said_at_its_field(hand: Hand, subject: str, said: str) -> None:
    answer = hand.post(ASK, subject=subject)
    assert answer.status_code == 422
    assert said in words_of(answer)
    if subject:
        assert f'value="{subject}"' in answer.text
    assert hand.rows("SELECT 1 FROM trials") == hand.changes() == []


def test_a_second_one_beside_it_is_refused(hand: Hand) -> None:
    hand.post(ASK, subject="Does it fit?")
    assert hand.post(ASK, subject="Is it good?").status_code == 422
    assert [row.subject for row in hand.rows("SELECT subject FROM trials")] == ["Does it fit?"]


@pytest.mark.parametrize("step", ["try_it", "gone"])
def test_what_is_no_mail_has_no_subject(hand: Hand, step: str) -> None:
    assert hand.post(f"/flows/review_request/trial/{step}", subject="x").status_code == 404
    assert hand.post(f"/flows/review_request/trial/{step}/end").status_code == 404


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        ("a1", "The first subject of trial 1"),
        ("b1", "The second subject of trial 1"),
        ("warm", "Wording “warm”"),
        (None, ""),
    ],
)
def test_a_mails_page_says_which_subject_it_had(site: Site, variant: str | None, said: str) -> None:
    counter = Counter(site)
    counter.open_flows()
    counter.post("/flows/order_confirmation/trial/confirmation", subject="Thanks for everything")
    counter.buy()
    (mail,) = counter.sql("UPDATE messages SET variant = :variant RETURNING id", variant=variant)
    _, page = counter.get(f"/messages/{mail.id}")
    assert said in page and ("<dt>Tried</dt>" in page) == bool(said)
