"""Templates made from the sources: once for each mail and order of its blocks, then dressed for a brand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

from jinja2 import Environment, StrictUndefined, Template
from jinja2.meta import find_undeclared_variables
from jinja2.nodes import Template as Tree

from emails import columns
from emails.clean import shown
from emails.compiling.blocks import arranged
from emails.compiling.kit import html_kit
from emails.compiling.lean import LeanCode, with_pieces_in_place
from emails.compiling.source import read, source_of, with_pieces
from emails.compiling.style import Style, filled

# Stands between subject, preheader and text; nothing that is printed holds it.
END_OF_HEAD = "\x1e"


@dataclass(frozen=True, slots=True)
class Compiled:
    """`text` prints subject, preheader and the text part, each but the last before an END_OF_HEAD. `html` is
    compiled too, with the marks of the kit where a brand's look comes."""

    text: Template
    html: CodeType


@lru_cache(maxsize=512)
def compiled(template: str, arrangement: tuple[str, ...] | None) -> Compiled:
    """Raises jinja2.TemplateNotFound."""
    text, html = sources(template, arrangement)
    plain, marked = environment(markup=False), environment(markup=True)
    text_tree, html_tree = plain.parse(text), marked.parse(html)
    return Compiled(
        text=Template.from_code(plain, _code(plain, text_tree), plain.globals),
        html=_code(marked, html_tree),
    )


@lru_cache(maxsize=512)
def names_in(template: str) -> frozenset[str]:
    """Of the values that its two parts print, in whichever order. Raises jinja2.TemplateNotFound."""
    parts = zip((environment(markup=False), environment(markup=True)), sources(template, None), strict=True)
    return frozenset().union(*(find_undeclared_variables(made.parse(source)) for made, source in parts))


def sources(template: str, arrangement: tuple[str, ...] | None) -> tuple[str, str]:
    """The whole text template and the whole HTML one. Raises jinja2.TemplateNotFound."""
    source, kit = source_of(template), html_kit()
    shown = (source.blocks.get(name, "{{ ui.own_block() }}\n") for name in arranged(template, arrangement))
    body = f"{source.head}\n{''.join(shown)}{{{{ ui.closing() }}}}\n"
    heads = "".join(head + END_OF_HEAD for head in (source.subject, source.preheader))
    text = f"{source.head}\n{heads}{_around(read('layout.txt.j2') or '', body)}"
    return (
        with_pieces(text, read("ui.txt.j2") or ""),
        with_pieces(_around(kit.layout, body), kit.pieces),
    )


@lru_cache(maxsize=2048)
def dressed(template: str, arrangement: tuple[str, ...] | None, style: Style) -> Template:
    """The HTML part's template in a brand's look. Raises jinja2.TemplateNotFound."""
    made = environment(markup=True)
    return Template.from_code(made, filled(compiled(template, arrangement).html, style), made.globals)


def compiles() -> int:
    """How many mails this process has compiled: the HTML kit once, each mail once in each order of blocks."""
    return compiled.cache_info().misses + html_kit.cache_info().misses


@lru_cache(maxsize=2)
def environment(*, markup: bool) -> Environment:
    made = Environment(
        autoescape=markup, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    made.code_generator_class = LeanCode
    made.shown = shown  # type: ignore[attr-defined]
    made.filters.update(wrapped=columns.wrapped, underlined=columns.underlined, padded=columns.padded)
    made.globals["row"] = columns.row
    return made


def _code(made: Environment, tree: Tree) -> CodeType:
    return made.compile(with_pieces_in_place(tree))


def _around(layout: str, body: str) -> str:
    return layout.replace("{{ body }}\n", body)
