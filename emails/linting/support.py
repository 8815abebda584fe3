"""Everything a mail uses is understood by the mail programs that people have, or does no harm where not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from emails.linting.client_table import (
    ELEMENTS,
    FRAME,
    FUNCTIONS_NOT_UNDERSTOOD,
    HARMLESS,
    OLD_ELEMENTS,
    OWN_PREFIXES,
    UNDERSTOOD,
    UNLISTED,
    VALUES_NOT_UNDERSTOOD,
)
from emails.linting.finding import Finding
from emails.linting.seen import Seen
from emails.linting.sheet import declarations, rules_of
from emails.linting.tags import FORBIDDEN

_KNOWN = FRAME | OLD_ELEMENTS | ELEMENTS.keys()
_AT_RULE = re.compile(r"@(?!media\b)([\w-]+)")


def of_support(seen: Seen) -> Iterator[Finding]:
    for tag in {node.tag for node in seen.page.root.elements()}:
        if tag and tag not in FORBIDDEN and tag not in _KNOWN:
            yield Finding("support", f"<{tag}> is not understood by all mail programs.", tag)
    for style in {node.attrs["style"] for node in seen.page.root.elements() if "style" in node.attrs}:
        for says in _of_style(style):
            yield Finding("support", says)
    for _, text in seen.page.sheets:
        for name in _AT_RULE.findall(text):
            yield Finding("support", f"@{name} is not understood by all mail programs.", name)
    for says in _of_sheets(tuple(seen.page.sheets)):
        yield Finding("support", says)


@lru_cache(maxsize=8192)
def _of_style(style: str) -> tuple[str, ...]:
    return tuple(says for declared in declarations(style) for says in _of_properties(declared))


@lru_cache(maxsize=64)
def _of_sheets(sheets: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(
        says
        for rule in rules_of(sheets)
        for declared in (rule.declared, rule.important)
        for says in _of_properties(declared)
    )


def _of_properties(declared: Mapping[str, str]) -> Iterator[str]:
    for name, value in declared.items():
        if name.startswith(OWN_PREFIXES):
            continue
        if family_of(name) is None:
            yield f"The style “{name}” is not understood by all mail programs."
        elif name == "display" and value in VALUES_NOT_UNDERSTOOD:
            yield f"{VALUES_NOT_UNDERSTOOD[value]}: use a table instead."
        elif any(function in value for function in FUNCTIONS_NOT_UNDERSTOOD):
            yield f"The style “{name}: {value[:40]}” reckons, which not all mail programs can."


@lru_cache(maxsize=512)
def family_of(name: str) -> str | None:
    """The property of the table that it is, or is one side of (padding-left: padding). None: of none."""
    while name not in UNDERSTOOD and name not in UNLISTED and name not in HARMLESS:
        name, _, side = name.rpartition("-")
        if side not in ("left", "right", "top", "bottom", "color", "style", "width") or not name:
            return None
    return name
