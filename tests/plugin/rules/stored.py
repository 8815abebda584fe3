"""What the database is asked is prepared."""

from __future__ import annotations

from collections.abc import Iterator

from tests.plugin.rules.sources import Sources
from tests.plugin.rules.tree import Node, called

_ASKS = {"query", "get_var", "get_row", "get_col", "get_results"}


def queries(sources: Sources) -> Iterator[tuple[Node, str]]:
    for call in sources.every("call"):
        asked = _of_wpdb(call)
        if asked in _ASKS and call["arguments"] and not _is_prepared(call["arguments"][0]):
            yield call, "a query with something in it that is not prepared"
        if asked == "prepare" and not _is_fixed(call["arguments"][0]):
            yield call, "what is prepared has something in it already"
        if called(call) in ("dbdelta", "mysqli_query"):
            yield call, "the database is asked around WordPress"


def _of_wpdb(call: Node) -> str:
    what = call["what"]
    if what.kind != "propertylookup" or what["offset"].kind != "identifier":
        return ""
    owner = what["what"]
    named = owner.kind == "variable" and owner["name"] == "wpdb"
    listed = owner.kind == "offsetlookup" and owner["offset"]["value"] == "wpdb"
    return str(what["offset"]["name"]) if named or listed else ""


def _is_prepared(node: Node) -> bool:
    if node.kind == "call":
        return _of_wpdb(node) == "prepare"
    if node.kind == "variable":
        set_to = [
            one["right"]
            for one in node.scope().find("assign")
            if one["left"].kind == "variable" and one["left"]["name"] == node["name"]
        ]
        return bool(set_to) and all(_is_prepared(one) for one in set_to)
    return _is_fixed(node)


def _is_fixed(node: Node) -> bool:
    """A text of ours; the names of WordPress's tables may stand in it."""
    if node.kind == "string":
        return True
    if node.kind == "bin" and node["type"] == ".":
        return _is_fixed(node["left"]) and _is_fixed(node["right"])
    if node.kind == "encapsed" and node["type"] == "string":
        return all(_is_fixed(part["expression"]) for part in node["value"])
    return (
        node.kind == "propertylookup" and node["what"].kind == "variable" and node["what"]["name"] == "wpdb"
    )
