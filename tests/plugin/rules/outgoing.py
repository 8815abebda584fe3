"""What is written into a page is escaped where it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.plugin.rules.sources import HOOKS, Sources
from tests.plugin.rules.tree import FUNCTIONS, Node, argument, called

_ESCAPES = re.compile(r"esc_\w+|wp_kses\w*|absint|intval|count|strlen|number_format(_i18n)?|rawurlencode")
_WHOLE = {
    # WordPress makes these itself, escaped.
    "checked", "disabled", "get_block_wrapper_attributes", "get_submit_button", "selected", "wp_create_nonce",
    "wp_nonce_field", "ob_get_clean", "wc_help_tip", "get_avatar",
}  # fmt: skip
_AS_GIVEN = {"implode", "ltrim", "rtrim", "sprintf", "str_repeat", "trim", "join", "wpautop"}
_NUMBERS = {"int", "float", "bool", "integer", "double", "boolean"}
_SAID = {"echo", "print", "exit"}
_UNESCAPED = {"_e", "_ex"}
_MARKUP = re.compile(r"<[a-z/!]|=\"$|=\"[^\"]*$", re.I)
# What is hung on these comes into the page as it is given back.
_IN_PAGE = re.compile(r"the_content|render_block|woocommerce_\w+_html|the_title")
_SCALARS = {"string", "number", "boolean", "nullkeyword", "inline", "magic"}
_ARITHMETIC = {"+", "-", "*", "/", "%", "<", ">", "<=", ">=", "==", "===", "!=", "!==", "&&", "||", "<=>"}


def output(sources: Sources) -> Iterator[tuple[Node, str]]:
    """Whatever is said to the browser at once."""
    for node in sources.every(*_SAID):
        given = node["expressions"] or [node["expression"]]
        for one in given:
            if isinstance(one, Node) and not is_safe(sources, one):
                yield one, f"{node.kind} of something that is not escaped"
    for call in sources.calls(
        "printf", "vprintf", "wp_die", "print_r", "var_dump", "var_export", *_UNESCAPED
    ):
        given = call["arguments"][:1] if called(call) == "wp_die" else call["arguments"]
        if called(call) in _UNESCAPED or not all(is_safe(sources, one) for one in given):
            yield call, f"{called(call)}() of something that is not escaped"


def markup(sources: Sources) -> Iterator[tuple[Node, str]]:
    """Pieces of a page that are put together first and written later."""
    for node in sources.every("bin", "encapsed", "call"):
        joins = node.kind != "bin" or node["type"] == "."
        makes = node.kind != "call" or called(node) == "sprintf"
        if not (joins and makes) or _is_looked_at(node) or _is_part(node):
            continue
        if any(_MARKUP.search(text) for text in _texts(node)) and not is_safe(sources, node):
            yield node, "a piece of a page with something in it that is not escaped"
    for name, function in _rendering(sources):
        for given in function["body"].find("return"):
            answer = given["expr"]
            if given.scope() is not function or not isinstance(answer, Node) or is_safe(sources, answer):
                continue
            if not any(_MARKUP.search(text) for text in _texts(answer)):  # or it is told above
                yield given, f"{name} gives back something that is not escaped"


def is_safe(sources: Sources, node: Node | None, seen: tuple[Node, ...] = ()) -> bool:
    """Whether it may stand in a page as it is."""
    if node is None or node.kind in _SCALARS or node in seen:
        return True
    seen = (*seen, node)

    def safe(*parts: Node | None) -> bool:
        return all(is_safe(sources, part, seen) for part in parts)

    if node.kind == "encapsed":
        return safe(*(part["expression"] for part in node["value"]))
    if node.kind == "bin":
        return node["type"] in _ARITHMETIC or safe(node["left"], node["right"])
    if node.kind == "unary":
        return True
    if node.kind == "cast":
        return node["type"] in _NUMBERS or safe(node["expr"])
    if node.kind == "retif":
        return safe(node["trueExpr"] or node["test"], node["falseExpr"])
    if node.kind == "assign":
        return safe(node["right"])
    if node.kind == "array":
        return safe(*(item["value"] for item in node["items"]))
    if node.kind in ("name", "staticlookup"):
        name = str(node["name"] or node["offset"]["name"])
        return safe(sources.constants[name]) if name in sources.constants else node.kind == "name"
    if node.kind == "call":
        return _is_safe_call(sources, node, seen)
    if node.kind == "offsetlookup":
        return safe(node["what"])
    return node.kind == "variable" and _is_safe_variable(sources, node, seen)


def _is_safe_call(sources: Sources, call: Node, seen: tuple[Node, ...]) -> bool:
    name = called(call)
    if _ESCAPES.fullmatch(name) or name in _WHOLE:
        return True
    if name == "wp_json_encode":
        return bool(argument(call, 1))  # with the flags that keep it inside a script
    if name == "array_map":
        by = argument(call, 0)
        function = sources.callback(by)
        escapes = by is not None and by.kind == "string" and bool(_ESCAPES.fullmatch(by["value"]))
        return escapes or (function is not None and _gives_safe(sources, function, seen))
    if name in _AS_GIVEN:
        return all(is_safe(sources, one, seen) for one in call["arguments"])
    function = sources.callee(call)
    return function is not None and _gives_safe(sources, function, seen)


def _gives_safe(sources: Sources, function: Node, seen: tuple[Node, ...]) -> bool:
    if function in seen:
        return True
    if function.kind == "arrowfunc":
        return is_safe(sources, function["body"], (*seen, function))
    given = [one for one in function["body"].find("return") if one.scope() is function]
    return bool(given) and all(is_safe(sources, one["expr"], (*seen, function)) for one in given)


def _is_safe_variable(sources: Sources, variable: Node, seen: tuple[Node, ...]) -> bool:
    """All that it is ever set to in its function is."""
    name, scope = variable["name"], variable.scope()
    if scope.kind in FUNCTIONS and any(one["name"]["name"] == name for one in scope["arguments"]):
        return False
    values = []
    for node in scope.find("assign", "foreach", "global", "static", "catch"):
        if node.scope() is not scope:
            continue
        if node.kind == "assign":
            target = node["left"]
            while target.kind == "offsetlookup":
                target = target["what"]
            if target.kind == "list" and any(one["name"] == name for one in target.find("variable")):
                return False
            if target.kind == "variable" and target["name"] == name:
                values.append(node["right"])
        elif any(
            one["name"] == name
            for part in ("key", "value", "items", "variables", "variable")
            for outer in (node[part] if isinstance(node[part], list) else [node[part]])
            if isinstance(outer, Node)
            for one in outer.find("variable")
        ):
            return False
    return bool(values) and all(is_safe(sources, value, seen) for value in values)


def _rendering(sources: Sources) -> Iterator[tuple[str, Node]]:
    """Functions whose answer becomes a part of a page."""
    for call in sources.calls("add_shortcode"):
        if function := sources.callback(argument(call, 1)):
            yield f"the shortcode {sources.text(argument(call, 0))}", function
    for entry in sources.every("entry"):
        draws = isinstance(entry["key"], Node) and entry["key"]["value"] == "render_callback"
        if draws and (function := sources.callback(entry["value"])):
            yield "a block", function
    for hook, at, function in sources.hooked():
        if called(at) == HOOKS[1] and function is not None and _IN_PAGE.match(hook):
            yield f"the filter {hook}", function


def _is_looked_at(node: Node) -> bool:
    """By the rule above; or WordPress goes over the whole piece."""
    said = {"printf", "vprintf", "wp_die"}
    return any(
        above.kind in _SAID or called(above) in said or called(above).startswith("wp_kses")
        for above in node.ways_up()
    )


def _is_part(node: Node) -> bool:
    """Of a larger piece, which is looked at as a whole."""
    above = node.above
    while above is not None and above.kind in ("encapsedpart", "retif"):
        above = above.above
    if above is None or above.kind == "encapsed" or called(above) == "sprintf":
        return above is not None
    return bool(above.kind == "bin" and above["type"] == ".")


def _texts(node: Node) -> Iterator[str]:
    return (str(one["value"]) for one in node.find("string") if one.scope() is node.scope())
