"""A merchant's own words: what is kept, what is refused, and that a bad one in the table harms no mail."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from app.services.changes import Stale
from app.services.texts import Unfit, reword, wordings
from emails.i18n import languages, sentences
from emails.own_words import EDITABLE, ours, problem_with
from emails.render import render, template_names
from tests.app.desk import Desk
from tests.app.services.at_once import at_once
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


def put(desk: Desk, seen: dict[str, str] | None = None, language: str = "en", **given: str) -> list[str]:
    words = {f"review.ask.{key}": value for key, value in given.items()}
    with desk.database.shops(desk.shop_id) as session:
        changed = reword(session, desk.shop_id, language, ASK, words, seen or {}, desk.now)
    return [field.key for field in changed]


def own(desk: Desk, language: str = "en") -> dict[str, str]:
    with desk.database.shops(desk.shop_id) as session:
        found = wordings(session, desk.shop_id, language, ASK)
    return {one.field.key.removeprefix("review.ask."): one.own for one in found if one.own}


@pytest.mark.parametrize("sentence", HOSTILE)
def test_a_hostile_sentence_is_refused(desk: Desk, sentence: str) -> None:
    with pytest.raises(Unfit) as unfit:
        put(desk, subject=f"How is it {sentence}")
    assert set(unfit.value.problems) == {SUBJECT.key}
    assert own(desk) == {}


@pytest.mark.parametrize("sentence", HOSTILE)
def test_a_hostile_sentence_in_the_table_is_passed_over(sentence: str) -> None:
    context = replace(reviewing(coffee()), own_words={"en": {field.key: sentence for field in ASK}})
    assert render("review_request/ask", context, "en") == render(
        "review_request/ask", replace(context, own_words={}), "en"
    )


def test_words_are_kept_per_language(desk: Desk) -> None:
    assert put(desk, subject="Your {product}, honestly?") == [SUBJECT.key]
    put(desk, language="de", subject="Wie ist {product}?")
    assert own(desk) == {"subject": "Your {product}, honestly?"}
    assert own(desk, "de") == {"subject": "Wie ist {product}?"}


def test_nothing_or_our_own_sentence_means_ours(desk: Desk) -> None:
    put(desk, subject="Your {product}?", note="A word.")
    seen = {"review.ask.subject": "Your {product}?", "review.ask.note": "A word."}
    put(desk, seen, subject="  ", note=ours("en", "review.ask.note"))
    assert own(desk) == {}
    assert desk.rows("SELECT * FROM texts") == []


def test_who_opened_the_form_before_somebody_else_wrote_hears_of_it(desk: Desk) -> None:
    put(desk, subject="First {product}")
    with pytest.raises(Stale) as stale:
        put(desk, subject="Second {product}")
    assert stale.value.present == {SUBJECT.key: "First {product}"}
    assert own(desk) == {"subject": "First {product}"}
    assert put(desk, subject="First {product}") == [], "the same again is no quarrel"


def outcome(desk: Desk, seen: dict[str, str], sentence: str) -> str:
    try:
        return str(put(desk, seen, subject=sentence))
    except Stale as stale:
        return f"hears {stale.present[SUBJECT.key]}"


@pytest.mark.parametrize("before", ["", "Old {product}"])
def test_of_two_who_write_at_once_one_hears_of_the_other(desk: Desk, before: str) -> None:
    for turn in range(8):
        put(desk, {SUBJECT.key: own(desk).get("subject", "")}, subject=before)
        given = [f"First {turn} {{product}}", f"Second {turn} {{product}}"]
        told = at_once(desk, *(partial(outcome, desk, {SUBJECT.key: before}, one) for one in given))
        kept = own(desk)["subject"]
        assert kept in given
        assert set(told) == {str([SUBJECT.key]), f"hears {kept}"}


def test_too_long_is_said_with_both_numbers(desk: Desk) -> None:
    with pytest.raises(Unfit) as unfit:
        put(desk, subject="x" * 79)
    assert unfit.value.problems == {SUBJECT.key: "This has 79 characters, 78 fit."}


def test_breaks_and_what_cannot_be_printed_are_taken_out(desk: Desk) -> None:
    put(desk, subject="Your\r\nBcc: x@example.com \u202e{product}\ud800")
    assert own(desk) == {"subject": "Your Bcc: x@example.com {product}"}


def test_another_shop_s_words_are_its_own(desk: Desk) -> None:
    put(desk, subject="Mine: {product}")
    assert desk.rows("SELECT count(*) AS n FROM texts")[0].n == 1


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
