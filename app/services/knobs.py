"""A merchant turns a knob: who waits because of it waits anew, from the instant that the wait counts from.

The knobs are stored at once; who waits is moved after that, a few batches now and the rest by a job.
Mails that are planned already stay where they are; nobody is asked twice, because a message is known by
its journey and step whatever the knobs say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session, as_json
from app.keys import Keys
from app.queries.flow_journeys import people_in, waiting_in
from app.queries.settings import load_settings
from app.services.changes import Stale
from app.services.locks import lock_shop
from app.services.retime import Moved, move_batch, moves_of, pending, steps_turned
from flows.facts import FlowSetting
from flows.flow import Flow

# How many waiting journeys are looked at before the change is made; saving moves them all.
LOOK = 200
# How many batches a merchant waits for.
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Move:
    """One journey whose wait ends at another instant."""

    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class Outlook:
    """What turning the knobs does. `people` are in the flow, `looked_at` of them wait in a step that the
    knobs are about and were looked at. Not `whole`: others wait there too."""

    people: int
    looked_at: int
    moves: tuple[Move, ...]
    whole: bool = True


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


def outlook(
    session: Session, secrets: Keys, shop_id: int, flow: Flow, wanted: Mapping[str, int], now: datetime
) -> Outlook:
    """What `wanted` would do, looked up for the first who wait, and not done."""
    present = knobs_now(session, shop_id, flow)
    steps = steps_turned(flow, _changed(present, wanted))
    rows = waiting_in(session, shop_id, flow.key, steps, 0, LOOK + 1) if steps else []
    moved = moves_of(session, secrets, flow, rows[:LOOK], {**present, **wanted}, now)
    people = people_in(session, shop_id).get(flow.key, 0)
    return Outlook(people, len(rows[:LOOK]), _moves(moved), whole=len(rows) <= LOOK)


def turn(
    session: Session,
    shop_id: int,
    flow: Flow,
    wanted: Mapping[str, int],
    seen: Mapping[str, int],
    now: datetime,
) -> None:
    """Stores the knobs, and that those who wait because of them are to be moved. `seen`: where the knobs
    stood when the form was opened. Raises Stale."""
    lock_shop(session, shop_id)
    present = knobs_now(session, shop_id, flow)
    moved_by_others = {
        key: present[key]
        for key, value in wanted.items()
        if key in seen and present[key] not in (seen[key], value)
    }
    if moved_by_others:
        raise Stale(moved_by_others)
    turned = _changed(present, wanted)
    left = pending(session, shop_id, flow)
    if turned and left is not None:  # those who were moved already move once more
        turned = sorted({*turned, *left.turned})
    _store(session, shop_id, flow, wanted, turned, now)


def move_now(database: Database, secrets: Keys, shop_id: int, flow: Flow, now: datetime) -> Outlook:
    """Moves the first who wait, each batch by itself. Not `whole`: the job has to move the others."""
    looked_at, moved, more = 0, list[Moved](), True
    for _ in range(AT_ONCE):
        batch = move_batch(database, secrets, shop_id, flow, now)
        if batch is None or not batch.more:
            more = False
        if batch is not None:
            looked_at += batch.looked_at
            moved += batch.moved
        if not more:
            break
    with database.shops(shop_id) as session:
        people = people_in(session, shop_id).get(flow.key, 0)
    return Outlook(people, looked_at, _moves(moved), whole=not more)


def _setting(session: Session, shop_id: int, flow: Flow) -> FlowSetting:
    return load_settings(session, [shop_id]).get((shop_id, flow.key), FlowSetting())


def _changed(present: Mapping[str, int], wanted: Mapping[str, int]) -> list[str]:
    return sorted(key for key, value in wanted.items() if value != present[key])


def _store(
    session: Session,
    shop_id: int,
    flow: Flow,
    wanted: Mapping[str, int],
    turned: Sequence[str],
    now: datetime,
) -> None:
    """A flow that was never switched on keeps its knobs until it is."""
    session.execute(
        text(
            "INSERT INTO flow_switches"
            " (shop_id, flow_key, enabled, since, knobs, retime_after, retime_knobs)"
            " VALUES (:shop, :flow, false, :now, CAST(:knobs AS jsonb), CAST(:after AS bigint), :turned)"
            " ON CONFLICT (shop_id, flow_key) DO UPDATE SET knobs = flow_switches.knobs || excluded.knobs"
            + (
                ", retime_after = excluded.retime_after, retime_knobs = excluded.retime_knobs"
                if turned
                else ""
            )
        ),
        {
            "shop": shop_id,
            "flow": flow.key,
            "now": now,
            "knobs": as_json(dict(wanted)),
            "after": 0 if turned else None,
            "turned": as_json(turned),
        },
    )


def _moves(moved: Sequence[Moved]) -> tuple[Move, ...]:
    return tuple(
        Move(one.row.state.wake_at, one.wake_at) for one in moved if one.row.state.wake_at is not None
    )
