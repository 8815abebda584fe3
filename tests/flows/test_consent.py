"""The table of consent, cell for cell, against a grid that knows nothing of it: a cell of the table that is
changed or taken out makes exactly its own comparison fail. And the guards go by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from flows import consent
from flows.consent import ALLOWS, TABLE, Cell, Ground, Kind, Region, State
from flows.consent_choices import ConsentChoices
from flows.flow import Flow
from flows.guards import rule_on
from flows.journey import Verdict
from flows.steps import Send
from tests.flows.consent_grid import ALL_CHOICES, CLASS, GRID, Key, differences, expected, grid, person
from tests.flows.pictures import T0
from tests.flows.test_flow import flow as a_flow

YEAR = timedelta(days=365)


@pytest.mark.parametrize("choices", ALL_CHOICES, ids=str)
def test_every_cell_is_as_the_law_says(choices: ConsentChoices) -> None:
    assert differences(choices) == set()


def test_the_grid_has_every_cell() -> None:
    assert set(grid(GRID)) == set(product(Region, Kind, State))
    assert len(grid(GRID)) == 168
    assert set(TABLE) == set(product(Region, Kind))
    for row in TABLE.values():
        assert set(row) == set(State)


def _tables_without(key: Key) -> Iterator[Mapping[tuple[Region, Kind], Mapping[State, Cell]]]:
    """The table with one cell taken out, turned round, or no longer open to one of its choices."""
    region, kind, state = key
    row = TABLE[region, kind]
    cell = row[state]
    other = Ground.CONSENT if cell.ground in ALLOWS else Ground.AGREED
    shut = [
        replace(cell, opened_by=tuple(one for one in cell.opened_by if one != gone))
        for gone in cell.opened_by
    ]
    for changed in (None, replace(cell, ground=other), *shut):
        cells = {one: held for one, held in row.items() if one is not state}
        yield {**TABLE, (region, kind): cells if changed is None else {**cells, state: changed}}


def test_a_cell_that_is_changed_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    changes = 0
    for key in grid(GRID):
        for table in _tables_without(key):
            monkeypatch.setattr(consent, "TABLE", table)
            assert set().union(*(differences(choices, key[0]) for choices in ALL_CHOICES)) == {key}
            changes += 1
    assert changes > 168 * 2


def test_a_row_that_is_taken_out_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    for row in TABLE:
        monkeypatch.setattr(consent, "TABLE", {key: held for key, held in TABLE.items() if key != row})
        assert differences() == {(*row, state) for state in State}


def probe(kind: Kind) -> Flow:
    mail_class, topic = CLASS[kind]
    return replace(a_flow(Send("ask", "hello/ask", late_hours=12)), mail_class=mail_class, topic=topic)


@pytest.mark.parametrize("choices", ALL_CHOICES, ids=str)
def test_the_guards_go_by_the_table(choices: ConsentChoices) -> None:
    for key, ground in expected(choices).items():
        region, kind, state = key
        ruling = rule_on(probe(kind), "ask", T0, T0 + YEAR, person(region, state, choices), T0)
        assert (ruling.verdict is Verdict.ALLOW) is (ground in ALLOWS), key
        assert ruling.reason == (None if ground in ALLOWS else ground.value), key
