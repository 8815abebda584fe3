"""The mails that help and thank: the merchant's words in them, and what none of them asks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emails.render import render
from flows.content import Content
from tests.emails import states_of_service
from tests.emails.samples import coffee, lamps
from tests.emails.states_of_service import STATES, leaving, on_its_way, written
from tests.emails.test_render import visible, words

COURSE = ("first_use_guide/course_1", "first_use_guide/course_2", "first_use_guide/course_3")


@pytest.mark.parametrize("template", [one for one, states in STATES.items() if written in states])
def test_the_merchant_s_words_stand_in_both_parts(template: str) -> None:
    mail = render(template, written(coffee()), "en")
    for part in (words(mail.text), visible(mail)):
        for line in (
            "In short",
            "Charge it fully before the first use.",
            "Fill in water",
            "Press the left key",
        ):
            assert line in part, line
    assert "<li" in mail.html
    assert mail.html.count("<ul") == (2 if template == "gift_guide/tips" else 1), "two points, one list"
    slot = "4d1c"
    assert slot in mail.html and slot in mail.text


def test_a_guide_names_the_product_that_it_is_for() -> None:
    context = written(coffee())
    assert render("first_use_guide/guide", context, "en").subject == "Getting started with Enamel cup"
    first = replace(context, content={"guide": Content("Brew it.", product_id="p1")})
    assert render("first_use_guide/guide", first, "en").subject == "Getting started with Night Ferry"
    none = replace(context, lines=())
    assert render("first_use_guide/guide", none, "en").subject == "Getting started"


def test_every_week_has_its_number() -> None:
    subjects = [render(template, written(coffee()), "en").subject for template in COURSE]
    assert subjects == [f"Week {week}: one tip for Enamel cup" for week in (1, 2, 3)]


def test_german_mails_are_german() -> None:
    mail = render("first_buyer_welcome/welcome", written(lamps()), "de-DE")
    assert mail.subject == "Johanna Seidel, das sind wir: wer Ihre Bestellung packt"
    assert "Vielen Dank für Ihre erste Bestellung bei uns." in words(mail.text)


def test_the_expected_day_is_told_where_it_is_known() -> None:
    assert "expected on Tuesday, October 20" in words(
        render("prepare_for_arrival/checklist", on_its_way(coffee()), "en").text
    )
    assert "expected" not in render("prepare_for_arrival/checklist", written(coffee()), "en").text


def test_the_thanks_for_a_review_are_the_same_for_every_rating() -> None:
    share, sorry = (
        render(f"review_reply/{step}", leaving(coffee()), "en") for step in ("share", "put_right")
    )
    thanks = (
        "You took the time to write. That helps everyone who stands before the same choice, and it helps us."
    )
    for mail in (share, sorry):
        assert thanks in words(mail.text)
        assert mail.subject.startswith("Thank you for your review")
    assert "Your review stays as you wrote it" in words(sorry.text)
    assert "hello@hollow-pine.example" in sorry.text and "#1047" in sorry.text


@pytest.mark.parametrize("template", STATES)
def test_none_of_them_asks_for_a_review(template: str) -> None:
    """Not even where the links to do so are at hand."""
    for state in STATES[template]:
        context = state(coffee())
        links = replace(context.links, reviews=coffee().links.reviews, stars=coffee().links.stars)
        assert links.reviews and links.stars
        mail = render(template, replace(context, links=links), "en")
        assert not [link for link in links.reviews.values() if link in mail.html + mail.text]
        assert "★" not in mail.html and "&#9734;" not in mail.html


@pytest.mark.parametrize("template", STATES)
def test_whoever_gets_them_may_leave(template: str) -> None:
    mail = render(template, STATES[template][0](coffee()), "en")
    assert "Unsubscribe" in mail.text and "/u/" in mail.html


def test_a_gift_s_mail_names_no_price() -> None:
    mail = render("gift_guide/tips", written(coffee()), "en")
    assert "$" not in mail.text
    assert states_of_service.TEXT.splitlines()[0] in mail.text
