"""What PHP 7.4 does not know yet and the parser reads all the same, whatever version it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.plugin.rules.tree import Node, called

_TYPES = {"mixed", "never", "null", "false", "true"}
# WordPress itself brings str_contains and its two brothers, array_is_list, array_any, array_all and
# array_find, for older PHP, so these may be called.
_FUNCTIONS = {
    "array_find_key", "bcdivmod", "enum_exists", "fdiv", "fsync", "get_debug_type", "get_resource_id",
    "ini_parse_quantity", "json_validate", "mb_lcfirst", "mb_ltrim", "mb_rtrim", "mb_str_pad", "mb_trim",
    "mb_ucfirst", "memory_reset_peak_usage", "odbc_connection_string_quote", "openssl_cipher_key_length",
    "preg_last_error_msg", "stream_context_set_options", "str_decrement", "str_increment",
}  # fmt: skip
_TYPED = ("function", "method", "closure", "arrowfunc", "parameter", "property", "propertystatement")
_NAMED = ("name", "selfreference", "staticreference", "parentreference")
_NEW_OF_EXPRESSION = re.compile(r"\bnew\s*\(")


def newer(tree: Node) -> Iterator[str]:
    """Each with its line."""
    lines = tree.file.read_text("utf-8").splitlines()
    for node in tree.below():
        # The tree does not tell these brackets.
        if node.kind == "new" and _NEW_OF_EXPRESSION.search(lines[node.line - 1]):
            yield f"{node}: new of an expression"
        for what in _in(node):
            yield f"{node}: {what}"


def _in(node: Node) -> Iterator[str]:
    if node.kind in _TYPED:
        yield from _of_type(node["type"], returned=node.kind not in ("parameter", "property"))
    if node.kind == "parameter" and (node["flags"] or node["readonly"]):
        yield "a property made by a parameter"
    if (node.kind == "property" and node["readonly"]) or node["isReadonly"]:
        yield "readonly"
    if node.kind == "staticlookup" and node["offset"]["name"] == "class" and node["what"].kind not in _NAMED:
        yield "::class of an object"
    given = node["value"] if node.kind in ("parameter", "property", "constant") else None
    if isinstance(given, Node) and any(given.find("new")):
        yield "new in what is given by default"
    if node.kind == "number" and str(node["value"]).lower().startswith("0o"):
        yield "an octal number with an o"
    if called(node) in _FUNCTIONS:
        yield f"{called(node)}()"


def _of_type(kind: Any, returned: bool) -> Iterator[str]:
    if not isinstance(kind, Node):
        return
    if kind.kind in ("uniontype", "intersectiontype"):
        yield "several types for one thing"
        return
    name = str(kind["name"] or kind["raw"] or "").lower()
    if name in _TYPES or (returned and name == "static"):
        yield f"the type {name}"
