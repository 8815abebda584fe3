"""Whatever a store's texts hold, a mail keeps its shape: they are words in it and nothing else."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from emails.linting.findings import findings
from emails.message import MailContext
from emails.render import render
from flows.commerce import Address
from flows.facts import MailClass
from tests.emails import cases
from tests.emails.naughty import STRINGS
from tests.emails.samples import coffee
from tests.proof import Count, Figure

CONFIRMATION = "order_confirmation/confirmation"
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\ud800-\udfff]")


class _Shape(HTMLParser):
    """Tags with the names of their attributes, and nothing of what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.shape: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append(f"<{tag} {' '.join(name for name, _ in attrs)}>")

    def handle_endtag(self, tag: str) -> None:
        self.shape.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.shape.append(f"<!--{data}-->")


def shape_of(html: str) -> list[str]:
    reader = _Shape()
    reader.feed(html)
    reader.close()
    return reader.shape


def told(text: str) -> MailContext:
    """An order all of whose texts hold it, between two words, so that it is no address and not empty."""
    context = cases._every_text(cases.plain(), f"Plain {text} words")
    # A line end in what the merchant wrote begins a paragraph, as it should.
    note = " ".join(f"Plain {text} words".split())
    return replace(context, picture=replace(context.picture, order=replace(context.picture.order, note=note)))


def keeps_its_shape(template: str, strings: Iterable[str], states: int) -> None:
    for state in cases.STATES[template][-states:]:
        usual = render(template, state(told("usual")), "en")
        shape, addresses = shape_of(usual.html), lines_with_addresses(usual.text)
        for text in strings:
            mail = render(template, state(told(text)), "en")
            assert shape_of(mail.html) == shape, text
            assert lines_with_addresses(mail.text) == addresses, text
            assert not UNSEEN.search(mail.html + mail.text + mail.subject + mail.preheader), text
            assert "\n" not in mail.subject + mail.preheader
            mail.html.encode()


def lines_with_addresses(text: str) -> list[str]:
    """What stands alone on a line as a link does."""
    return [line for line in text.splitlines() if re.fullmatch(r"\s*https?://\S+", line)]


@pytest.mark.parametrize("template", cases.STATES)
def test_a_mail_keeps_its_shape(template: str, count: Count) -> None:
    """In its fullest state; in proof in all."""
    keeps_its_shape(template, STRINGS, count(1, 100))


@pytest.mark.proof
@pytest.mark.parametrize("template", cases.STATES)
def test_the_big_list_of_naughty_strings(template: str, figure: Figure) -> None:
    """DOORSTEP_STRINGS names the folder of the list (MIT)."""
    strings = json.loads(Path(os.environ["DOORSTEP_STRINGS"], "blns.json").read_text("utf-8"))
    figure("naughty strings", len(strings))
    assert len(strings) > 500
    keeps_its_shape(template, strings, 1)


@pytest.mark.proof
def test_real_addresses_of_all_the_world(figure: Figure) -> None:
    """DOORSTEP_ADDRESSES names the folder of the records (MIT)."""
    file = Path(os.environ["DOORSTEP_ADDRESSES"], "real_addresses.jsonl")
    records = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    figure("addresses", len(records))
    assert len(records) > 400
    for record in records:
        parts = record["components"]
        town = next((parts[kind] for kind in ("city", "town", "village") if kind in parts), "")
        street = f"{parts.get('road', '')} {parts.get('house_number', '')}".strip()
        address = Address(
            "Nora", "", street, "", town, parts.get("state", ""), parts.get("postcode", ""), record["cc"]
        )
        context = coffee(pictures="https://cdn.example")
        order = replace(context.picture.order, shipping_address=address)
        mail = render(CONFIRMATION, replace(context, picture=replace(context.picture, order=order)), "en")
        assert findings(mail, language="en", mail_class=MailClass.TRANSACTIONAL) == (), record


@pytest.mark.parametrize("text", STRINGS)
def test_a_text_alone_is_shown_or_left_out(text: str) -> None:
    """Here it is all that the order says, so that a part may be missing; what is there is in order."""
    mail = render(CONFIRMATION, cases._every_text(cases.plain(), text), "en")
    shape = shape_of(mail.html)
    assert shape.count("<h1 class style>") == shape.count("</h1>") == 1
    assert not [tag for tag in shape if re.match(r"<(?:script|[^!].* on\w)", tag)]
    assert not UNSEEN.search(mail.html + mail.text)


@pytest.mark.parametrize(
    "pictures",
    ["https://cdn.example/5-megabytes", "http://cdn.example", "ftp://cdn.example", "//cdn.example", None],
)
def test_pictures_that_are_missing_large_or_not_secure(pictures: str | None, count: Count) -> None:
    """Each has its place and size in the page, so nothing moves however long it takes; one that mail programs
    would not show gives way to its letter."""
    for template in list(cases.STATES)[: count(8, 100)]:
        mail_class = MailClass.TRANSACTIONAL
        mail = render(template, cases.STATES[template][-1](coffee(pictures=pictures)), "en")
        assert findings(mail, language="en", mail_class=mail_class) == ()
        sources = re.findall(r'<img src="([^"]*)" width="\d+" height="\d+"', mail.html)
        assert len(sources) == mail.html.count("<img ")
        assert not [source for source in sources if not source.startswith("https://")]
        if pictures and not pictures.startswith("https"):
            assert pictures not in mail.html


def test_an_insecure_picture_gives_way_to_its_letter() -> None:
    shown, letter = (
        render(CONFIRMATION, coffee(pictures=f"{scheme}://cdn.example"), "en").html
        for scheme in ("https", "http")
    )
    assert "https://cdn.example/bag.png" in shown
    assert "cdn.example" not in letter and '<span aria-hidden="true">N</span>' in letter
