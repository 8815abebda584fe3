"""Our templates compiled for speed: their pieces are put in place instead of being called, and attributes and
functions are reached as Python reaches them. Jinja asks itself at each one whether it is a key, an attribute,
or wants the context; in templates of our own, over values of our own, the answer is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import escape

from emails.compiling.counted import with_counted_loops
from emails.compiling.folded import branch_of, choice_of, filled_in, printed_at_once
from emails.compiling.trees import all_nodes, copied


class LeanCode(CodeGenerator):
    """Not for templates from outside: nothing stands between them and Python."""

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if not frame.eval_ctx.autoescape:
            self.write("str(")
        elif _is_plain(node):
            self.write("(")
        else:
            self.write("environment.shown(")

    def _output_child_post(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        self.write(")")

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:
        """Nothing stands in its place: whoever prints the template asks for its blocks in an order."""

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
    whole = nodes.Template([*kept.values(), *body], lineno=1)
    return _placed(with_counted_loops(whole), template)


def macros_in(template: nodes.Template) -> dict[str, nodes.Macro]:
    return {one.name: one for one in template.body if isinstance(one, nodes.Macro)}


def names_read(template: nodes.Template) -> frozenset[str]:
    """Every name that the template looks at, its own variables among them."""
    return frozenset(node.name for node in all_nodes(template) if isinstance(node, nodes.Name))


def _keep_called(
    body: Sequence[nodes.Node], macros: Mapping[str, nodes.Macro], kept: dict[str, nodes.Macro]
) -> None:
    for node in body:
        for call in all_nodes(node):
            name = _name(call) if isinstance(call, nodes.Call) else ""
            if name in macros and name not in kept:
                macro = copied(macros[name])
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
        if isinstance(node, nodes.If) and (known := branch_of(node)) is not None:
            found.extend(_in_place(known, macros))
            continue
        for name in ("body", "else_"):
            if getattr(node, name, None):
                setattr(node, name, _in_place(getattr(node, name), macros))
        if isinstance(node, nodes.If):
            # A branch stays a branch: what stands in its place is an If again.
            for branch in node.elif_:
                branch.body = _in_place(branch.body, macros)
        found.append(node)
    return printed_at_once(found)


def _printed(node: nodes.Expr, macros: Mapping[str, nodes.Macro]) -> list[nodes.Node]:
    node = choice_of(node)
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
    body = [copied(node) for node in macro.body]
    names = [argument.name for argument in macro.args]
    given = dict(zip(names[len(names) - len(macro.defaults) :], macro.defaults, strict=True))
    given |= dict(zip(names, call.args, strict=False))
    given |= {argument.key: argument.value for argument in call.kwargs}
    filled = filled_in(body, given)
    left = [name for name in names if name not in filled]
    targets: list[nodes.Expr] = [nodes.Name(name, "param", lineno=call.lineno) for name in left]
    return nodes.With(targets, [given[name] for name in left], _in_place(body, macros), lineno=call.lineno)


def _name(call: nodes.Call) -> str:
    return call.node.name if isinstance(call.node, nodes.Name) else ""


def _placed(made: nodes.Template, source: nodes.Template) -> nodes.Template:
    # Parsed by an environment, so it has one; Jinja types it as perhaps none.
    made.set_environment(source.environment)  # type: ignore[arg-type]
    return made


def _is_plain(node: nodes.Expr) -> bool:
    """A choice of words of ours that are the same in markup."""
    if isinstance(node, nodes.CondExpr):
        return node.expr2 is not None and _is_plain(node.expr1) and _is_plain(node.expr2)
    return isinstance(node, nodes.Const) and type(node.value) is str and escape(node.value) == node.value
