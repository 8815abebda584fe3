from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from emails import render
from emails.i18n import FALLBACK, Sentence, Texts, language_of, languages, nearest, sentences

KEY = re.compile(r"""\bt\(\s*["']([a-z_.0-9]+)["'](\s*~)?""")
_FOLDER = Path(render.__file__).with_name("templates")
TEMPLATES = sorted((*_FOLDER.rglob("*.j2"), *_FOLDER.rglob("*.mjml")))


def forms(sentence: Sentence) -> list[str]:
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def placeholders(sentence: Sentence) -> set[str]:
    return {
        name
        for form in forms(sentence)
        for _, name, _, _ in string.Formatter().parse(form)
        if name is not None
    }


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything_with_the_same_values(language: str) -> None:
    own, english = sentences(language), sentences(FALLBACK)
    assert own.keys() == english.keys()
    for key in english:
        assert placeholders(own[key]) <= placeholders(english[key]) | {"last"}, key


@pytest.mark.parametrize("language", languages())
def test_every_plural_form_of_the_language_is_there(language: str) -> None:
    needed = {nearest(language).plural_form(n) for n in range(200)}
    for key, sentence in sentences(language).items():
        assert isinstance(sentence, str) or needed | {"other"} <= set(sentence), key


@pytest.mark.parametrize("language", languages())
def test_the_voice(language: str) -> None:
    for key, sentence in sentences(language).items():
        for form in forms(sentence):
            assert "!" not in form, key
            assert not re.search(r"click here|hier klicken|valued|hurry|klicken Sie hier", form, re.I), key


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_sentence_that_a_template_asks_for_exists(path: Path) -> None:
    for key, joined in KEY.findall(path.read_text("utf-8")):
        known = sentences(FALLBACK)
        assert key in known or (joined and any(other.startswith(key) for other in known)), key


@pytest.mark.parametrize(
    ("told", "locale", "language"),
    [
        ("de", "de", "de"),
        ("de-AT", "de_AT", "de"),
        ("de_DE_formal", "de_DE", "de"),
        ("en-GB", "en_GB", "en"),
        (" en_US ", "en_US", "en"),
        ("en_US.UTF-8", "en_US", "en"),
        ("fr_FR@euro", "fr_FR", "fr"),
        ("fr-CA", "fr_CA", "fr"),
        ("fr-US", "fr", "fr"),
        ("es-419", "es_419", "es"),
        ("es-JP", "es", "es"),
        ("ms-SG", "ms_SG", "ms"),
        ("ja-US", "ja", "ja"),
        ("ko_KR_x", "ko_KR", "ko"),
        ("zh", "zh", "zh_Hans"),
        ("zh-CN", "zh_Hans_CN", "zh_Hans"),
        ("zh_SG", "zh_Hans_SG", "zh_Hans"),
        ("zh-AU", "zh", "zh_Hans"),
        ("zh-TW", "zh_Hant_TW", "zh_Hant"),
        ("zh-HK", "zh_Hant_HK", "zh_Hant"),
        ("zh-MO", "zh_Hant_MO", "zh_Hant"),
        ("zh-hant", "zh_Hant", "zh_Hant"),
        ("zh-Hant-US", "zh_Hant", "zh_Hant"),
        ("zh-Hans-MY", "zh_Hans_MY", "zh_Hans"),
        ("pt-BR", "en", "en"),
        ("fi", "en", "en"),
        ("xx-YY", "en", "en"),
        ("", "en", "en"),
        ("-", "en", "en"),
        ("../../etc", "en", "en"),
        ("\0", "en", "en"),
        ("_".join(["fr"] * 9_000), "fr_FR", "fr"),
    ],
)
def test_the_nearest_locale(told: str, locale: str, language: str) -> None:
    found = nearest(told)
    assert (str(found), language_of(found)) == (locale, language)


def test_values_are_escaped_in_markup_only() -> None:
    english = nearest("en")
    assert Texts(english, markup=True)("order.heading", number="<b>") == "Order &lt;b&gt;"
    assert Texts(english, markup=False)("order.heading", number="<b>") == "Order <b>"
    assert Texts(english, markup=False)("order.heading", number="{n.__class__}") == "Order {n.__class__}"


def test_counts_decide_the_form() -> None:
    t = Texts(nearest("en"), markup=False)
    assert t("lines.hidden", n=1) == "and 1 more line"
    assert t("lines.hidden", n=1387) == "and 1,387 more lines"


def test_an_unknown_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        Texts(nearest("en"), markup=False)("no.such.sentence")
