"""What the plugin puts where all plugins put things carries its name, and no file of it holds a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.plugin.rules.sources import Sources
from tests.plugin.rules.tree import Node, argument, called

Found = Iterator[tuple[Node, str]]

_OURS = re.compile(r"[_%^/]?(wc-)?doorstep\b|_?doorstep[_-]", re.I)
# Function, and which of its arguments is the name.
_NAMED = {
    "add_option": 0, "add_rewrite_endpoint": 0, "add_rewrite_tag": 0, "add_shortcode": 0, "apply_filters": 0,
    "add_submenu_page": 4, "define": 0, "delete_metadata": 2, "delete_option": 0, "delete_transient": 0,
    "do_action": 0, "get_transient": 0, "register_block_type": 0, "register_rest_route": 0,
    "register_setting": 1, "set_transient": 0, "setcookie": 0, "update_option": 0, "update_post_meta": 1,
    "update_user_meta": 1, "wp_create_nonce": 0, "wp_nonce_field": 0, "wp_cache_set": 1,
    "wp_schedule_event": 2, "wp_schedule_single_event": 1, "wp_register_script": 0, "wp_register_style": 0,
    "wp_add_privacy_policy_content": 0,
}  # fmt: skip
_ENQUEUES = {"wp_enqueue_script", "wp_enqueue_style"}
_METHODS = {"update_meta_data", "add_meta_data"}
_KEYS = re.compile(
    r"(ck|cs)_[0-9a-f]{40}|[0-9a-f]{32,}|sk_(live|test)_\w+|shp\w{2}_\w{20,}|-----BEGIN|AKIA\w{12,}", re.I
)
_SECRET = re.compile(r"secret|passw|token|api_?key|salt", re.I)
_GUESSABLE = re.compile(r"[a-z_ .,:%/<>\\-]*", re.I)


def prefixes(sources: Sources) -> Found:
    for tree in sources.trees:
        spaces = [node["name"] for node in tree.find("namespace")]
        if not spaces:
            yield from _global_names(tree)
        elif any(name.split("\\")[0] != "Doorstep" for name in spaces):
            yield tree, "the namespace is not Doorstep"
        yield from _global_variables(tree)
    for call in sources.every("call"):
        name = _name_given(sources, call)
        if name is not None and not _OURS.match(name):
            yield call, f"the name {name or 'that is made here'} is not recognisably ours"


def secrets(sources: Sources) -> Found:
    for node in sources.every("string"):
        if _KEYS.search(str(node["value"])):
            yield node, "a key or a secret in the text"
    for node in sources.every("assign", "constant", "entry", "property"):
        name = node["left"] or node["key"] or node["name"]
        value = node["right"] or node["value"]
        if isinstance(name, Node):
            name = name["name"] or name["value"]
        if isinstance(value, Node) and value.kind == "string" and _SECRET.search(str(name)):
            text = str(value["value"])
            if len(text) >= 12 and not _GUESSABLE.fullmatch(text) and not _KEYS.search(text):
                yield value, f"{name} is in the text"


def _global_names(tree: Node) -> Found:
    for node in tree.find("function", "class", "interface", "trait", "constant"):
        name = node["name"]["name"] if isinstance(node["name"], Node) else node["name"]
        inside = node.above is not None and node.above.kind == "classconstant"
        if not inside and not _OURS.match(str(name)):
            yield node, f"{name} is a name that anybody could have"


def _global_variables(tree: Node) -> Found:
    told = set()
    for node in tree.find("assign", "foreach"):
        if node.function() is not None:
            continue
        for part in ("left", "key") if node.kind == "assign" else ("key", "value"):
            for one in node[part].find("variable") if isinstance(node[part], Node) else ():
                if one["name"] not in told and not _OURS.match(str(one["name"])):
                    told.add(one["name"])
                    yield one, f"${one['name']} is a variable of the whole site"


def _name_given(sources: Sources, call: Node) -> str | None:
    """The name that a call gives to something shared; None where it gives none."""
    function, what = called(call), call["what"]
    adds_meta = what.kind == "propertylookup" and what["offset"]["name"] in _METHODS
    enqueues = function in _ENQUEUES and argument(call, 1) is not None
    if function not in _NAMED and not adds_meta and not enqueues:
        return None
    given = argument(call, _NAMED.get(function, 0))
    if function == "register_block_type" and given is not None and sources.text(given) is None:
        return "doorstep"  # a folder; its block.json has the name
    return sources.start(given)
