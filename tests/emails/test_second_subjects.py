"""Each subject of a mail has a second one that a merchant may try beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emails.i18n import FALLBACK, gaps_of, languages, second_of, sentences
from emails.own_words import EDITABLE, our_second, subjects_of
from emails.render import render, subject_of
from tests.emails import cases

SUBJECTS = tuple(field.key for template in EDITABLE for field in subjects_of(template))


@pytest.mark.parametrize("language", languages())
def test_each_has_another_one_that_needs_nothing_more(language: str) -> None:
    for key in SUBJECTS:
        assert sentences(language)[second_of(key)] != sentences(language)[key], key
        assert gaps_of(language, second_of(key)) <= gaps_of(FALLBACK, key) | {"n"}, key


@pytest.mark.parametrize("template", cases.STATES)
def test_a_mail_carries_it_where_it_was_drawn(template: str) -> None:
    for state in cases.STATES[template]:
        first = state(cases.plain())
        second = replace(first, second_subject=True)
        told, other = render(template, first, "en"), render(template, second, "en")
        assert other.subject == subject_of(template, second, "en") != told.subject
        assert (other.text, other.preheader) == (told.text, told.preheader)


def test_ours_is_offered_in_its_usual_form() -> None:
    assert our_second("shipped/parcel", "en") == "{day}: your parcel should be with you, order {number}"
    assert our_second("no/such", "en") == ""


def test_the_merchants_own_first_subject_does_not_hide_it() -> None:
    own = {"en": {"confirmation.subject": "Thanks"}}
    context = replace(cases.plain(), own_words=own, second_subject=True)
    assert (
        subject_of("order_confirmation/confirmation", context, "en")
        == "We have your order #1047: what happens next"
    )
