"""Our templates compiled for speed: their pieces are put in place instead of being called, and attributes and
functions are reached as Python reaches them. Jinja asks itself at each one whether it is a key, an attribute,
or wants the context; in templates of our own, over values of our own, the answer is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

_Node = TypeVar("_Node", bound=nodes.Node)


class LeanCode(CodeGenerator):
    """Not for templates from outside: nothing stands between them and Python."""

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        self.write("environment.shown(" if frame.eval_ctx.autoescape else "str(")

    def _output_child_post(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        self.write(")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")


def with_pieces_in_place(
    template: nodes.Template, pieces: Mapping[str, nodes.Macro] | None = None
) -> nodes.Template:
    """Each macro that is printed is replaced by its body; what is called inside of an expression stays.
    `pieces`: macros besides those of the template, which are left as they are."""
    macros = {**(pieces or {}), **macros_in(template)}
    body = _in_place([one for one in template.body if not isinstance(one, nodes.Macro)], macros)
    kept: dict[str, nodes.Macro] = {}
    _keep_called(body, macros, kept)
    return _placed(nodes.Template([*kept.values(), *body], lineno=1), template)


def macros_in(template: nodes.Template) -> dict[str, nodes.Macro]:
    return {one.name: one for one in template.body if isinstance(one, nodes.Macro)}


def names_read(template: nodes.Template) -> frozenset[str]:
    """Every name that the template looks at, its own variables among them."""
    return frozenset(node.name for node in _all(template) if isinstance(node, nodes.Name))


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    waiting: list[object] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, nodes.Node):
            yield one
            waiting.extend(one.__dict__[name] for name in one.fields)
        elif isinstance(one, (list, tuple)):
            waiting.extend(one)


def _copied(node: _Node) -> _Node:
    """As `deepcopy` would, which asks each value how it wants to be copied."""
    made = object.__new__(type(node))
    for name, value in node.__dict__.items():
        if isinstance(value, nodes.Node):
            value = _copied(value)
        elif isinstance(value, list):
            value = [_copied(one) if isinstance(one, nodes.Node) else one for one in value]
        made.__dict__[name] = value
    return made


def _keep_called(
    body: Sequence[nodes.Node], macros: Mapping[str, nodes.Macro], kept: dict[str, nodes.Macro]
) -> None:
    for node in body:
        for call in _all(node):
            name = _name(call) if isinstance(call, nodes.Call) else ""
            if name in macros and name not in kept:
                macro = _copied(macros[name])
                macro.body = _in_place(macro.body, macros)
                kept[name] = macro
                _keep_called(macro.body, macros, kept)


def _in_place(body: Sequence[nodes.Node], macros: Mapping[str, nodes.Macro]) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    for node in body:
        if isinstance(node, nodes.Output):
            for printed in node.nodes:
                found.extend(_printed(printed, macros))
            continue
        for name in ("body", "else_"):
            if getattr(node, name, None):
                setattr(node, name, _in_place(getattr(node, name), macros))
        if isinstance(node, nodes.If):
            # A branch stays a branch: what stands in its place is an If again.
            node.elif_ = [one for branch in node.elif_ for one in _in_place([branch], macros)]  # type: ignore[misc]
        found.append(node)
    return found


def _printed(node: nodes.Expr, macros: Mapping[str, nodes.Macro]) -> list[nodes.Node]:
    if isinstance(node, nodes.CondExpr) and _calls_a_piece(node, macros):
        otherwise = _printed(node.expr2, macros) if node.expr2 is not None else []
        return [nodes.If(node.test, _printed(node.expr1, macros), [], otherwise, lineno=node.lineno)]
    if isinstance(node, nodes.Call) and (name := _name(node)) in macros:
        return [_body_of(node, macros[name], macros)]
    return [nodes.Output([node], lineno=node.lineno)]


def _calls_a_piece(node: nodes.CondExpr, macros: Mapping[str, nodes.Macro]) -> bool:
    branches = (node.expr1, node.expr2)
    return any(isinstance(one, nodes.Call) and _name(one) in macros for one in branches) or any(
        isinstance(one, nodes.CondExpr) and _calls_a_piece(one, macros) for one in branches
    )


def _body_of(call: nodes.Call, macro: nodes.Macro, macros: Mapping[str, nodes.Macro]) -> nodes.Node:
    body = _in_place([_copied(node) for node in macro.body], macros)
    names = [argument.name for argument in macro.args]
    given = dict(zip(names[len(names) - len(macro.defaults) :], macro.defaults, strict=True))
    given |= dict(zip(names, call.args, strict=False))
    given |= {argument.key: argument.value for argument in call.kwargs}
    targets: list[nodes.Expr] = [nodes.Name(name, "param", lineno=call.lineno) for name in names]
    return nodes.With(targets, [given[name] for name in names], body, lineno=call.lineno)


def _name(call: nodes.Call) -> str:
    return call.node.name if isinstance(call.node, nodes.Name) else ""


def _placed(made: nodes.Template, source: nodes.Template) -> nodes.Template:
    # Parsed by an environment, so it has one; Jinja types it as perhaps none.
    made.set_environment(source.environment)  # type: ignore[arg-type]
    return made
