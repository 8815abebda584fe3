"""Templates made from the sources: once for each mail, then dressed for a brand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from jinja2.nodes import Macro
from jinja2.nodes import Template as Tree

from emails import columns
from emails.clean import shown
from emails.compiling.blocks import OWN
from emails.compiling.counted import COUNTED, counted
from emails.compiling.kit import html_kit
from emails.compiling.lean import LeanCode, macros_in, names_read, with_pieces_in_place
from emails.compiling.source import all_pieces, flat, read, source_of, with_pieces
from emails.compiling.stored import Parts, stored
from emails.compiling.style import Style, filled

# Stands between subject, preheader and text, and where the blocks come; nothing that is printed holds either.
END_OF_HEAD, BLOCKS = "\x1e", "\x02"


@dataclass(frozen=True, slots=True)
class Compiled:
    """`text` prints subject, preheader and the text part, each but the last before an END_OF_HEAD. `html` is
    compiled too, with the marks of the kit where a brand's look comes. Both print BLOCKS where the blocks
    come. `names`: of what either part looks at."""

    text: Template
    html: CodeType
    names: frozenset[str]


@lru_cache(maxsize=512)
def compiled(template: str) -> Compiled:
    """Raises jinja2.TemplateNotFound."""
    text, html, names = stored().get(template) or parts_of(template)
    plain = environment(markup=False)
    return Compiled(text=Template.from_code(plain, text, plain.globals), html=html, names=names)


@lru_cache(maxsize=512)
def parts_of(template: str) -> Parts:
    """Compiled now. Raises jinja2.TemplateNotFound."""
    blocks = {**source_of(template).blocks, OWN: "{{ ui.own_block() }}\n"}
    marked = "".join(f"{{% block {name} %}}\n{body}{{% endblock %}}\n" for name, body in blocks.items())
    text, html = (
        _tree(flat(part), markup)
        for part, markup in zip(_around(template, BLOCKS + marked), (False, True), strict=True)
    )
    names = names_read(text) | names_read(html)
    return environment(markup=False).compile(text), environment(markup=True).compile(html), names


def printed(made: Template, values: dict[str, Any], blocks: Sequence[str]) -> str:
    """With the blocks in this order: each is a function of its own, so no order has to be compiled."""
    context = made.new_context(values)
    before, after = "".join(made.root_render_func(context)).split(BLOCKS)
    found = [before]
    for name in blocks:
        found.extend(made.blocks[name](context))
    return "".join((*found, after))


def sources(template: str) -> tuple[str, str]:
    """The whole text template and the whole HTML one, each after its pieces.

    Raises jinja2.TemplateNotFound.
    """
    text, html = _around(template, "".join(source_of(template).blocks.values()))
    return with_pieces(text, read("ui.txt.j2") or ""), with_pieces(html, html_kit().pieces)


def _around(template: str, blocks: str) -> tuple[str, str]:
    source = source_of(template)
    body = f"{source.head}\n{blocks}{{{{ ui.closing() }}}}\n"
    heads = "".join(head + END_OF_HEAD for head in (source.subject, source.preheader))
    text = f"{source.head}\n{heads}{_with_body(read('layout.txt.j2') or '', body)}"
    return text, _with_body(html_kit().layout, body)


def _tree(text: str, markup: bool) -> Tree:
    return with_pieces_in_place(environment(markup=markup).parse(text), _pieces(markup))


@lru_cache(maxsize=2)
def _pieces(markup: bool) -> Mapping[str, Macro]:
    """Parsed once for all mails."""
    kit = html_kit().pieces if markup else read("ui.txt.j2") or ""
    return macros_in(environment(markup=markup).parse(all_pieces(kit)))


@lru_cache(maxsize=2048)
def dressed(template: str, style: Style) -> Template:
    """The HTML part's template in a brand's look. Raises jinja2.TemplateNotFound."""
    made = environment(markup=True)
    return Template.from_code(made, filled(compiled(template).html, style), made.globals)


def compiles() -> int:
    """How many mails this process has compiled, and once the HTML kit."""
    return compiled.cache_info().misses + html_kit.cache_info().misses


@lru_cache(maxsize=2)
def environment(*, markup: bool) -> Environment:
    made = Environment(
        autoescape=markup, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    made.code_generator_class = LeanCode
    # Generated code has nothing but its environment to reach it by.
    made.shown = shown  # type: ignore[attr-defined]
    made.filters.update(wrapped=columns.wrapped, underlined=columns.underlined, padded=columns.padded)
    made.globals.update({"row": columns.row, COUNTED: counted})
    return made


def _with_body(layout: str, body: str) -> str:
    return layout.replace("{{ body }}\n", body)
