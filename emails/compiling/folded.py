"""What is known while a mail is compiled is decided there: a piece that is called with `quiet=true` has only
its quiet form, and what is printed one after the other is printed at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import nodes

from emails.compiling.trees import all_nodes


def filled_in(body: list[nodes.Node], given: Mapping[str, nodes.Expr]) -> set[str]:
    """Puts each constant in place of its name, and says which. A name that is set again in the body, or taken
    by one of its loops, stays a name."""
    constants = {name: value for name, value in given.items() if isinstance(value, nodes.Const)}
    if not constants:
        return set()
    within = [node for part in body for node in all_nodes(part)]
    for node in within:
        if isinstance(node, nodes.Name) and node.ctx != "load":
            constants.pop(node.name, None)
    for node in within:
        _fill(node, constants)
    return set(constants)


def _fill(node: nodes.Node, constants: Mapping[str, nodes.Expr]) -> None:
    for field in node.fields:
        value = node.__dict__[field]
        if isinstance(value, list):
            node.__dict__[field] = [_of(one, constants) for one in value]
        else:
            node.__dict__[field] = _of(value, constants)


def _of(value: Any, constants: Mapping[str, nodes.Expr]) -> Any:
    return constants.get(value.name, value) if isinstance(value, nodes.Name) else value


def branch_of(node: nodes.If) -> list[nodes.Node] | None:
    """The body that is taken, where that is known; else None."""
    known = truth_of(node.test)
    if known is None:
        return None
    if known:
        return node.body
    if not node.elif_:
        return node.else_
    first, *others = node.elif_
    return [nodes.If(first.test, first.body, others, node.else_, lineno=first.lineno)]


def choice_of(node: nodes.Expr) -> nodes.Expr:
    """A choice of two whose condition is known is what it chooses."""
    while isinstance(node, nodes.CondExpr):
        known = truth_of(node.test)
        if known is None:
            return node
        node = node.expr1 if known else node.expr2 or nodes.Const("")
    return node


def truth_of(test: nodes.Node) -> bool | None:
    """None where only the reader's mail decides it."""
    if isinstance(test, nodes.Const):
        return bool(test.value)
    if isinstance(test, nodes.Not):
        known = truth_of(test.node)
        return None if known is None else not known
    return None


def printed_at_once(body: list[nodes.Node]) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    for node in body:
        if isinstance(node, nodes.Output) and found and isinstance(found[-1], nodes.Output):
            found[-1] = nodes.Output([*found[-1].nodes, *node.nodes], lineno=found[-1].lineno)
        else:
            found.append(node)
    return found
