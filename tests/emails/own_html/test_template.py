"""The language of a merchant's own block: what it prints, and that nothing gets out of it or holds it up."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from time import process_time

import pytest

from emails.own_html.block import own_block
from emails.own_html.printing import printed
from emails.own_html.published import LISTS, VALUES, published
from emails.own_html.reading import read
from emails.own_html.refused import Refused
from emails.voice import voice_for
from tests.emails.own_html.escapes import BOMBS, ESCAPES
from tests.emails.samples import coffee

ORDER = coffee()
LONG = replace(ORDER, lines=ORDER.lines * 100)


def said(source: str) -> str:
    return printed(read(source), published(ORDER, voice_for(ORDER, "en")))


def reason(source: str) -> str:
    with pytest.raises(Refused) as refused:
        own_block(source, ORDER, "en")
    return refused.value.sentence


@pytest.mark.parametrize(
    ("source", "prints"),
    [
        ("Hi {{ name }}", "Hi Nora"),
        ("{{ order.number }} of {{ shop.name }}", "#1047 of Hollow Pine Coffee"),
        ("{{ name|upper }} {{ name|lower }}", "NORA nora"),
        ("{{ coupon.code|default('no code') }}", "no code"),
        ('{{ lines|join(", ", attribute="title") }}', "Night Ferry, Alder Creek, Enamel cup"),
        ("{{ lines|length }}", "3"),
        (
            "{% for line in lines %}{{ loop.index }} {{ line.title }}{% if not loop.last %}, {% endif %}"
            "{% endfor %}",
            "1 Night Ferry, 2 Alder Creek, 3 Enamel cup",
        ),
        ("{% for pick in picks %}x{% else %}none{% endfor %}", "none"),
        ("{% if order.pieces > 3 %}many{% elif order.pieces == 1 %}one{% else %}few{% endif %}", "many"),
        ("{% if coupon.code is defined %}x{% endif %}", ""),
        ("{% if name and not coupon.code %}yes{% endif %}", "yes"),
        ("{% if coupon.code or name == 'Nora' %}yes{% endif %}", "yes"),
        ("{% if name < 3 or lines|length == 'x' %}yes{% else %}no{% endif %}", "no"),
        ("{% if name != 3 %}yes{% endif %}", "yes"),
        ("{# not printed #}{% raw %}{{ name }}{% endraw %}", "{{ name }}"),
        ("{{ coupon.code }}", ""),
    ],
)
def test_what_it_prints(source: str, prints: str) -> None:
    assert said(source) == prints


def test_what_a_shopper_wrote_is_never_markup() -> None:
    named = replace(ORDER, lines=(replace(ORDER.lines[0], title='<b onclick="x">{{ name }}</b>'),))
    html = own_block("<p>{% for line in lines %}{{ line.title }}{% endfor %}</p>", named, "en").html
    assert "&lt;b onclick" in html
    assert "{{ name }}" in html


@pytest.mark.parametrize("source", ESCAPES)
def test_an_escape_is_refused(source: str) -> None:
    assert reason(source)


def test_there_are_enough_escapes() -> None:
    assert len(set(ESCAPES)) >= 100


def test_each_row_that_is_joined_is_a_step() -> None:
    """Words that are only compared are in nobody's way as output; making them takes as long."""
    joined = " or ".join(['lines|join("", attribute="title")|upper == "x"'] * 8)
    source = f"{{% for line in lines %}}{{% if {joined} %}}x{{% endif %}}{{% endfor %}}"
    with pytest.raises(Refused, match="too many steps"):
        own_block(source, LONG, "en")
    assert own_block(source, ORDER, "en").html == ""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends(name: str) -> None:
    began = process_time()
    try:
        assert len(own_block(BOMBS[name], LONG, "en").html) < 60_000
    except Refused as refused:
        assert refused.says
    assert process_time() - began < 2
    assert said("{{ name }}") == "Nora", "and the next mail is written"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ ordr.number }}", "Line 1: ordr.number is no value that a mail has. Did you mean order.number?"),
        ("a\n{{ order }}", "Line 2: order is no value that a mail has. Did you mean order.number?"),
        ("{{ lines }}", "Line 1: lines is a list: print its rows in a loop, {% for line in lines %}."),
        (
            "{{ lines or name }}",
            "Line 1: lines is a list: print its rows in a loop, {% for line in lines %}.",
        ),
        ("{{ (name and lines)|upper }}", "Line 1: upper cannot be used with a list."),
        ("{{ 0x" + "f" * 5000 + " }}", "Line 1: There is a number that nobody can read."),
        ("{% if 1e400 > 2 %}x{% endif %}", "Line 1: There is a number that nobody can read."),
        ("{% for x in orders %}{% endfor %}", "Line 1: A loop goes over lines or picks."),
        (
            "{{ name|title }}",
            "Line 1: title cannot be used here. There are upper, lower, length, default, join.",
        ),
        ("{{ range(3) }}", "Line 1: Calls cannot be used here."),
        ("{{ 1 + 1 }}", "Line 1: Sums cannot be made here."),
        ("{{ lines[0] }}", "Line 1: Square brackets cannot be used here. Write a dot and the name."),
        (
            "{{ name",
            "Line 1: This cannot be read: unexpected end of template, expected 'end of print statement'.",
        ),
    ],
)
def test_a_refusal_says_where_and_why(source: str, words: str) -> None:
    assert reason(source) == words


def test_every_published_value_can_be_printed() -> None:
    for name in VALUES:
        said(f"{{{{ {name} }}}}")
    for over, fields in LISTS.items():
        for field in fields:
            said(f"{{% for row in {over} %}}{{{{ row.{field} }}}}{{% endfor %}}")
    assert VALUES.keys() | LISTS.keys() == published(ORDER, voice_for(ORDER, "en")).keys()


def test_what_it_costs_a_mail(figure: Callable[[str, float], None]) -> None:
    source = (
        "<h3>Hello {{ name|default('there') }}</h3><p>Your order {{ order.number }} of {{ order.date }}: "
        '<a href="https://shop.example/care">how to care for it</a>.</p>'
        "<ul>{% for line in lines %}<li>{{ line.quantity }} x {{ line.title }}</li>{% endfor %}</ul>"
    )
    own_block(source, ORDER, "en")
    began = process_time()
    for _ in range(200):
        own_block(source, ORDER, "en")
    each = (process_time() - began) / 200 * 1_000
    figure("milliseconds of the processor for an own block", each)
    assert each < 4, "0.9 on a busy machine"


PIECES = (
    *("{{", "}}", "{%", "%}", "{#", "#}", "{%-", "-%}", " ", "\n", "'", '"', "|", ".", "(", ")", "[", "]"),
    *("name", "order", "number", "lines", "line", "loop", "_", "__class__", "upper", "default", "join"),
    *("if", "elif", "else", "endif", "for", "in", "endfor", "set", "macro", "block", "raw", "endraw", "is"),
    *("not", "and", "or", "defined", "==", "<", ">", "~", "*", "**", "+", "-", "/", "%", "1", "1e9", "0x"),
    ",",
    *("<a href=", "<p>", "</p>", "<!--", "-->", "<table>", "<td>", "&amp;", "&#0;", "\0", "\ud800", "\u202e"),
    *("{{ name }}", "{{ order.number }}", "{% if name %}", "{% endif %}", "{% for line in lines %}"),
    *("{% endfor %}", "{{ line.title }}", "{{ name|upper }}"),
)


def test_drawn_sources_end_in_a_mail_or_in_a_refusal(count: Callable[[int, int], int]) -> None:
    draw, written = random.Random(7), 0
    for _ in range(count(2_000, 20_000)):
        source = "".join(draw.choices(PIECES, k=draw.randint(1, 14)))
        try:
            block = own_block(source, ORDER, "en")
        except Refused:
            continue
        written += 1
        block.html.encode()
        block.text.encode()
    assert written > 100
