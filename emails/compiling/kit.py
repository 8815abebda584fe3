"""The HTML kit: written as MJML components with Jinja inside, made into HTML once.

`kit.mjml` is one document: the layout, and at its heart the macros of the pieces. A brand's look stands in it
as marks (`@ink@`), so that one compilation serves all brands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import mrml

from emails.compiling.source import read

_PIECES = "<mj-raw>@pieces@</mj-raw>"
# Blank, and invisible: what follows the preheader in a mailbox's list.
_FILLER = ("&#8199;&#847; " * 20 + "\n") * 3
_COMPONENT = re.compile(r"</?mj-|\s|$")
# Of mj-table mrml forgets the role.
_TABLE = '<table border="0" cellpadding="0" cellspacing="0" width="100%"'
# What mrml prints and HTML does not know.
_UNKNOWN = re.compile(r' (?:vertical-align="middle"|height="auto")| ?/(?=>)')
# What a page would say in place of its server; a mail says it in its own headers.
_EQUIVALENT = re.compile(
    r'(?:<!--\[if !mso\]><!-->\s*)?<meta http-equiv="[^>]*>(?:\s*<!--<!\[endif\]-->)?', re.IGNORECASE
)
_BETWEEN_CELLS = re.compile(r">(?=<(?:/?t(?:able|body|r|d|h)|/?div|!--\[if|body|/head|meta|style)\b)")


@dataclass(frozen=True, slots=True)
class Kit:
    """`layout` holds `{{ body }}` where a mail's blocks come; `pieces` are macros."""

    layout: str
    pieces: str


@lru_cache(maxsize=1)
def html_kit() -> Kit:
    """Raises ValueError where the MJML is not well-formed."""
    try:
        made = mrml.to_html(as_mjml(read("kit.mjml") or ""), render_options=mrml.RenderOptions(fonts={}))
    except OSError as error:
        raise ValueError(f"kit.mjml: {error}") from error
    html = made.content.replace("@filler@", _FILLER).replace(_TABLE, f'{_TABLE} role="presentation"')
    before, pieces, after = _in_lines(html).split("@pieces@")
    return Kit(f"{before.rstrip()}\n{{{{ body }}}}\n{after.lstrip()}", pieces)


def as_mjml(source: str) -> str:
    """The kit's source as MJML reads it: among the pieces, what begins a line and is no component is raw."""
    before, pieces, after = source.split(_PIECES)
    raw = (
        line.strip() if _COMPONENT.match(line) else f"<mj-raw>{line}</mj-raw>" for line in pieces.splitlines()
    )
    marked = "\n".join(raw)
    return f"{before}{_PIECES}{marked}{_PIECES}{after}"


def _in_lines(html: str) -> str:
    """Broken where a break is not seen, so that no line of a mail is too long to travel as it is."""
    broken = _BETWEEN_CELLS.sub(">\n", _UNKNOWN.sub("", _EQUIVALENT.sub("", html)))
    return "\n".join(line.strip() for line in broken.splitlines() if line.strip())
