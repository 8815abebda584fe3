"""Each rule finds the page that breaks it and no other: one change to a clean page, one rule."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from emails.i18n import languages
from emails.linting import findings as rules
from emails.linting.links import EMPTY_WORDS
from emails.message import RenderedMail
from flows.facts import MailClass
from tests.emails.linting.clean_page import BUTTON, CLEAN, FOOTER, HEADLINE, HTML, ROW, STARS, TEXT, found_in

IMG = '<img src="https://cdn.example/bag.png" width="72" alt="">'

BROKEN: dict[str, tuple[str, str, str, str]] = {
    # what it is: the rule, what is taken out, what stands there instead, what is said
    "a tag that is not closed": ("tags", "</h1>", "", "is open"),
    "two headlines": ("one_headline", TEXT, HEADLINE + TEXT, "2 main headlines"),
    "no headline": ("one_headline", HEADLINE, "", "0 main headlines"),
    "no language": ("language", ' lang="en"', "", "language is en"),
    "another language": ("language", 'lang="en"', 'lang="fr"', "language is en"),
    "no direction": ("direction", ' dir="ltr"', "", "direction"),
    "a script": ("forbidden", TEXT, TEXT + "<script>1</script>", "<script>"),
    "a handler": ("forbidden", "<p class", '<p onclick="x()" class', "onclick"),
    "a style that loads": ("loads", "margin:0;", "margin:0;background:url(x);", "loads"),
    "a sheet that loads": ("loads", ":root {", ".none { background: url(x) } :root {", "loads"),
    "a table that lays out": ("tables", ROW, ROW.replace(' role="presentation"', ""), "role=presentation"),
    "a small headline": ("headline_size", "font-size:26px", "font-size:20px", "20 px"),
    "a large headline": ("headline_size", "font-size:26px", "font-size:30px", "30 px"),
    "a long headline": ("headline_lines", "is on its way.</h1>", "is on its way. " * 8 + "</h1>", "lines"),
    "a small text": ("text_size", '<td class="ink">', '<td class="ink" style="font-size:13px">', "13 px"),
    "a footer below the law": ("text_size", "font-size:12px", "font-size:11px", "11 px"),
    "a small text where it is small by night": (
        "text_size",
        ".wide {",
        ".legal { font-size: 11px !important; } .wide {",
        "11 px",
    ),
    "lines on each other": (
        *("line_height", TEXT),
        TEXT.replace('">It', ';line-height:4px">' + "It left on Monday. " * 6 + "It"),
        "lie on each other",
    ),
    "a large body": ("body_size", TEXT, TEXT.replace("16px", "20px"), "20 px"),
    "pale by day": ("contrast", TEXT, TEXT.replace('">It', ';color:#aaaaaa">It'), "By day"),
    "pale by night": ("contrast", "color: #f0ebe6", "color: #444444", "On a dark screen"),
    "a pale button": ("contrast", "color:#ffffff;background", "color:#b06a42;background", "By day"),
    "a low button": ("target", "padding:12px 28px", "padding:3px 28px", "only 30 px high"),
    "a narrow button": ("target", "padding:12px 28px", "width:20px;padding:12px 0", "20 px wide"),
    "narrow stars": ("target", STARS, STARS.replace('width="20%"', 'width="30"'), "only 30 px wide"),
    "a small picture that is a link": (
        *("target", IMG),
        f'<a href="https://shop.example/l/1" aria-label="Bag">{IMG.replace("72", "30")}</a>',
        "30 px",
    ),
    "too wide": ("too_wide", "max-width:600px", "width:700px", "700 px"),
    "more columns than a phone has": (
        *("too_narrow", ROW),
        ROW.replace("<td class", "<td>It left</td>" * 30 + "<td class"),
        "on a phone",
    ),
    "gaps that leave nothing": (
        *("too_narrow", TEXT),
        f'<div style="padding:0 99px"><div style="padding:0 99px">{TEXT}</div></div>',
        "on a phone",
    ),
    "a block too wide for a phone": ("too_wide", TEXT, f'<div style="width:500px">{TEXT}</div>', "max-width"),
    "a picture too wide for a phone": (
        *("too_wide", IMG),
        IMG.replace('width="72" alt=""', 'width="500" alt="Bag"'),
        "375",
    ),
    "two columns": (
        *("one_column", ROW),
        ROW.replace(IMG, "It left on Monday. " * 6).replace("Night Ferry", "Night Ferry" * 8),
        "side by side",
    ),
    "no words for a picture": ("alt", IMG, IMG.replace(' alt=""', ""), "no words"),
    "the name of a file": ("alt", IMG, IMG.replace('alt=""', 'alt="IMG_12.jpg"'), "IMG_12.jpg"),
    "a picture alone": ("alt", ROW, f"<div>{IMG}</div>", "stands alone"),
    "a picture that is a link without words": (
        *("alt", IMG),
        f'<a href="https://shop.example/l/1">{IMG}</a>',
        "where it leads",
    ),
    "an http picture": ("picture_address", "https://cdn", "http://cdn", "https://"),
    "a picture without width": ("picture_width", ' width="72" alt', " alt", "width"),
    "an enormous picture": ("picture_width", IMG, IMG.replace("72", "1200"), "1200 px"),
    "a link to nowhere": ("link_address", "https://shop.example/l/where", "#", "nowhere"),
    "a link that runs": ("link_address", "https://shop.example/l/where", "javascript:x", "full web address"),
    "a link without a domain": (
        "link_address",
        "https://shop.example/l/where",
        "https://shop/x",
        "no domain",
    ),
    "a bad mail address": ("link_address", "https://shop.example/l/where", "mailto:nobody", "mail address"),
    "a shortener": ("shortener", "https://shop.example/l/where", "https://bit.ly/x", "bit.ly"),
    "a link without words": ("link_words", ">where it is<", "><", "no words"),
    "a bare address": ("link_words", "where it is", "www.shop.example/where", "instead of words"),
    "no way to leave": ("leaving", FOOTER, "", "unsubscribe"),
    "a style of few": ("support", "margin:0;", "margin:0;position:absolute;", "position"),
    "a value of few": ("support", "margin:0;", "margin:0;display:flex;", "flex"),
    "a function": ("support", "max-width:600px", "max-width:calc(100%)", "calc"),
    "an element of few": ("support", TEXT, f"<section>{TEXT}</section>", "<section>"),
    "a style of few in a sheet": ("support", ":root {", ":root { gap: 2px;", "gap"),
    "a rule of few": ("support", ":root {", "@font-face { font-family: x; } :root {", "@font-face"),
    "an open gap": ("open_gap", "It left on Monday", "It left on {day}", "{day}"),
    "an open gap of the merchant's": (
        "open_gap",
        "It left on Monday",
        "{{ order.number }} left",
        "order.number",
    ),
    "an open gap where letters around it have no size": (
        *("open_gap", TEXT),
        f'<div style="font-size:0px">{TEXT.replace("It left on Monday", "It left on {day}")}</div>',
        "{day}",
    ),
    "a raw key": ("raw_key", "It left on Monday", "shipped.subject", "shipped.subject"),
    "too large": ("size", "</body>", "<!--" + "y" * 102_000 + "--></body>", "102"),
}
# What a broken page breaks besides, because one thing cannot be without the other.
ALSO = {
    "a tag that is not closed": {"headline_lines"},
    "an enormous picture": {"too_wide", "alt"},
    "a picture too wide for a phone": set[str](),
    "a link to nowhere": {"link_in_text"},
    "a link that runs": {"link_in_text"},
    "a link without a domain": {"link_in_text"},
    "a bad mail address": {"link_in_text"},
    "a shortener": {"link_in_text"},
    "a rule of few": set[str](),
}


def test_every_rule_has_a_page_that_breaks_it() -> None:
    """Named in the source, each must be in the tables of this file."""
    source = "".join(path.read_text("utf-8") for path in Path(rules.__file__).parent.glob("*.py"))
    named = set(re.findall(r'Finding\(\s*"(\w+)"', source))
    assert named == {broken[0] for broken in BROKEN.values()} | {rule for rule, _ in AROUND} | {
        "text_part",
        "not_translated",
    }


def test_nothing_is_found_in_a_clean_page() -> None:
    assert found_in(CLEAN) == ()


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_page_breaks_its_rule_alone(what: str) -> None:
    rule, taken, put, said = BROKEN[what]
    assert taken in HTML
    found = found_in(replace(CLEAN, html=HTML.replace(taken, put)))
    assert rule in {one.rule for one in found}
    assert {one.rule for one in found} <= {rule} | ALSO.get(what, set())
    assert any(said in one.says for one in found if one.rule == rule), found
    assert all(one.says.endswith((".", "?")) or ": " in one.says for one in found)


AROUND = [
    ("subject", replace(CLEAN, subject="x" * 79)),
    ("subject", replace(CLEAN, subject=" ")),
    ("preheader", replace(CLEAN, preheader="Too short")),
    ("preheader", replace(CLEAN, preheader="x" * 91)),
    ("preheader", replace(CLEAN, preheader="四十文字に足りない見出し")),
    ("preheader_repeats", replace(CLEAN, subject=CLEAN.preheader)),
    ("preheader_repeats", replace(CLEAN, preheader="On its way: order 7, with you on Friday. Look.")),
    ("text_lines", replace(CLEAN, text=CLEAN.text + "x" * 73)),
    ("link_in_text", replace(CLEAN, text=CLEAN.text.replace("https://shop.example/l/where", ""))),
    ("open_gap", replace(CLEAN, subject="On its way: order {number}")),
]


@pytest.mark.parametrize(("rule", "mail"), AROUND)
def test_what_is_found_around_the_page(rule: str, mail: RenderedMail) -> None:
    assert {one.rule for one in found_in(mail)} == {rule}


def test_a_mail_without_a_text_part() -> None:
    assert {"text_part", "link_in_text"} == {one.rule for one in found_in(replace(CLEAN, text=""))}


def test_an_order_mail_needs_no_way_to_leave() -> None:
    html = replace(CLEAN, html=HTML.replace(FOOTER, ""))
    assert found_in(html, mail_class=MailClass.TRANSACTIONAL) == ()
    assert [one.rule for one in found_in(html, mail_class=MailClass.SERVICE)] == ["leaving"]


# Of each language what its readers would most likely find in a mail of somebody else.
CLICK_HERE = {
    "de": "Hier klicken",
    "en": "Click here",
    "es": "Haga clic aquí",
    "fr": "Cliquez ici",
    "ja": "こちらをクリック",
    "ko": "여기를 클릭하세요",
    "ms": "Klik di sini",
    "zh_Hans": "点击这里",
    "zh_Hant": "點擊這裡",
}


@pytest.mark.parametrize("words", sorted({*EMPTY_WORDS, *CLICK_HERE.values()}))
def test_words_that_do_not_say_where(words: str) -> None:
    found = found_in(replace(CLEAN, html=HTML.replace("where it is", f"{words.capitalize()} …")))
    assert [one.rule for one in found] == ["link_words"]


def test_no_language_is_without_such_words() -> None:
    assert CLICK_HERE.keys() == set(languages())


@pytest.mark.parametrize("language", [name for name in languages() if name != "en"])
def test_a_sentence_left_in_english(language: str) -> None:
    html = HTML.replace('lang="en"', f'lang="{language.replace("_", "-")}"')
    found = found_in(replace(CLEAN, html=html.replace("Follow the parcel", "See where it is")), language)
    assert {one.rule for one in found} == {"not_translated"}
    assert "See where it is" in {one.where for one in found}
    assert "" not in {one.where for one in found}


@pytest.mark.parametrize(("box", "is_ours"), [("side", True), ("side own", False)])
def test_the_merchants_own_block_is_in_their_language(box: str, is_ours: bool) -> None:
    block = f'<table role="presentation"><tr><td class="{box}">See where it is</td></tr></table>'
    html = HTML.replace('lang="en"', 'lang="de"').replace(BUTTON, BUTTON + block)
    found = {one.where for one in found_in(replace(CLEAN, html=html), "de")}
    assert ("See where it is" in found) is is_ours


def test_a_logo_is_low_and_long() -> None:
    picture = '<img src="https://cdn.example/logo.png" width="150" height="{}" alt="Shop">'
    logo = f'<a href="https://shop.example/l/1">{picture}</a>'
    assert found_in(replace(CLEAN, html=HTML.replace(BUTTON, BUTTON + logo.format(30)))) == ()
    low = found_in(replace(CLEAN, html=HTML.replace(BUTTON, BUTTON + logo.format(12))))
    assert {one.rule for one in low} == {"target"}
