"""Templates made from the sources, once for each mail and order of its blocks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, StrictUndefined, Template

from emails import columns
from emails.compiling.blocks import arranged
from emails.compiling.source import read, source_of, with_pieces

# Stands between subject, preheader and text; nothing that is printed holds it.
END_OF_HEAD = "\x1e"


@dataclass(frozen=True, slots=True)
class Compiled:
    """`text` prints subject, preheader and the text part, each but the last before an END_OF_HEAD."""

    text: Template
    html: Template


@lru_cache(maxsize=512)
def compiled(template: str, arrangement: tuple[str, ...] | None) -> Compiled:
    """Raises jinja2.TemplateNotFound."""
    source = source_of(template)
    shown = (source.blocks.get(name, "{{ ui.own_block() }}\n") for name in arranged(template, arrangement))
    body = source.head + "\n" + "".join(shown)
    heads = "".join(head + END_OF_HEAD for head in (source.subject, source.preheader))
    text = source.head + "\n" + heads + (read("layout.txt.j2") or "").replace("{{ body }}\n", body)
    html = (read("layout.html.j2") or "").replace("{{ body }}\n", body)
    return Compiled(
        text=environment(markup=False).from_string(with_pieces(text, read("ui.txt.j2") or "")),
        html=environment(markup=True).from_string(with_pieces(html, read("ui.html.j2") or "")),
    )


def compiles() -> int:
    """How many templates this process has compiled."""
    return compiled.cache_info().misses


@lru_cache(maxsize=2)
def environment(*, markup: bool) -> Environment:
    made = Environment(
        autoescape=markup, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    made.filters.update(wrapped=columns.wrapped, underlined=columns.underlined)
    made.globals["row"] = columns.row
    return made
