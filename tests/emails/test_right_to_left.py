"""A language that runs from right to left: none of ours does yet, so one is made up here out of the English
sentences, and every mail is written in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from emails import i18n
from emails.clean import fenced
from emails.i18n import FALLBACK, Texts, nearest, sentences
from emails.message import MailContext
from emails.place import written
from emails.render import render, template_names
from flows.commerce import Address
from flows.content import Content
from tests.emails import cases
from tests.emails.sound import findings

WORD = "كلمة"
CACHES: tuple[Any, ...] = (
    i18n.sentences,
    i18n.gaps_of,
    i18n.nearest,
    i18n._own_file,
    i18n._known,
    i18n._known_of,
)


@pytest.fixture
def arabic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Locale]:
    spoken = {key: _made_up(sentence) for key, sentence in sentences(FALLBACK).items()}
    english = {key: dict(s) if not isinstance(s, str) else s for key, s in sentences(FALLBACK).items()}
    for language, words in (("ar", spoken), (FALLBACK, english)):
        (tmp_path / language).mkdir()
        (tmp_path / language / "common.json").write_text(json.dumps(words), "utf-8")
    monkeypatch.setattr(i18n, "_FOLDER", tmp_path)
    _forget()
    yield nearest("ar-EG")
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for cache in CACHES:
        cache.cache_clear()


def _made_up(sentence: i18n.Sentence) -> i18n.Sentence:
    if isinstance(sentence, str):
        return re.sub(r"(?<![{\w])[A-Za-z]+(?![\w}])", WORD, sentence)
    other = str(_made_up(sentence["other"]))
    return dict.fromkeys(("zero", "one", "two", "few", "many", "other"), other)


@pytest.mark.parametrize("template", template_names())
def test_every_mail_runs_the_other_way(arabic: Locale, template: str) -> None:
    for state in cases.STATES[template]:
        mail = render(template, state(cases.plain()), "ar-EG")
        assert findings(mail) == ()
        html = re.search(r"<html[^>]*>", mail.html)
        assert html and 'lang="ar"' in html[0] and 'dir="rtl"' in html[0]
        assert "text-align:right" in mail.html
        # MJML's own columns say left around contents that say where they stand themselves.
        assert "text-align:left" not in mail.html.replace("text-align:left;direction:rtl", "")
        for text in (mail.text, mail.html, mail.subject, mail.preheader):
            assert text.count("\u2068") == text.count("\u2069")


def test_what_stands_in_a_sentence_keeps_its_own_direction(arabic: Locale) -> None:
    mail = render("order_confirmation/confirmation", cases.plain(), "ar")
    assert mail.subject == "\u0643\u0644\u0645\u0629 \u2068#1047\u2069 \u0643\u0644\u0645\u0629 " + WORD
    assert "\u2068hello@hollow-pine.example\u2069" in mail.text
    assert "\u206818 Larch Street\u2069" in mail.text
    assert "\u2068Marit\u2069" in mail.html


# Days are the language's own, with figures; a letter alone has no two directions.
LATIN = re.compile("[A-Za-z]{2}|[$€#]")


@pytest.mark.parametrize("template", template_names())
def test_what_stands_in_a_place_of_its_own_keeps_its_direction_too(arabic: Locale, template: str) -> None:
    """Names, prices, codes, numbers, addresses: nothing that is read is Latin and bare but links."""
    for state in cases.STATES[template]:
        context = own_words_added(state(cases.plain()))
        mail = render(template, context, "ar-EG")
        text = re.sub(r"https?://\S+", "", mail.text)
        assert [line for line in fenced_away(text).splitlines() if LATIN.search(line)] == []
        seen = re.sub(r"<(style|title)\b.*?</\1>|<!--.*?-->", "", mail.html, flags=re.DOTALL)
        seen = re.sub(r"</?(span|strong)\b[^>]*>", "", seen)
        bare = [
            words for words in re.findall(r">([^<]+)<", seen) if LATIN.search(fenced_away(unescape(words)))
        ]
        assert bare == []


def own_words_added(context: MailContext) -> MailContext:
    own = {slot: Content("Rinse it (cold).\n- Once a week!", title="Care, 2.") for slot in context.content}
    return replace(context, content=own)


def fenced_away(text: str) -> str:
    before = ""
    while text != before:
        before, text = text, re.sub("\u2068[^\u2068\u2069]*\u2069", "", text)
    return text


def test_a_language_of_ours_needs_no_marks_around_latin_words() -> None:
    for template in template_names():
        mail = render(template, cases.STATES[template][0](cases.plain()), "de")
        assert "\u2068" not in mail.html + mail.text + mail.subject


def test_markup_stays_markup_and_nothing_is_fenced_twice(arabic: Locale) -> None:
    marked = Texts(arabic, markup=True)("order.heading", number="<b>")
    assert marked == f"{WORD} \u2068&lt;b&gt;\u2069"
    assert fenced(fenced("x")) == "\u2068x\u2069"


def test_an_address_in_it_and_in_a_language_of_ours() -> None:
    address = Address("Nora", "", "18 Larch St", "", "Providence", "RI", "02906", "US")
    assert written(address, Locale.parse("ar"), home="US")[1] == "\u206818 Larch St\u2069"
    assert written(address, Locale.parse("de"), home="US")[1] == "18 Larch St"
