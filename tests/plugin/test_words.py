"""The template for translators is what the sources say, and holds every text that they say."""

from __future__ import annotations

import io

from babel.messages.pofile import read_po

from connectors.woocommerce.plugin_words import TEMPLATE, template
from tests.plugin.php import plugin_files
from tests.plugin.rules.sources import Sources
from tests.plugin.rules.tree import argument, called, trees
from tests.proof import Figure

_SAYS = {
    f"{escape}{kind}" for escape in ("", "esc_html", "esc_attr") for kind in ("__", "_e", "_x")
} | {"_n", "_nx", "_ex"}  # fmt: skip


def test_it_is_fresh() -> None:
    again = "python -m connectors.woocommerce.plugin_words"
    assert TEMPLATE.read_text("utf-8") == template(), f"write it anew: {again}"


def test_it_holds_every_text_of_the_sources(figure: Figure) -> None:
    """Read a second time, by a parser of PHP; the template by another reader of such files."""
    catalogue = read_po(io.BytesIO(TEMPLATE.read_bytes()))
    known = {text for message in catalogue for text in _each(message.id)}
    said = {
        str(given["value"])
        for call in Sources(trees(plugin_files())).every("call")
        if called(call) in _SAYS and (given := argument(call, 0)) is not None
    }
    assert len(said) > 50
    assert said <= known
    figure("texts", len(known))


def test_what_translators_must_know_is_with_the_text() -> None:
    catalogue = read_po(io.BytesIO(TEMPLATE.read_bytes()))
    for message in catalogue:
        placed = any("%" in text for text in _each(message.id))
        assert not placed or message.auto_comments, message.id


def _each(given: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
