"""Who may ask the plugin for something, and how it is known that they wanted to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.plugin.rules.sources import Sources
from tests.plugin.rules.tree import Node, argument, called, calls

RIGHT = "manage_woocommerce"
Found = Iterator[tuple[Node, str]]

_DOORS = re.compile(r"admin_post_|wp_ajax_|admin_action_|admin_init$")
_NOBODY = re.compile(r"(admin_post|wp_ajax)_nopriv_")
_NONCES = {"check_admin_referer", "check_ajax_referer", "wp_verify_nonce"}
_CHANGES = re.compile(
    r"(add|update|delete|set|insert|flush|register)_.*(option|transient|meta|rules|post|user|comment|site)"
    r"|wp_(safe_)?remote_|wp_(insert|update|delete|trash|schedule|clear)_|wp_mail$|move_uploaded_file$"
)
_FORM_DATA = {"_POST", "_REQUEST", "_FILES"}
_DECIDES = {"if", "retif", "return", "while"}


def guard(sources: Sources) -> Found:
    """Nothing of a file runs when it is opened by its own address."""
    for tree in sources.trees:
        body = tree["children"]
        while body and body[0].kind in ("namespace", "declare", "usegroup"):
            body = [*(body[0]["children"] or []), *body[1:]] if body[0].kind == "namespace" else body[1:]
        if not body or not _is_guard(body[0]):
            yield tree, "the file does not begin with its guard"


def capability(sources: Sources) -> Found:
    for hook, at, function in _doors(sources):
        if _NOBODY.match(hook):
            yield at, f"{hook} is open to everybody"
        elif function is None:
            yield at, f"what {hook} calls cannot be told"
        elif not _asked_first(sources, function, _asks_right):
            yield function, f"{hook} does not ask for {RIGHT} before it acts"
    for call in sources.calls("add_menu_page", "add_submenu_page", "add_options_page", "add_management_page"):
        place = {"add_submenu_page": 3}.get(called(call), 2)
        if sources.text(argument(call, place)) != RIGHT:
            yield call, f"the page asks for something else than {RIGHT}"


def nonce(sources: Sources) -> Found:
    known = set()
    for hook, _, function in _doors(sources):
        if function is None or _NOBODY.match(hook):
            continue
        known |= {id(node) for node in sources.flow(function)}
        if not _asked_first(sources, function, _asks_nonce):
            yield function, f"{hook} does not ask for its nonce before it acts"
    for node in sources.every("variable"):
        if node["name"] in _FORM_DATA and id(node) not in known:
            inside = node.function()
            if inside is None or not any(_asks_nonce(one) for one in sources.flow(inside)):
                yield node, f"${node['name']} is read where no nonce is asked for"


def rest(sources: Sources) -> Found:
    for call in sources.calls("register_rest_route"):
        if not (sources.text(argument(call, 0)) or "").startswith("wc-"):
            yield call, "the store's keys do not open this namespace"
        routes = argument(call, 2)
        if routes is None or routes.kind != "array":
            yield call, "the route cannot be read"
            continue
        for route in _routes(routes):
            permission = sources.callback(_entry(route, "permission_callback"))
            if permission is None or not _says_right(sources, permission):
                yield route, f"the route does not ask for {RIGHT}"


def _doors(sources: Sources) -> Iterator[tuple[str, Node, Node | None]]:
    for hook, at, function in sources.hooked():
        if not _DOORS.match(hook):
            continue
        if hook == "admin_init" and function is not None and not _reads_request(sources, function):
            continue
        yield hook, at, function


def _reads_request(sources: Sources, function: Node) -> bool:
    read = {*_FORM_DATA, "_GET"}
    return any(node.kind == "variable" and node["name"] in read for node in sources.flow(function))


def _asked_first(sources: Sources, function: Node, asks: object) -> bool:
    """A question that decides, before anything is changed or said to another machine."""
    assert callable(asks)
    for node in sources.flow(function):
        if asks(node):
            return True
        if _changes(node):
            return False
    return False


def _asks_right(node: Node) -> bool:
    if called(node) != "current_user_can" or not node["arguments"]:
        return False
    asked = node["arguments"][0]
    return asked.kind == "string" and asked["value"] == RIGHT and _decides(node)


def _asks_nonce(node: Node) -> bool:
    """The two that end the request by themselves need nobody to look at their answer."""
    if called(node) == "check_ajax_referer":
        third = argument(node, 2)
        return third is None or third["value"] is not False or _decides(node)
    return called(node) in _NONCES and (called(node) != "wp_verify_nonce" or _decides(node))


def _decides(node: Node) -> bool:
    for inner, outer in zip([node, *node.ways_up()], node.ways_up(), strict=False):
        if outer.kind in ("bin", "unary"):
            continue
        return bool(outer.kind in _DECIDES and inner is not outer["body"])
    return False


def _changes(node: Node) -> bool:
    if node.kind == "call" and node["what"].kind == "propertylookup":
        owner = node["what"]["what"]
        return bool(owner.kind == "variable" and owner["name"] == "wpdb")
    return bool(_CHANGES.match(called(node)))


def _says_right(sources: Sources, permission: Node) -> bool:
    """Whatever it answers, it answers by the user's rights."""
    body = permission["body"]
    if permission.kind == "arrowfunc":
        return any(_of_right(sources, one) for one in calls(body, "current_user_can"))
    given = list(body.find("return"))
    return bool(given) and all(
        any(_of_right(sources, one) for one in calls(answer, "current_user_can")) for answer in given
    )


def _of_right(sources: Sources, call: Node) -> bool:
    return sources.text(argument(call, 0)) == RIGHT


def _routes(routes: Node) -> Iterator[Node]:
    """One route, or several methods of one."""
    several = [item["value"] for item in routes["items"] if item["key"] is None]
    yield from (one for one in several if one.kind == "array")
    if not several:
        yield routes


def _entry(array: Node, key: str) -> Node | None:
    for item in array["items"]:
        if isinstance(item["key"], Node) and item["key"]["value"] == key:
            value: Node = item["value"]
            return value
    return None


def _is_guard(node: Node) -> bool:
    test = node["test"] if node.kind == "if" else node["expression"]
    ends = any(node.find("exit"))
    asked = [one["arguments"][0]["value"] for one in calls(test, "defined")] if isinstance(test, Node) else []
    return ends and bool(asked) and asked[0] in ("ABSPATH", "WP_UNINSTALL_PLUGIN")
