"""Templates made lean print what Jinja prints by itself, and hold no branch that no mail can take."""

from __future__ import annotations

from itertools import product

import pytest
from jinja2 import Environment, StrictUndefined, Template

from emails.compiling.compiled import environment
from emails.compiling.lean import with_pieces_in_place

PIECES = """
{% macro say(text, quiet=false, at=0) %}
{% if quiet %}<small>{{ text }}</small>
{% elif at %}<b>{{ text }}{{ at }}</b>
{% else %}<p>{{ text }}</p>{% endif %}
{{ "in" if not quiet else "<out>" }}
{% endmacro %}
{% macro twice(text, quiet=false) %}
{% set quiet = not quiet %}{{ say(text, quiet) }}{{ say(text, at=2) }}
{% endmacro %}
{% macro over(quiet=true) %}
{% for quiet in things %}{{ say(quiet) }}{% endfor %}{{ say("x", quiet=quiet) }}
{% endmacro %}
"""
BODIES = {
    "known": "{{ say(word, quiet=true) }}{{ say(word, at=3) }}{{ say(word) }}",
    "asked": "{{ say(word, quiet=flag) }}{{ say(word, at=count) }}",
    "set again": "{{ twice(word) }}{{ twice(word, quiet=true) }}",
    "taken by a loop": "{{ over() }}{{ over(false) }}",
    "chosen": "{{ say('a', quiet=true) if true else say('b') }}{{ 'a&b' if flag else '<' }}{{ 'a' if 0 }}",
    "places": "{% for one in things %}{{ loop.index }}{{ loop.first }}{{ loop.last }}{{ one }}{% endfor %}",
    "places within": "{% for one in things %}{{ loop.index }}:"
    "{% for two in things %}{{ loop.index0 }}{{ two }}{% endfor %}{{ loop.last }}{% endfor %}",
    "two names": "{% for one, two in pairs %}{{ one }}{{ two }}{{ loop.last }}{% endfor %}",
    "left out": "{% for one in things if one != '<1>' %}{{ loop.index }}{{ loop.last }}{{ one }}{% endfor %}",
    "none": "{% for one in things %}{{ loop.index }}{% else %}nothing{% endfor %}",
}


@pytest.mark.parametrize("markup", [False, True])
@pytest.mark.parametrize("name", BODIES)
def test_it_prints_what_jinja_prints(name: str, markup: bool) -> None:
    source = PIECES + BODIES[name]
    usual = Environment(autoescape=markup, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    lean = made_lean(source, markup)
    for flag, count, many in product((False, True), (0, 2), range(4)):
        values = {
            "word": "a <word> & more",
            "flag": flag,
            "count": count,
            "things": [f"<{at}>" for at in range(many)],
            "pairs": [(at, "&") for at in range(many)],
        }
        assert lean.render(values) == usual.from_string(source).render(values), values


def made_lean(source: str, markup: bool) -> Template:
    made = environment(markup=markup)
    return Template.from_code(made, made.compile(with_pieces_in_place(made.parse(source))), made.globals)


def test_what_no_mail_can_take_is_not_there() -> None:
    made = environment(markup=True)
    code = made.compile(with_pieces_in_place(made.parse(PIECES + BODIES["known"])), raw=True)
    assert code.count("<small>") == code.count("<b>") == code.count("<p>") == 1
    assert "LoopContext(" not in made.compile(
        with_pieces_in_place(made.parse(BODIES["places within"])), raw=True
    )
