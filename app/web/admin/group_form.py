"""A group as rows of a form: a rule, whether it is so or not, and what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.web.admin.knob_fields import read, written
from app.words.group_fields import BY_RULE, Entry, Field
from flows.conditions import MOST_MONEY, AllOf, AnyOf, Condition, Named
from flows.questions.rule import Argument
from flows.segments import MOST_RULES
from flows.steps import Knob, KnobKind

_LONGEST = 100
_KINDS = {Entry.MONEY: KnobKind.MONEY, Entry.PERCENT: KnobKind.PERCENT}


@dataclass(frozen=True, slots=True)
class Row:
    """As it stands in the form. `problem`: why it cannot be kept."""

    rule: str = ""
    opposite: bool = False
    value: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """`any_of`: one of the rows is enough."""

    title: str
    any_of: bool
    rows: tuple[Row, ...]
    problem: str = ""

    @property
    def is_wrong(self) -> bool:
        return bool(self.problem or any(row.problem for row in self.rows))


def form_of(title: str, condition: Condition, currency: str) -> Form | None:
    """None: it was not made of rows, so it cannot be shown as such."""
    parts = condition.parts if isinstance(condition, AllOf | AnyOf) else (condition,)
    rows = [_row(part, currency) for part in parts]
    found = [row for row in rows if row is not None]
    return Form(title, isinstance(condition, AnyOf), tuple(found)) if len(found) == len(rows) else None


def read_form(fields: Mapping[str, str], currency: str) -> tuple[Form, Condition | None]:
    """The form as it was sent, and the group that it means; None where something is wrong with it."""
    title = " ".join(fields.get("title", "").split())
    rows: list[Row] = []
    parts: list[Condition] = []
    for place in range(MOST_RULES):
        rule = fields.get(f"rule-{place}", "")
        if not rule:
            continue
        row = Row(
            rule, fields.get(f"is-{place}") == "not", fields.get(f"value-{place}", "").strip()[:_LONGEST]
        )
        part = _part(row, currency)
        if isinstance(part, Named):
            parts.append(part)
        else:
            row = replace(row, problem=part)
        rows.append(row)
    problem = ""
    if not title or len(title) > _LONGEST or not title.isprintable():
        problem = f"A name is needed, up to {_LONGEST} letters."
    elif not rows:
        problem = "At least one row is needed: without any it would be everybody."
    form = Form(title, fields.get("join") == "any", tuple(rows), problem)
    if form.is_wrong:
        return form, None
    return form, parts[0] if len(parts) == 1 else (AnyOf if form.any_of else AllOf)(tuple(parts))


def _row(part: Condition, currency: str) -> Row | None:
    if not isinstance(part, Named) or part.name not in BY_RULE:
        return None
    field = BY_RULE[part.name]
    value = dict(part.arguments).get(field.argument)
    if field.entry is Entry.MONEY and isinstance(value, int):
        value = written(_knob(field), value, currency)
    return Row(part.name, part.opposite, "" if value is None else str(value))


def _part(row: Row, currency: str) -> Named | str:
    """The rule, or what is wrong with the row."""
    field = BY_RULE.get(row.rule)
    if field is None:
        return "This cannot be asked."
    value: Argument | None = None
    match field.entry:
        case Entry.NOTHING:
            return Named(field.rule, (), row.opposite)
        case Entry.CHOICE:
            if row.value not in field.choices:
                return f"One of these is needed: {', '.join(field.choices)}."
            value = row.value
        case Entry.WORDS:
            if not row.value or not row.value.isprintable():
                return f"Something is needed here, like {field.example}."
            value = row.value
        case _:
            knob = _knob(field)
            value = read(knob, row.value, currency)
            if value is None or not knob.accepts(value):
                return f"A number is needed, 1 to {written(knob, knob.highest, currency)}."
    return Named(field.rule, ((field.argument, value),), row.opposite)


def _knob(field: Field) -> Knob:
    most = MOST_MONEY if field.entry is Entry.MONEY else field.most
    return Knob(field.argument, 1, 1, most, field.title, _KINDS.get(field.entry, KnobKind.NUMBER))
