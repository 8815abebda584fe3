"""A merchant turns a knob: who waits because of it waits anew, from the instant that the wait counts from.

Mails that are planned already stay where they are; nobody is asked twice, because a message is known by
its journey and step whatever the knobs say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session, as_json, put_rows, record_set
from app.models.journey import journeys, timers
from app.queries.facts import load_settings, load_shops
from app.queries.flow_journeys import people_in, wait_facts, waiting_in
from app.queries.journeys import JourneyRow
from app.services.decisions import LANES
from app.services.locks import lock_shop
from flows.facts import FlowSetting, Reason
from flows.flow import Flow
from flows.plain import to_plain
from flows.retiming import knobs_of, retimed
from flows.steps import steps_within

BATCH = 500
# How many waiting journeys are looked at before the change is made; saving moves them all.
LOOK = 2_000


class Stale(Exception):
    """Somebody else turned a knob since the form was opened. `present`: where those knobs stand now."""

    def __init__(self, present: Mapping[str, int]) -> None:
        super().__init__("turned meanwhile")
        self.present = present


@dataclass(frozen=True, slots=True)
class Move:
    """One journey whose wait ends at another instant."""

    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class Outlook:
    """What turning the knobs does. `people` are in the flow, `looked_at` of them wait in a step that the
    knobs are about and were looked at."""

    people: int
    looked_at: int
    moves: tuple[Move, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Moved:
    row: JourneyRow
    wake_at: datetime


def numbers_in(
    flow: Flow, given: Mapping[str, str], keys: tuple[str, ...]
) -> tuple[dict[str, int], dict[str, str]]:
    """(values, problems in words), by knob, of what a form holds for `keys`."""
    values: dict[str, int] = {}
    problems: dict[str, str] = {}
    for knob in flow.knobs:
        if knob.key not in keys:
            continue
        written = given.get(knob.key, "").strip()
        if not (written.isascii() and written.isdigit() and len(written) <= 6):
            problems[knob.key] = f"A whole number is needed: {knob.lowest} to {knob.highest}."
        elif not knob.accepts(int(written)):
            problems[knob.key] = f"{int(written)} is out of bounds: {knob.lowest} to {knob.highest}."
        else:
            values[knob.key] = int(written)
    return values, problems


def knobs_now(session: Session, shop_id: int, flow: Flow) -> dict[str, int]:
    return flow.knob_values(_setting(session, shop_id, flow).knobs)


def outlook(session: Session, shop_id: int, flow: Flow, wanted: Mapping[str, int], now: datetime) -> Outlook:
    """What `wanted` would do, looked up and not done."""
    present = knobs_now(session, shop_id, flow)
    looked_at, moves = 0, list[Move]()
    people = people_in(session, shop_id).get(flow.key, 0)
    for rows, moved in _batches(session, shop_id, flow, present, {**present, **wanted}, now):
        looked_at += len(rows)
        moves += _moves(moved)
        if looked_at >= LOOK:
            return Outlook(people, looked_at, tuple(moves), whole=False)
    return Outlook(people, looked_at, tuple(moves))


def turn(
    session: Session,
    shop_id: int,
    flow: Flow,
    wanted: Mapping[str, int],
    seen: Mapping[str, int],
    now: datetime,
) -> Outlook:
    """Stores the knobs and moves every journey that waits because of them. A constant number of
    statements for each 500. `seen`: where the knobs stood when the form was opened. Raises Stale."""
    lock_shop(session, shop_id)
    present = knobs_now(session, shop_id, flow)
    moved_by_others = {
        key: present[key]
        for key, value in wanted.items()
        if key in seen and present[key] not in (seen[key], value)
    }
    if moved_by_others:
        raise Stale(moved_by_others)
    _store(session, shop_id, flow, wanted, now)
    looked_at, moves = 0, list[Move]()
    people = people_in(session, shop_id).get(flow.key, 0)
    for rows, moved in _batches(session, shop_id, flow, present, {**present, **wanted}, now):
        looked_at += len(rows)
        _write(session, shop_id, flow, moved, now)
        moves += _moves(moved)
    return Outlook(people, looked_at, tuple(moves))


def _setting(session: Session, shop_id: int, flow: Flow) -> FlowSetting:
    return load_settings(session, [shop_id]).get((shop_id, flow.key), FlowSetting())


def _store(session: Session, shop_id: int, flow: Flow, wanted: Mapping[str, int], now: datetime) -> None:
    """A flow that was never switched on keeps its knobs until it is."""
    session.execute(
        text(
            "INSERT INTO flow_switches (shop_id, flow_key, enabled, since, knobs)"
            " VALUES (:shop, :flow, false, :now, CAST(:knobs AS jsonb))"
            " ON CONFLICT (shop_id, flow_key) DO UPDATE SET knobs = flow_switches.knobs || excluded.knobs"
        ),
        {"shop": shop_id, "flow": flow.key, "now": now, "knobs": as_json(dict(wanted))},
    )


def _batches(
    session: Session,
    shop_id: int,
    flow: Flow,
    present: Mapping[str, int],
    turned: Mapping[str, int],
    now: datetime,
) -> Iterator[tuple[list[JourneyRow], list[_Moved]]]:
    """Journeys in the waits that the knobs are about, and those of them that move."""
    changed = {key for key, value in turned.items() if value != present[key]}
    steps = [step.key for step in steps_within(flow.steps) if changed & set(knobs_of(step))]
    if not steps:
        return
    shop, after = load_shops(session, [shop_id])[shop_id], 0
    while rows := waiting_in(session, shop_id, flow.key, steps, after, BATCH):
        after = rows[-1].id
        facts = wait_facts(session, shop, rows, turned)
        moved = [
            _Moved(row, anew.wake_at)
            for row in rows
            if row.id in facts
            and (anew := retimed(flow, row.state, facts[row.id], now)) != row.state
            and anew.wake_at is not None
        ]
        yield rows, moved
        if len(rows) < BATCH:
            return


def _moves(moved: list[_Moved]) -> list[Move]:
    return [Move(one.row.state.wake_at, one.wake_at) for one in moved if one.row.state.wake_at is not None]


def _write(session: Session, shop_id: int, flow: Flow, moved: list[_Moved], now: datetime) -> None:
    """By revision: a journey that went on meanwhile is left as it is. Two statements."""
    if not moved:
        return
    rows: list[dict[str, Any]] = [
        {
            "id": one.row.id,
            "revision": one.row.revision,
            "step": one.row.state.step,
            "wake_at": one.wake_at,
            "reasons": to_plain((_why(one),)),
        }
        for one in moved
    ]
    written = session.execute(
        text(
            "UPDATE journeys j SET wake_at = r.wake_at, revision = j.revision + 1, changed_at = :now,"
            " reasons = (SELECT coalesce(jsonb_agg(e ORDER BY place), '[]') FROM"
            "  jsonb_array_elements(j.reasons) WITH ORDINALITY AS old(e, place)"
            "  WHERE e->>'rule' <> 'knob_turned') || r.reasons"
            f" FROM {record_set(journeys, list(rows[0]))}"
            " WHERE j.id = r.id AND j.shop_id = :shop AND j.revision = r.revision AND j.step = r.step"
            " AND j.status = 'active' RETURNING j.id, j.wake_at"
        ),
        {"rows": as_json(rows), "shop": shop_id, "now": now},
    )
    put_rows(
        session,
        timers,
        [
            {
                "journey_id": row.id,
                "shop_id": shop_id,
                "due_at": row.wake_at,
                "lane": LANES[flow.mail_class],
            }
            for row in written
        ],
        "ON CONFLICT (journey_id) DO UPDATE SET due_at = excluded.due_at",
    )


def _why(moved: _Moved) -> Reason:
    before = moved.row.state.wake_at
    was = before.isoformat(timespec="seconds") if before is not None else ""
    until = moved.wake_at.isoformat(timespec="seconds")
    return Reason("knob_turned", True, f"{moved.row.state.step} until {until}", f"was {was}")
