"""What a request brings is undone of WordPress's slashes and cleaned where it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.plugin.rules.sources import Sources
from tests.plugin.rules.tree import Node, called

_BROUGHT = {"_GET", "_POST", "_REQUEST", "_SERVER", "_COOKIE", "_FILES", "_ENV"}
_CLEANS = re.compile(r"sanitize_\w+|wp_kses\w*|esc_url_raw|in_array|preg_match|is_email|hash_equals")
_NUMBERS = {"absint", "intval", "boolval", "floatval", "rest_sanitize_boolean", "is_string", "is_array"}
_CASTS = {"int", "bool", "float", "integer", "boolean", "double"}
# They give back what they were given, changed a little.
_PASSING = {"trim", "rtrim", "ltrim", "strtolower", "strtoupper", "substr", "stripslashes", "map_deep"}
_COMPARES = {"==", "===", "!=", "!=="}


def incoming(sources: Sources) -> Iterator[tuple[Node, str]]:
    for node in sources.every("variable"):
        if node["name"] in _BROUGHT and not _is_clean(node):
            yield node, f"${node['name']} is read as it came"
    for call in sources.calls("filter_input", "filter_input_array", "getenv"):
        yield call, f"{called(call)}() goes around WordPress"


def _is_clean(read: Node) -> bool:
    node, unslashed = read, False
    for above in read.ways_up():
        if above.kind in ("isset", "empty"):
            return True
        if above.kind == "offsetlookup" and above["what"] is node:
            pass
        elif above.kind == "cast":
            if above["type"] in _CASTS:
                return True
        elif above.kind == "retif":
            if above["test"] is node and above["trueExpr"] is not None:
                return False
        elif above.kind == "bin":
            if above["type"] in _COMPARES:
                return "string" in (above["left"].kind, above["right"].kind)
            if above["type"] != "??":
                return False
        elif above.kind == "call":
            name = called(above)
            if name in _NUMBERS:
                return True
            if name == "wp_unslash":
                unslashed = True
            elif _CLEANS.fullmatch(name) or (name == "array_map" and _maps_clean(above)):
                return unslashed
            elif name not in _PASSING:
                return False
        else:
            return False
        node = above
    return False


def _maps_clean(call: Node) -> bool:
    by = call["arguments"][0]
    return by.kind == "string" and bool(_CLEANS.fullmatch(by["value"]) or by["value"] in _NUMBERS)
