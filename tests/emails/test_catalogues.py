"""Every catalogue beside the English one: complete, in its own script, with its own signs, politely.

The languages are the folders; one that is added is held to all of this at once and has to bring its own words
for the rules that differ from language to language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest
from babel import Locale

from emails.columns import width
from emails.i18n import FALLBACK, Sentence, languages, sentences
from emails.placeholders import gaps

OTHERS = [language for language in languages() if language != FALLBACK]

# The same letters are the word of that language, too.
SAME_IN_BOTH = {
    "de": {"stars.3"},
    "fr": {"totals.total", "kit.balance.points"},
    "es": {"totals.total", "totals.subtotal"},
    "ms": set(),
    "ja": set(),
    "ko": set(),
    "zh_Hans": set(),
    "zh_Hant": set(),
}
# An old national encoding holds exactly the letters that its readers know: GB 2312 has no traditional
# form, Big5 no simplified one, Shift JIS and EUC-KR neither of what stands in the other's place.
LETTERS_OF = {
    "en": "latin-1",
    "de": "latin-1",
    "fr": "cp1252",
    "es": "latin-1",
    "ms": "latin-1",
    "ja": "shift_jis",
    "ko": "euc_kr",
    "zh_Hans": "gb2312",
    "zh_Hant": "big5",
}
SCRIPTS_OF = {
    "ja": ("HIRAGANA", "KATAKANA", "CJK"),
    "ko": ("HANGUL",),
    "zh_Hans": ("CJK",),
    "zh_Hant": ("CJK",),
}
# In a sentence of another script, the Latin words that its readers use, too; a Korean mail names the way
# out in both languages.
LATIN_THERE = {"JavaScript", "QR", "Unsubscribe"}
LINKS_WITHOUT_AN_AIM = {
    "en": r"click here|^here\.?$",
    "de": r"hier klicken|klicken Sie hier|\bklicken\b",
    "fr": r"cliquez|cliquer|\bclic\b",
    "es": r"haga clic|hacer clic|pulse aquí|\bclic\b",
    "ms": r"\bklik\b",
    "ja": r"クリック|こちらへ$|^こちら$",
    "ko": r"클릭|^여기$",
    "zh_Hans": r"点击这里|点击此处|点此|^这里$",
    "zh_Hant": r"點擊這裡|點擊此處|點此|按此|^這裡$",
}
# A stranger is not spoken to as a friend would be, and nobody's sex is guessed.
TOO_CLOSE = {
    "en": r"\b(sir|madam|mr|mrs)\b",
    "de": r"\b(du|dir|dich|dein\w*|euch|euer|eure\w*|herr|frau)\b",
    "fr": r"\b(tu|te|toi|ton|ta|tes|monsieur|madame)\b",
    "es": r"\b(tú|tu|tus|te|ti|contigo|vosotr[oa]s|os|vuestr\w+|señora?)\b",
    "ms": r"\b(kamu|engkau|kau|awak|encik|puan|cik)\b",
    "ja": r"お前|君の|あんた",
    "ko": r"당신|너의|네가",
    "zh_Hans": r"你|先生|女士",
    "zh_Hant": r"你|先生|女士",
}
SAME_IN_EVERY_LANGUAGE = re.compile(r"[\W\d]*")
NARROW = "\u202f"


def told(language: str) -> Iterator[tuple[str, str]]:
    """Each sentence in each of its forms, with its key."""
    for key, sentence in sentences(language).items():
        yield from ((key, form) for form in forms(sentence).values())


def forms(sentence: Sentence) -> dict[str, str]:
    return {"other": sentence} if isinstance(sentence, str) else dict(sentence)


def without_gaps(text: str) -> str:
    return re.sub(r"\{[a-z_]+\}", "", text)


def letters(text: str) -> list[str]:
    return [char for char in text if unicodedata.category(char).startswith("L")]


def offenders(language: str, pattern: str) -> list[str]:
    return [key for key, form in told(language) if re.search(pattern, form, re.IGNORECASE)]


@pytest.mark.parametrize("language", OTHERS)
def test_it_has_exactly_the_sentences_of_english(language: str) -> None:
    own, english = sentences(language).keys(), sentences(FALLBACK).keys()
    assert (sorted(english - own), sorted(own - english)) == ([], [])


@pytest.mark.parametrize("language", OTHERS)
def test_every_form_fills_in_what_the_english_one_does(language: str) -> None:
    """A count may be a word in its form for one, or be no word at all; a greeting may take the last name."""
    own, english = sentences(language), sentences(FALLBACK)
    wrong = []
    for key in english.keys() & own.keys():
        asked = frozenset().union(*(gaps(form) for form in forms(english[key]).values()))
        for category, form in forms(own[key]).items():
            free = {"last"} if key.startswith("greeting.") else set()
            free |= {"n"} if category in ("zero", "one", "two") else set()
            free |= {"first"} if key == "greeting.name" else set()
            if gaps(form) ^ asked and not gaps(form) ^ asked <= free:
                wrong.append((key, category, sorted(gaps(form) ^ asked)))
    assert wrong == []


@pytest.mark.parametrize("language", languages())
def test_counts_have_the_forms_that_the_language_has(language: str) -> None:
    needed = {*Locale.parse(language).plural_form.tags, "other"}
    counted = {key: set(one) for key, one in sentences(language).items() if not isinstance(one, str)}
    assert counted
    assert {key: has for key, has in counted.items() if has != needed} == {}


@pytest.mark.parametrize("language", OTHERS)
def test_what_counts_in_english_counts_here(language: str) -> None:
    own = sentences(language)
    told_as_one = [
        key
        for key, sentence in sentences(FALLBACK).items()
        if isinstance(sentence, str) != isinstance(own.get(key, sentence), str)
    ]
    assert told_as_one == []


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_was_left_in_english(language: str) -> None:
    english = {key: set(forms(sentence).values()) for key, sentence in sentences(FALLBACK).items()}
    left = {
        key
        for key, form in told(language)
        if form in english.get(key, ()) and not SAME_IN_EVERY_LANGUAGE.fullmatch(without_gaps(form))
    }
    assert left == SAME_IN_BOTH[language]


@pytest.mark.parametrize("language", languages())
def test_it_is_written_with_its_own_letters(language: str) -> None:
    strange = {
        (key, char)
        for key, form in told(language)
        for char in letters(form)
        if not char.encode(LETTERS_OF[language], "ignore")
    }
    assert strange == set()


@pytest.mark.parametrize("language", [language for language in OTHERS if language in SCRIPTS_OF])
def test_it_is_written_in_its_own_script(language: str) -> None:
    scripts = SCRIPTS_OF[language]
    for key, form in told(language):
        text = without_gaps(form)
        assert not letters(text) or any(unicodedata.name(char).startswith(scripts) for char in text), key
        latin = set(re.findall(r"[A-Za-z]+", text))
        assert latin <= LATIN_THERE, key


def test_japanese_is_more_than_chinese_letters() -> None:
    if "ja" not in languages():
        pytest.fail("no Japanese")
    kana = sum(
        unicodedata.name(char, "").startswith(("HIRAGANA", "KATAKANA"))
        for _, form in told("ja")
        for char in form
    )
    assert kana > len(sentences("ja")) * 3


@pytest.mark.parametrize("language", languages())
def test_quotes_and_apostrophes_are_curved(language: str) -> None:
    assert offenders(language, r"[\"'`\u00b4]") == []


@pytest.mark.parametrize("language", languages())
def test_spaces_stand_where_they_belong(language: str) -> None:
    assert offenders(language, r"^\s|\s$|\s\s|[\u00a0\t\n]|!!|！！|\s[,.]|\.\.") == []


@pytest.mark.parametrize("language", languages())
def test_no_link_says_only_where_to_press(language: str) -> None:
    assert offenders(language, LINKS_WITHOUT_AN_AIM[language]) == []


@pytest.mark.parametrize("language", languages())
def test_readers_are_spoken_to_politely(language: str) -> None:
    assert offenders(language, TOO_CLOSE[language]) == []


@pytest.mark.parametrize("language", languages())
def test_words_of_the_progress_strip_and_of_buttons_have_room(language: str) -> None:
    """In columns (a letter of China, Japan or Korea has two): four steps share 343 pixels, a button has
    the width of a phone."""
    for key, form in told(language):
        wide = width(without_gaps(form))
        if key in ("progress.confirmed", "progress.preparing", "progress.shipped", "progress.delivered"):
            assert wide <= 12, key
        if key.endswith((".button", ".button.several")):
            assert wide <= 28, key


@pytest.mark.parametrize("language", languages())
def test_subjects_and_what_stands_beside_them_have_room(language: str) -> None:
    for key, form in told(language):
        own = width(without_gaps(form))
        if ".subject" in key and key != "page.help.subject":
            assert own <= 66, key
        if ".preheader" in key:
            assert own <= 90, key
            assert gaps(form) or own >= 40, key


def test_french_stands_off_its_high_signs() -> None:
    for key, form in told("fr"):
        assert not re.search(rf"[^{NARROW}][;:?!»]|«[^{NARROW}]", form), key
        assert not re.search(rf"{NARROW}[^;:?!»]", form.replace(f"«{NARROW}", "")), key


def test_spanish_opens_what_it_closes() -> None:
    for key, form in told("es"):
        assert form.count("¿") == form.count("?"), key
        assert form.count("¡") == form.count("!"), key
        assert not re.search(r"[¿¡]\s|\s[?!]", form), key


@pytest.mark.parametrize("language", [one for one in ("ja", "zh_Hans", "zh_Hant") if one in languages()])
def test_letters_of_two_columns_have_signs_of_two_columns(language: str) -> None:
    for key, form in told(language):
        assert not re.search(r"[\u3040-\u30ff\u4e00-\u9fff][,.;:?!]", form), key
