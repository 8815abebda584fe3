"""The plugin as one whole: its constants, its functions, and what a hook leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.plugin.rules.tree import FUNCTIONS, Node, argument, called, calls

HOOKS = ("add_action", "add_filter")


class Sources:
    def __init__(self, trees: Sequence[Node]) -> None:
        self.trees = trees
        self.constants: dict[str, Node] = {}
        self.functions: dict[str, Node] = {}
        for node in self.every("constant"):
            self.constants[_name(node["name"])] = node["value"]
        self._classes = {
            _name(node["name"]) for node in self.every("class") if isinstance(node["name"], Node)
        }
        for node in self.every("function", "method"):
            self.functions[_name(node["name"]).lower()] = node

    def every(self, *kinds: str) -> Iterator[Node]:
        return (node for tree in self.trees for node in tree.find(*kinds))

    def calls(self, *names: str) -> Iterator[Node]:
        return (node for tree in self.trees for node in calls(tree, *names))

    def text(self, node: Node | None) -> str | None:
        """What an expression is, if it is a text that the sources alone decide."""
        if node is None:
            return None
        if node.kind == "string":
            return str(node["value"])
        if node.kind == "magic" and node["value"] == "__NAMESPACE__":
            return "Doorstep"
        if node.kind == "bin" and node["type"] == ".":
            left, right = self.text(node["left"]), self.text(node["right"])
            return None if left is None or right is None else left + right
        if node.kind == "name":
            return self.text(self.constants.get(str(node["name"]).rpartition("\\")[2]))
        if node.kind == "staticlookup" and node["offset"].kind == "identifier":
            return self.text(self.constants.get(str(node["offset"]["name"])))
        return None

    def start(self, node: Node | None) -> str:
        """How a text begins, as far as the sources decide it."""
        if node is not None and node.kind == "bin" and node["type"] == ".":
            return self.text(node) or self.start(node["left"])
        if node is not None and node.kind == "encapsed":
            first = node["value"][0]["expression"]
            return self.text(first) or ""
        return self.text(node) or ""

    def callee(self, call: Node) -> Node | None:
        """The function of ours that is called, by name or as a method of whatever class."""
        what: Node = call["what"]
        if what.kind == "name":
            return self.functions.get(called(call))
        if what.kind in ("propertylookup", "staticlookup") and what["offset"].kind == "identifier":
            own = what["what"].kind != "name" or str(what["what"]["name"]) in self._classes
            return self.functions.get(str(what["offset"]["name"]).lower()) if own else None
        return None

    def callback(self, node: Node | None) -> Node | None:
        """What a hook or a route calls."""
        if node is None or node.kind in FUNCTIONS:
            return node
        if node.kind == "array" and len(node["items"]) == 2:
            node = node["items"][1]["value"]
        name = self.text(node)
        return self.functions.get(name.rpartition("\\")[2].rpartition("::")[2].lower()) if name else None

    def hooked(self) -> Iterator[tuple[str, Node, Node | None]]:
        """Hook, the call that hangs something on it, and what hangs there."""
        for call in self.calls(*HOOKS):
            yield self.start(argument(call, 0)), call, self.callback(argument(call, 1))

    def flow(self, function: Node, seen: tuple[Node, ...] = ()) -> Iterator[Node]:
        """Every node that runs when the function does, those of our own functions where they are called."""
        for node in _running(function):
            yield node
            inner = self.callee(node) if node.kind == "call" else None
            if inner is not None and inner is not function and inner not in seen:
                yield from self.flow(inner, (*seen, function))


def _running(function: Node) -> Iterator[Node]:
    body = function["body"]
    return body.below() if isinstance(body, Node) else iter(())


def _name(node: Node | str) -> str:
    return str(node["name"]) if isinstance(node, Node) else str(node)
