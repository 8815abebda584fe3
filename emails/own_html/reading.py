"""A block's source becomes our tree: read by Jinja's parser, of whose words only a few are let through.

Nothing of Jinja is ever compiled or run, so that an escape from its sandbox would find nothing to escape to.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from functools import lru_cache

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from emails.own_html.language import (
    Both,
    Choice,
    Compared,
    Defined,
    Expression,
    Filtered,
    Fixed,
    Loop,
    Opposite,
    Piece,
    Print,
    Text,
    Value,
)
from emails.own_html.published import LISTS, LOOP, VALUES
from emails.own_html.refused import Refused

LONGEST_SOURCE = 20_000  # bytes
DEEPEST = 20
_LONGEST_WORD = 200
_LARGEST_NUMBER = 10**15
# The one environment is only Jinja's grammar: no loader, no extension.
_GRAMMAR = Environment(autoescape=True)
_SIGNS = frozenset(("eq", "ne", "lt", "lteq", "gt", "gteq"))
# How many words may stand in a filter's brackets: at least, at most.
_FILTERS: Mapping[str, tuple[int, int]] = {
    "upper": (0, 0),
    "lower": (0, 0),
    "length": (0, 0),
    "default": (1, 1),
    "join": (2, 2),
}
_SAID: Mapping[type[nodes.Node], str] = {
    nodes.Call: "Calls cannot be used here.",
    nodes.CallBlock: "Calls cannot be used here.",
    nodes.Getitem: "Square brackets cannot be used here. Write a dot and the name.",
    nodes.Macro: "Macros cannot be used here.",
    nodes.Import: "Nothing can be imported here.",
    nodes.FromImport: "Nothing can be imported here.",
    nodes.Include: "Nothing can be included here.",
    nodes.Extends: "A block cannot extend another one.",
    nodes.Block: "A block cannot hold named blocks.",
    nodes.Assign: "Values cannot be set here, only printed.",
    nodes.AssignBlock: "Values cannot be set here, only printed.",
    nodes.FilterBlock: "Filter blocks cannot be used here.",
    nodes.Concat: "Parts cannot be joined by ~. Write one behind the other.",
}

# Of the rows that loops around are at: by the row's name, the list.
Rows = Mapping[str, str]


@lru_cache(maxsize=512)
def read(source: str) -> tuple[Piece, ...]:
    """Raises Refused."""
    if len(source.encode("utf-8", "replace")) > LONGEST_SOURCE:
        raise Refused(f"This block is longer than {LONGEST_SOURCE // 1000} kB.")
    try:
        tree = Parser(_GRAMMAR, source).parse()
    except TemplateSyntaxError as error:
        raise Refused(_plain(error.message or "This cannot be read."), error.lineno) from None
    except RecursionError:
        raise Refused("This is nested too deeply.") from None
    except (ValueError, OverflowError):  # a number of thousands of digits
        raise Refused("There is a number that nobody can read.") from None
    return _body(tree.body, {}, 0)


def _plain(message: str) -> str:
    """Jinja's own sentence, on one line and no longer than one."""
    short = " ".join(message.split())[:_LONGEST_WORD]
    return f"This cannot be read: {short.rstrip('.')}."


def _body(found: Sequence[nodes.Node], rows: Rows, depth: int) -> tuple[Piece, ...]:
    return tuple(piece for node in found for piece in _pieces(node, rows, depth + 1))


def _pieces(node: nodes.Node, rows: Rows, depth: int) -> list[Piece]:
    if depth > DEEPEST:
        raise Refused("This is nested too deeply.", node.lineno)
    if type(node) is nodes.Output:
        return [_printed(part, rows, depth) for part in node.nodes]
    if type(node) is nodes.If:
        return [_choice(node, rows, depth)]
    if type(node) is nodes.For:
        return [_loop(node, rows, depth)]
    raise _stranger(node)


def _printed(part: nodes.Expr, rows: Rows, depth: int) -> Piece:
    if type(part) is nodes.TemplateData:
        return Text(part.data)
    found = _expression(part, rows, depth)
    if name := _list_in(found):
        raise Refused(f"{name} is a list: print its rows in a loop, {{% for line in lines %}}.", part.lineno)
    return Print(found)


def _choice(node: nodes.If, rows: Rows, depth: int) -> Choice:
    branches = [(_expression(node.test, rows, depth), _body(node.body, rows, depth))]
    for other in node.elif_:
        branches.append((_expression(other.test, rows, depth), _body(other.body, rows, depth)))
    return Choice(tuple(branches), _body(node.else_, rows, depth))


def _loop(node: nodes.For, rows: Rows, depth: int) -> Loop:
    if node.recursive or node.test is not None:
        raise Refused("A loop goes over a list as it is: no condition, no recursion.", node.lineno)
    if type(node.iter) is not nodes.Name or node.iter.name not in LISTS:
        raise Refused(f"A loop goes over {' or '.join(LISTS)}.", node.lineno)
    if type(node.target) is not nodes.Name:
        raise Refused("A loop needs one name for its row.", node.lineno)
    row = node.target.name
    if (
        row.startswith("_")
        or row in LISTS
        or row == "loop"
        or any(name.split(".")[0] == row for name in VALUES)
    ):
        raise Refused(f"{row} is another value's name. Call the row something else.", node.lineno)
    inside = {**rows, row: node.iter.name}
    return Loop(row, node.iter.name, _body(node.body, inside, depth), _body(node.else_, rows, depth))


def _expression(node: nodes.Node, rows: Rows, depth: int) -> Expression:
    depth += 1
    if depth > DEEPEST:
        raise Refused("This is nested too deeply.", node.lineno)
    if type(node) is nodes.Const and (node.value is None or isinstance(node.value, str | int | float)):
        if isinstance(node.value, int | float) and abs(node.value) > _LARGEST_NUMBER:
            raise Refused("There is a number that nobody can read.", node.lineno)
        return Fixed(node.value)
    if type(node) in (nodes.Name, nodes.Getattr):
        return _value(node, rows)
    if type(node) is nodes.Filter:
        return _filtered(node, rows, depth)
    if type(node) is nodes.Compare:
        return _compared(node, rows, depth)
    if type(node) is nodes.And or type(node) is nodes.Or:
        left, right = _expression(node.left, rows, depth), _expression(node.right, rows, depth)
        return Both(left, right, all=type(node) is nodes.And)
    if type(node) is nodes.Not:
        return Opposite(_expression(node.node, rows, depth))
    if type(node) is nodes.Test and node.name == "defined" and not (node.args or node.kwargs):
        return Defined(_expression(node.node, rows, depth))
    raise _stranger(node)


def _value(node: nodes.Node, rows: Rows) -> Value:
    path = _path(node)
    dotted = ".".join(path)
    if len(path) == 1 and path[0] in LISTS:
        return Value(path[0])
    if len(path) == 2 and path[0] in rows and path[1] in LISTS[rows[path[0]]]:
        return Value(path[1], row=path[0])
    if len(path) == 2 and path[0] == "loop" and rows and path[1] in LOOP:
        return Value(path[1], row="loop")
    if dotted in VALUES and path[0] not in rows:
        return Value(dotted)
    raise Refused(f"{dotted[:60]} is no value that a mail has.{_meant(dotted, rows)}", node.lineno)


def _path(node: nodes.Node) -> list[str]:
    names: list[str] = []
    while type(node) is nodes.Getattr:
        names.append(node.attr)
        node = node.node
    if type(node) is not nodes.Name:
        raise _stranger(node)
    return [node.name, *reversed(names)]


def _meant(dotted: str, rows: Rows) -> str:
    known = [*VALUES, *LISTS, *(f"{row}.{name}" for row, over in rows.items() for name in LISTS[over])]
    inside = [name for name in known if name.startswith(f"{dotted}.")]
    near = inside or difflib.get_close_matches(dotted[:60], known, 1)
    return f" Did you mean {near[0]}?" if near else ""


def _filtered(node: nodes.Filter, rows: Rows, depth: int) -> Filtered:
    if node.node is None or node.name not in _FILTERS or node.dyn_args or node.dyn_kwargs:
        raise Refused(f"{node.name[:40]} cannot be used here. There are {', '.join(_FILTERS)}.", node.lineno)
    given = [*node.args, *(pair.value for pair in node.kwargs if pair.key == "attribute")]
    words = [one.value for one in given if type(one) is nodes.Const and isinstance(one.value, str)]
    least, most = _FILTERS[node.name]
    fits = len(words) == len(given) == len(node.args) + len(node.kwargs) and least <= len(words) <= most
    if not fits or any(len(word) > _LONGEST_WORD for word in words):
        raise Refused(f"What stands in the brackets of {node.name} does not fit.", node.lineno)
    inner = _expression(node.node, rows, depth)
    over_list = isinstance(inner, Value) and _is_list(inner)
    if node.name == "join" and not (isinstance(inner, Value) and over_list and words[1] in LISTS[inner.name]):
        raise Refused('join is written as lines|join(", ", attribute="title").', node.lineno)
    if _list_in(inner) and not (over_list and node.name in ("join", "length")):
        raise Refused(f"{node.name} cannot be used with a list.", node.lineno)
    return Filtered(node.name, inner, tuple(words))


def _compared(node: nodes.Compare, rows: Rows, depth: int) -> Compared:
    if len(node.ops) != 1 or node.ops[0].op not in _SIGNS:
        raise Refused("Two values are compared by ==, !=, <, <=, > or >=, one pair at a time.", node.lineno)
    right = _expression(node.ops[0].expr, rows, depth)
    return Compared(_expression(node.expr, rows, depth), node.ops[0].op, right)


def _is_list(value: Value) -> bool:
    return not value.row and value.name in LISTS


def _list_in(found: Expression) -> str:
    """The list that this may come to, "" for none: `lines or name` is the one or the other."""
    if isinstance(found, Both):
        return _list_in(found.left) or _list_in(found.right)
    return found.name if isinstance(found, Value) and _is_list(found) else ""


def _stranger(node: nodes.Node) -> Refused:
    said = _SAID.get(type(node), f"{type(node).__name__} cannot be used here.")
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr):
        said = "Sums cannot be made here."
    return Refused(said, node.lineno)
