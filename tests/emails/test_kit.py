"""The kit: MJML that is MJML, one compilation for all brands, and the pieces that no shipped mail uses."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Template

from emails import columns
from emails.compiling import compiled as compiling
from emails.compiling.blocks import blocks_of
from emails.compiling.compiled import END_OF_HEAD, compiled, compiles, environment
from emails.compiling.kit import as_mjml, html_kit
from emails.compiling.lean import with_pieces_in_place
from emails.compiling.source import read
from emails.compiling.style import filled, style_of
from emails.i18n import Texts, languages
from emails.message import MailContext, RenderedMail
from emails.render import compile_all, render, template_names
from emails.view import values_of
from emails.voice import voice_for
from tests.emails import cases
from tests.emails.samples import HOLLOW_PINE, LARKHUS
from tests.emails.sound import findings

_EVERYWHERE = frozenset(("css-class", "mj-class"))
_BOX = frozenset(("padding", "background-color", "direction", "text-align", "vertical-align"))
_TYPE = frozenset(("font-family", "font-size", "font-weight", "line-height", "color", "align", "padding"))
# As documentation.mjml.io names them: what is misspelt, mrml passes over in silence.
MJML = {
    "mjml": frozenset(("lang", "dir")),
    "mj-head": frozenset[str](),
    "mj-title": frozenset[str](),
    "mj-raw": frozenset[str](),
    "mj-style": frozenset[str](),
    "mj-attributes": frozenset[str](),
    "mj-class": _TYPE | {"name"},
    "mj-all": _TYPE,
    "mj-body": frozenset(("width", "background-color")),
    "mj-section": _BOX,
    "mj-column": _BOX,
    "mj-text": _TYPE,
    "mj-table": _TYPE | {"role", "table-layout", "width"},
    "mj-divider": frozenset(("border-color", "border-width", "padding")),
    "mj-image": frozenset(("src", "alt", "href", "width", "padding")),
    "mj-button": _TYPE | {"href", "background-color", "border", "border-radius", "inner-padding"},
}


class _Names(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not tag.startswith("mj"):
            return
        known = MJML.get(tag)
        if known is None:
            self.wrong.append(tag)
        else:
            self.wrong.extend(f"{tag} {name}" for name, _ in attrs if name not in known | _EVERYWHERE)


def wrong_names(source: str) -> list[str]:
    reader = _Names()
    reader.feed(source)
    return reader.wrong


def test_every_component_and_attribute_is_one_of_mjml() -> None:
    assert wrong_names(as_mjml(read("kit.mjml") or "")) == []
    assert wrong_names('<mj-txt/><mj-text colour="red"/>') == ["mj-txt", "mj-text colour"]


def test_every_mark_of_the_kit_is_filled_in() -> None:
    for template in template_names()[:6]:
        mail = render(template, cases.STATES[template][0](cases.plain()), "ja")
        assert re.findall(r"@[a-z_]+@", mail.html) == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_line_of_a_page_is_too_long_to_travel(language: str) -> None:
    brand = replace(
        HOLLOW_PINE,
        logo="https://cdn.hollow-pine.example/day.png",
        night_logo="https://cdn.hollow-pine.example/night.png",
    )
    for template in template_names():
        context = replace(cases.STATES[template][0](cases.plain()), brand=brand)
        numbered = render(template, context, language).html.encode("ascii", "xmlcharrefreplace")
        assert max(map(len, numbered.splitlines())) <= 900, template


def test_letters_are_large_enough_to_be_read() -> None:
    """14 pixels; 12 for the legal lines at the foot, nothing for what holds no words."""
    sizes = {int(size) for size in re.findall(r"font-size:(\d+)(?:px)?", html_kit().pieces)}
    assert {size for size in sizes if 1 < size < 14} <= {13}, "13: what mrml says of pictures"
    assert re.findall(r"font-size:12px", html_kit().layout) == ["font-size:12px"]


def test_nothing_is_compiled_while_mails_are_sent() -> None:
    compile_all()
    before = compiles()
    for number, template in enumerate(template_names()):
        context = cases.STATES[template][0](cases.plain())
        brand = replace(HOLLOW_PINE, accent=f"#{number:02x}4a22")
        moved = replace(context, arrangement=("own", *reversed([one.name for one in blocks_of(template)])))
        for order in (context, replace(context, brand=brand), replace(context, brand=LARKHUS), moved):
            render(template, order, languages()[number % len(languages())])
    assert compiles() == before
    compiled.cache_clear()
    render(template_names()[0], cases.plain(), "en")
    assert compiles() > 0


def test_a_brand_s_look_is_in_its_mails_and_in_no_other_s() -> None:
    pine = render("order_confirmation/confirmation", cases.plain(), "en").html
    lark = render("order_confirmation/confirmation", replace(cases.plain(), brand=LARKHUS), "en").html
    assert HOLLOW_PINE.accent in pine and HOLLOW_PINE.accent not in lark
    assert LARKHUS.accent in lark and LARKHUS.accent not in pine


def test_a_font_cannot_leave_its_style() -> None:
    brand = replace(HOLLOW_PINE, body_font='x"><script>alert(1)</script>', accent="red;}</style><script>")
    assert (
        "<script"
        not in render("order_confirmation/confirmation", replace(cases.plain(), brand=brand), "en").html
    )


@dataclass(frozen=True)
class Face:
    face: str
    word: str
    link: str


@dataclass(frozen=True)
class Points:
    count: int
    worth: str
    missing: int
    share: int
    reward: str


@dataclass(frozen=True)
class Shared:
    friend_gets: str
    reader_gets: str
    terms: str
    link: str


@dataclass(frozen=True)
class Review:
    stars: int
    text: str
    name: str


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    picture: str | None


def specimen_values() -> dict[str, object]:
    at = "https://hollow-pine.example/l"
    return {
        "hero": "https://cdn.hollow-pine.example/autumn.png",
        "faces": tuple(
            Face(face, word, f"{at}/{word.lower()}")
            for face, word in (
                ("\N{WHITE FROWNING FACE}", "Bad"),
                ("\N{NEUTRAL FACE}", "Okay"),
                ("\N{WHITE SMILING FACE}", "Good"),
            )
        ),
        "scale": tuple(f"{at}/score-{score}" for score in range(11)),
        "points": Points(1_240, "$12.40", 260, 83, "a free bag"),
        "shared": Shared("10 % off", "$5.00", "For a first order from $30.", f"{at}/friend"),
        "review": Review(4, "The <b>best</b> cup of the week & no bitter end.", "Nora W."),
        "steps": (
            Step("Grind", "Medium, like sea salt.", "https://cdn.hollow-pine.example/grind.png"),
            Step("Pour", "In three rounds, half a minute each.", None),
        ),
        "guide": f"{at}/guide",
        "square": "https://hollow-pine.example/qr/guide.png",
    }


def specimen(context: MailContext, language: str, monkeypatch: pytest.MonkeyPatch) -> RenderedMail:
    """The kit's page, compiled as a mail is."""
    page = (Path(__file__).parent / "specimen" / "kit.j2").read_text()
    monkeypatch.setattr(
        "emails.compiling.source.read", lambda name: page if name == "specimen/kit.j2" else read(name)
    )
    text, html = compiling.sources("specimen/kit")
    voice = voice_for(context, language)
    values = {**values_of(context, voice), **specimen_values(), "own_text": "", "own_html": ""}
    plain, marked = environment(markup=False), environment(markup=True)
    printed = plain.from_string(text).render({**values, "t": voice.words})
    subject, preheader, written = printed.split(END_OF_HEAD, 2)
    style = style_of(context.brand, language, voice.locale.text_direction)
    code = filled(marked.compile(with_pieces_in_place(marked.parse(html))), style)
    shown = {**values, "t": Texts(voice.locale, markup=True), "subject": subject, "preheader": preheader}
    page_html = Template.from_code(marked, code, marked.globals).render(shown)
    return RenderedMail(subject, preheader, page_html, columns.tidy(written))


@pytest.mark.parametrize("language", languages())
def test_the_pieces_that_no_mail_uses_yet(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = specimen(cases.plain(), language, monkeypatch)
    assert findings(mail) == ()
    assert mail.html.count("score-") == mail.text.count("score-") == 11
    assert "&lt;b&gt;best&lt;/b&gt;" in mail.html
    assert "<b>best</b>" in mail.text.replace("\n  ", " ")
    assert re.search(r'class="side wide"[^>]*>\s*<table', mail.html)
