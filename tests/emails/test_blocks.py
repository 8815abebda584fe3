"""Mails whose blocks a merchant moved, switched off, or put something of their own between."""

from __future__ import annotations

from dataclasses import replace

import pytest
from jinja2 import TemplateNotFound

from emails.compiling.blocks import arranged, blocks_of
from emails.render import render, template_names
from tests.emails import cases
from tests.emails.samples import coffee
from tests.emails.sound import findings

CONFIRMATION = "order_confirmation/confirmation"
SHIPPED = ("headline", "lead", "progress", "button", "lines", "totals", "address", "next", "help")


def names_of(template: str) -> tuple[str, ...]:
    return tuple(block.name for block in blocks_of(template))


def test_blocks_are_told_in_the_order_in_which_they_are_shipped() -> None:
    assert names_of(CONFIRMATION) == SHIPPED
    assert [block.name for block in blocks_of(CONFIRMATION) if block.fixed] == ["headline", "totals"]
    assert arranged(CONFIRMATION, None) == SHIPPED


@pytest.mark.parametrize("template", template_names())
def test_every_mail_begins_with_its_headline_and_every_block_has_a_label(template: str) -> None:
    blocks = blocks_of(template)
    assert blocks[0].name == "headline"
    assert all(block.label for block in blocks)
    assert len({block.name for block in blocks}) == len(blocks)


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("review_request/ask", "stars"),
        ("arrival_check/asked", "answers"),
        ("win_back/offer", "coupon"),
        (CONFIRMATION, "totals"),
    ],
)
def test_what_a_mail_is_there_for_is_put_back(template: str, name: str) -> None:
    assert name in arranged(template, ())
    assert arranged(template, ())[0] == "headline"


def test_an_arrangement_is_kept_as_far_as_it_may_be() -> None:
    assert arranged(CONFIRMATION, ("headline", "help", "own", "totals", "lead")) == (
        "headline",
        "help",
        "own",
        "totals",
        "lead",
    )
    assert arranged(CONFIRMATION, ("totals", "lines", "headline")) == ("headline", "totals", "lines")
    assert arranged(CONFIRMATION, ("lead", "lead", "nothing", "coupon")) == ("headline", "lead", "totals")
    assert arranged(CONFIRMATION, ("lines", "own")) == ("headline", "lines", "totals", "own")
    assert arranged(CONFIRMATION, ("lead", "headline", "lines"))[:1] == ("headline",)


def test_a_mail_without_such_a_name_is_not_there() -> None:
    for name in ("no/such", "../secret", "order_confirmation", "order_confirmation/"):
        with pytest.raises(TemplateNotFound):
            blocks_of(name)


def test_blocks_come_in_the_merchants_order_in_both_parts() -> None:
    context = replace(
        cases.plain(),
        arrangement=("headline", "help", "own", "lead", "totals"),
        own_html="<p>Bring the <em>jar</em> back.</p>",
        own_text="Bring the jar back.",
    )
    mail = render(CONFIRMATION, context, "en")
    assert findings(mail) == ()
    for part in (mail.text, mail.html):
        places = [part.index(words) for words in ("Thank you, Nora", "Questions?", "Bring the", "HELLO5")]
        assert places == sorted(places)
        assert "Night Ferry" not in part
        assert "Ships to" not in part
    assert "<em>jar</em>" in mail.html
    assert "\nBring the jar back.\n" in mail.text


def test_the_merchants_own_block_stands_nowhere_unless_it_was_placed() -> None:
    context = replace(coffee(), own_html="<p>Mine</p>", own_text="Mine")
    mail = render(CONFIRMATION, context, "en")
    assert "Mine" not in mail.html + mail.text


@pytest.mark.parametrize("template", template_names())
def test_every_mail_stands_with_nothing_but_what_is_fixed_and_turned_around(template: str) -> None:
    context = cases.STATES[template][0](cases.plain())
    backwards = tuple(reversed(names_of(template)))
    for arrangement in ((), backwards, ("own", *backwards)):
        mail = render(template, replace(context, arrangement=arrangement, own_html="<p>x</p>"), "en")
        assert findings(mail) == ()
