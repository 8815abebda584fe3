"""Code from elsewhere, files from elsewhere, and other machines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.plugin.rules.sources import Sources
from tests.plugin.rules.tree import Node, argument, called

Found = Iterator[tuple[Node, str]]

_NEVER = {
    "assert", "base64_decode", "call_user_func_array", "create_function", "debug_backtrace", "error_log",
    "error_reporting", "exec", "extract", "file_put_contents", "fwrite", "gzinflate", "ini_set",
    "maybe_unserialize", "move_uploaded_file", "passthru", "pcntl_exec", "phpinfo", "popen", "print_r",
    "proc_open", "putenv", "set_time_limit", "shell_exec", "str_rot13", "symlink", "system", "unlink",
    "unserialize", "var_dump", "var_export",
}  # fmt: skip
_AROUND = re.compile(r"curl_\w+|f(sock)?open|wp_remote_(get|post|request|head|fopen)|stream_socket_client")
_SAFE_REMOTE = re.compile(r"wp_safe_remote_(get|post|request|head)")
_ENQUEUES = {"wp_enqueue_script", "wp_register_script", "wp_enqueue_style", "wp_register_style"}
_ELSEWHERE = re.compile(r"(https?:)?//\S")
_TAGS = re.compile(r"<(script|link|iframe|style)\b", re.I)


def forbidden(sources: Sources) -> Found:
    for node in sources.every("eval", "call", "encapsed", "variable", "new"):
        if node.kind == "eval" or called(node) in _NEVER:
            yield node, f"{called(node) or 'eval'}() has no business here"
        elif _calls_unknown(sources, node):
            yield node, "what is called is not written here"
        elif node.kind == "encapsed" and node["type"] == "shell":
            yield node, "a command of the machine"
        elif node.kind == "variable" and isinstance(node["name"], Node):
            yield node, "a variable whose name is not written here"
        elif node.kind == "new" and node["what"].kind == "variable":
            yield node, "a class whose name is not written here"


def includes(sources: Sources) -> Found:
    for node in sources.every("include"):
        target = node["target"]
        if not (_is_own(target) or _is_each_of_own(target)):
            yield node, "the file that is loaded is not written here"


def remote(sources: Sources) -> Found:
    for call in sources.every("call"):
        name = called(call)
        if _AROUND.fullmatch(name):
            yield call, f"{name}() may be led inwards; wp_safe_remote_* may not"
        elif name == "file_get_contents" and not _is_local(sources, argument(call, 0)):
            yield call, "file_get_contents() of what is not ours"
        elif _SAFE_REMOTE.fullmatch(name) and not _has_end(call):
            yield call, f"{name}() without a time-out of its own"


def redirects(sources: Sources) -> Found:
    for call in sources.calls("wp_redirect"):
        yield call, "wp_redirect() leads anywhere; wp_safe_redirect() does not"
    for call in sources.calls("wp_safe_redirect"):
        if not _ends(call):
            yield call, "the page goes on behind its redirect"
    for call in sources.calls("header"):
        said = sources.text(argument(call, 0))
        if said is None or said.lower().startswith("location"):
            yield call, "a header that is not written here"


def assets(sources: Sources) -> Found:
    """Scripts and styles are our own files, or the service's that the shop is connected with."""
    for call in sources.calls(*_ENQUEUES):
        if _ELSEWHERE.match(sources.start(argument(call, 1))):
            yield call, "a file from somewhere else"
    for node in sources.every("string", "inline"):
        if _TAGS.search(str(node["value"])):
            yield node, "a file or a script is asked for around WordPress"


def _calls_unknown(sources: Sources, node: Node) -> bool:
    if called(node) == "call_user_func":
        return sources.callback(argument(node, 0)) is None
    return node.kind == "call" and node["what"].kind == "variable"


def _is_own(target: Node) -> bool:
    """`__DIR__ . '/name.php'`, or the folder by a constant."""
    if target.kind != "bin" or target["type"] != ".":
        return False
    folder, file = target["left"], target["right"]
    if called(folder) == "dirname":
        folder = folder["arguments"][0]
    return folder.kind in ("magic", "name") and file.kind == "string" and ".." not in str(file["value"])


def _is_each_of_own(target: Node) -> bool:
    """`foreach ( glob( __DIR__ . '/folder/*.php' ) as $file )`."""
    for above in target.ways_up():
        if above.kind == "foreach" and target.kind == "variable":
            found = above["source"]
            return above["value"]["name"] == target["name"] and (
                called(found) == "glob" and _is_own(found["arguments"][0])
            )
    return False


def _is_local(sources: Sources, target: Node | None) -> bool:
    return target is not None and (_is_own(target) or sources.text(target) == "php://input")


def _has_end(call: Node) -> bool:
    """Options that cannot be read here are put together elsewhere; the whole file is asked then."""
    options = argument(call, 1)
    if options is None:
        return False
    where = options if options.kind == "array" else [options, *options.ways_up()][-1]
    return any(one["value"] == "timeout" for one in where.find("string"))


def _ends(call: Node) -> bool:
    """`exit` is the next thing that happens."""
    at, above = call, call.above
    while above is not None and above.kind != "block":
        at, above = above, above.above
    if above is None:
        return False
    following = above["children"][above["children"].index(at) + 1 :]
    return (
        bool(following)
        and following[0].kind == "expressionstatement"
        and (following[0]["expression"].kind == "exit")
    )
