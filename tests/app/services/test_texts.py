"""A merchant's own words: what is kept, what is refused, and that a bad one in the table harms no mail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.services.texts import Unfit, checked_words, own_words_of, put_words
from emails.i18n import languages, sentences
from emails.own_words import EDITABLE, ours, problem_with
from emails.render import render, template_names
from tests.app.desk import Desk
from tests.emails.samples import coffee, delivered, reviewing, shipped

ASK = EDITABLE["review_request/ask"]
SUBJECT = ASK[0]

HOSTILE = (
    "{product.__class__}",
    "{product.__class__.__mro__}",
    "{product[0]}",
    "{product!r}",
    "{product!s:>99}",
    "{product:>1000000000}",
    "{product:{product}}",
    "{product:}",
    "{0}",
    "{}",
    "{ product }",
    "{product }",
    "{PRODUCT}",
    "{Product}",
    "{unknown}",
    "{name.product}",
    "{self}",
    "{__builtins__}",
    "{n}",
    "{order}",
    "{email}",
    "{product",
    "product}",
    "{{product}}",
    "{{product",
    "{",
    "}",
    "}{",
    "{{}}",
    "{product}}",
    "{{product}",
    "{{{product}}}",
    "{product{product}}",
    "{%s}",
    "{product!}",
    "{\u200bproduct}",
    "{prod\u00adct}",
    "{product\n}",
    "{\x00}",
    "{% raw %}",
    "{{ 7*7 }}",
    "{# comment #}",
    "{product|safe}",
)


def checked(language: str = "en", **given: str) -> dict[str, str]:
    words = {f"review.ask.{key}": value for key, value in given.items()}
    return {
        key.removeprefix("review.ask."): said for key, said in checked_words(ASK, language, words).items()
    }


@pytest.mark.parametrize("sentence", HOSTILE)
def test_a_hostile_sentence_is_refused(sentence: str) -> None:
    with pytest.raises(Unfit) as unfit:
        checked(subject=f"How is it {sentence}")
    assert set(unfit.value.problems) == {SUBJECT.key}


@pytest.mark.parametrize("sentence", HOSTILE)
def test_a_hostile_sentence_in_the_table_is_passed_over(sentence: str) -> None:
    context = replace(reviewing(coffee()), own_words={"en": {field.key: sentence for field in ASK}})
    assert render("review_request/ask", context, "en") == render(
        "review_request/ask", replace(context, own_words={}), "en"
    )


def test_nothing_or_our_own_sentence_means_ours() -> None:
    assert checked(subject="  ", note=ours("en", "review.ask.note")) == {}
    assert checked("de", note=ours("en", "review.ask.note")) != {}


def test_too_long_is_said_with_both_numbers() -> None:
    with pytest.raises(Unfit) as unfit:
        checked(subject="x" * 79)
    assert unfit.value.problems == {SUBJECT.key: "This has 79 characters, 78 fit."}


def test_breaks_and_what_cannot_be_printed_are_taken_out() -> None:
    told = checked(subject="Your\r\nBcc: x@example.com \u202e{product}\ud800")
    assert told == {"subject": "Your Bcc: x@example.com {product}"}


def test_what_is_put_replaces_what_was(desk: Desk) -> None:
    for words in (
        {"en": {SUBJECT.key: "Your {product}?", "review.ask.note": "A word."}, "de": {SUBJECT.key: "Wie?"}},
        {"en": {SUBJECT.key: "And {product}?"}},
        {},
    ):
        with desk.database.shops(desk.shop_id) as session:
            put_words(session, desk.shop_id, ASK, words, desk.now)
            assert own_words_of(session, desk.shop_id, ASK) == words


@pytest.mark.parametrize("template", template_names())
def test_every_mail_can_be_put_in_own_words_and_uses_them(template: str) -> None:
    make = {"shipped/parcel": shipped, "delivered/arrived": delivered}.get(template, lambda made: made)
    context = make(reviewing(coffee()) if template.startswith("review") else coffee())
    for language in languages():
        words = {field.key: f"Own {place}" for place, field in enumerate(EDITABLE[template])}
        mail = render(template, replace(context, own_words={language: words}), language)
        assert mail.subject.startswith("Own ")
        assert mail.preheader.startswith("Own ")
        assert "Own " in mail.html


@pytest.mark.parametrize("template", EDITABLE)
def test_our_own_sentences_pass_our_own_check(template: str) -> None:
    assert template in template_names()
    for field in EDITABLE[template]:
        for language in languages():
            assert field.key in sentences(language)
            assert problem_with(field, language, ours(language, field.key)) is None, (language, field)
