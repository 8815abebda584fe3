"""In the text part a label stands before its address or value, with the colon as the language writes it."""

from __future__ import annotations

import re

import pytest

from emails.compiling.source import read
from emails.render import render, template_names
from tests.emails import cases

ADDRESS = re.compile(r"https?://\S+")
WRONG = {"fr": r"[^\u202f\d]:", "ja": ":", "zh_Hans": ":", "zh_Hant": ":"}


@pytest.mark.parametrize("language", WRONG)
def test_every_colon_is_the_languages_own(language: str) -> None:
    seen = 0
    for template in template_names():
        for state in cases.STATES[template]:
            text = ADDRESS.sub("", render(template, state(cases.plain()), language).text)
            assert re.search(WRONG[language], text) is None, (template, text)
            seen += len(re.findall("[:：]", text))
    assert seen > 100


def test_an_address_stands_alone() -> None:
    """Behind a wide colon, without a blank, a mail program would take it for a part of the word."""
    for language in ("ja", "zh_Hans", "en"):
        for template in template_names():
            text = render(template, cases.STATES[template][0](cases.plain()), language).text
            assert re.search(r"[^\s(]https?://", text) is None, (language, template)


def test_no_colon_is_written_by_hand() -> None:
    """Also in what no mail shows yet."""
    assert re.findall(r"\}\} ?:|[\"'] ?: ?[\"']", read("ui.txt.j2") or "") == []
