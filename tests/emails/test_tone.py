"""A brand's tone changes the greeting, the closing and two headings, and never a fact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emails.i18n import TONES, languages, sentences
from emails.render import render
from tests.emails.samples import coffee

MAIL = "order_confirmation/confirmation"
SAID = {
    "": ("Thank you, ", "Warm regards, "),
    "plain": (", your order is confirmed.", "Kind regards, "),
    "playful": ("Hooray, ", "Until soon, "),
}


@pytest.mark.parametrize("tone", TONES)
def test_greeting_and_closing(tone: str) -> None:
    context = coffee()
    mail = render(MAIL, replace(context, brand=replace(context.brand, tone=tone)), "en")
    for part in (mail.text, mail.html):
        for other, words in SAID.items():
            for said in words:
                assert (said in part) is (other == tone), said


def test_facts_stay() -> None:
    context = coffee()
    mails = [render(MAIL, replace(context, brand=replace(context.brand, tone=tone)), "en") for tone in TONES]
    assert len({mail.subject for mail in mails}) == 1
    figures = [[word for word in mail.text.split() if any(map(str.isdigit, word))] for mail in mails]
    assert figures[0] == figures[1] == figures[2]


def test_the_merchant_s_own_words_are_above_the_tone() -> None:
    context = coffee()
    own = {"en": {"confirmation.headline.named": "Cheers, {name}."}}
    brand = replace(context.brand, tone="playful")
    mail = render(MAIL, replace(context, brand=brand, own_words=own), "en")
    assert "Cheers, " in mail.text and "Hooray" not in mail.text


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_tone_of_a_sentence(language: str) -> None:
    known = sentences(language)
    toned = {key.rpartition(".in_")[0] for key in known if key.endswith((".in_plain", ".in_playful"))}
    assert toned
    for key in toned:
        forms = {known[key], known[f"{key}.in_plain"], known[f"{key}.in_playful"]}
        assert len(forms) == 3, key
