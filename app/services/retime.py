"""Journeys that wait because of a knob that was turned, or of what was said of products: moved batch by
batch, each batch for itself.

How far the walk has come stands beside the flow's switch. So a crash loses nothing, turning again begins
anew, and a timer that rings before the walk has reached its journey knows that it must look twice.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Database, Session, as_json, put_rows, record_set
from app.keys import Keys
from app.models.journey import journeys, timers
from app.predict.run_outs import foresee
from app.queries.facts import FactBase, load_fact_base
from app.queries.flow_journeys import waiting_for_orders, waiting_in
from app.queries.journeys import JourneyRow
from app.queries.pictures import OrderKey
from app.services.decisions import LANES
from app.services.kept_reasons import kept
from app.services.locks import lock_shop
from flows.copies import with_changes
from flows.facts import Facts, Reason
from flows.flow import Flow
from flows.presets import PRESETS
from flows.retiming import WHAT_PRODUCTS_ARE, aims_at_a_moment, retimed, turned_by
from flows.steps import steps_within

BATCH = 500

log = logging.getLogger("doorstep.retime")


@dataclass(frozen=True, slots=True)
class Moved:
    """A waiting journey, and when it is to wake instead."""

    row: JourneyRow
    flow: Flow
    wake_at: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """Journeys after the id `after` are still to be looked at, because these knobs were turned, or
    WHAT_PRODUCTS_ARE. `values`: where all of the flow's knobs stand."""

    after: int
    turned: tuple[str, ...]
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Batch:
    looked_at: int
    moved: tuple[Moved, ...]
    more: bool


def pending(session: Session, shop_id: int, flow: Flow) -> Pending | None:
    row = session.execute(
        text(
            "SELECT retime_after, retime_knobs, knobs FROM flow_switches"
            " WHERE shop_id = :shop AND flow_key = :flow AND retime_after IS NOT NULL"
        ),
        {"shop": shop_id, "flow": flow.key},
    ).one_or_none()
    if row is None:
        return None
    return Pending(row.retime_after, tuple(row.retime_knobs), flow.knob_values(row.knobs))


def move_batch(database: Database, secrets: Keys, shop_id: int, flow: Flow, now: datetime) -> Batch | None:
    """One batch and how far it got, in one commit. None: nothing is left to do.

    What is long, the reading, happens before the shop is locked, unless what is foreseen is written anew. A
    journey that went on meanwhile is known by its revision and left: since the knobs were stored, every wait
    begins by the new ones.
    """
    with database.shops(shop_id) as session:
        left = pending(session, shop_id, flow)
        if left is None:
            return None
        steps = steps_turned(flow, left.turned)
        rows = waiting_in(session, shop_id, flow.key, steps, left.after, BATCH) if steps else []
        if WHAT_PRODUCTS_ARE in left.turned:
            lock_shop(session, shop_id)
        moved = moves_of(session, secrets, flow, rows, left.values, now, left.turned)
        lock_shop(session, shop_id)
        if pending(session, shop_id, flow) != left:  # moved by another, or turned again
            return Batch(0, (), True)
        write_moves(session, moved, now)
        more = len(rows) == BATCH
        session.execute(
            text(
                "UPDATE flow_switches SET retime_after = :after, retime_knobs = :turned"
                " WHERE shop_id = :shop AND flow_key = :flow"
            ),
            {
                "after": rows[-1].id if more else None,
                "turned": as_json(left.turned if more else ()),
                "shop": shop_id,
                "flow": flow.key,
            },
        )
    return Batch(len(rows), tuple(moved), more)


def move_waiting(database: Database, secrets: Keys, now: datetime, flows: Sequence[Flow] = PRESETS) -> bool:
    """One batch of any flow of any shop that has some left. False: none has, or it failed.

    By lot: where one shop's batches fail, the others' go on.
    """
    with database.crossing() as session:
        left = session.execute(
            text(
                "SELECT shop_id, flow_key FROM flow_switches WHERE retime_after IS NOT NULL"
                " ORDER BY (flow_key = any(:known)), random() LIMIT 1"
            ),
            {"known": [flow.key for flow in flows]},
        ).one_or_none()
        flow = next((one for one in flows if left is not None and one.key == left.flow_key), None)
        if left is not None and flow is None:  # a flow that we no longer ship moves nobody
            session.execute(
                text(
                    "UPDATE flow_switches SET retime_after = NULL"
                    " WHERE shop_id = :shop_id AND flow_key = :flow_key"
                ),
                dict(left._mapping),
            )
    if left is None or flow is None:
        return left is not None
    try:
        move_batch(database, secrets, left.shop_id, flow, now)
    except Exception as error:  # whatever it is: logged, tried again by the next sweep, others go on
        log.warning("journeys of shop %s were not moved: %s", left.shop_id, type(error).__name__)
        return False
    return True


def steps_turned(flow: Flow, turned: Collection[str]) -> list[str]:
    """The waits that these knobs are about."""
    return [step.key for step in steps_within(flow.steps) if turned_by(step).intersection(turned)]


def products_changed(session: Session, shop_id: int, flows: Sequence[Flow] = PRESETS) -> None:
    """The merchant said something of products: who waits by it is to be moved. The shop is locked."""
    session.execute(
        text(
            "UPDATE flow_switches SET retime_after = 0, retime_knobs ="
            "  CASE WHEN retime_after IS NULL THEN '[]' ELSE retime_knobs - :what END || to_jsonb(:what)"
            " WHERE shop_id = :shop AND flow_key = any(:flows)"
        ),
        {
            "shop": shop_id,
            "flows": [flow.key for flow in flows if steps_turned(flow, [WHAT_PRODUCTS_ARE])],
            "what": WHAT_PRODUCTS_ARE,
        },
    )


def moves_of(
    session: Session,
    secrets: Keys,
    flow: Flow,
    rows: Sequence[JourneyRow],
    values: Mapping[str, int],
    now: datetime,
    turned: Collection[str] = (),
) -> list[Moved]:
    """Those of `rows` whose wait ends at another instant with these values. Decided on what every decision
    is made from: how long a wait lasts may depend on any of it. The same number of statements always."""
    if not rows:
        return []
    keys = {(row.shop_id, row.order_id) for row in rows}
    base = load_fact_base(session, keys, secrets)
    if WHAT_PRODUCTS_ARE in turned:
        base = foresee(session, base, keys, now)
    found = []
    for row in rows:
        key = (row.shop_id, row.order_id)
        if key in base.pictures:
            facts = base.facts(key, flow.key, row.parcel_id)
            setting = replace(facts.setting, knobs={**facts.setting.knobs, **values})
            found.append(_moved(row, flow, with_changes(facts, setting=setting), now))
    return [one for one in found if one is not None]


def rung_too_early(
    session: Session, base: FactBase, rows: Sequence[JourneyRow], flows: Mapping[str, Flow], now: datetime
) -> list[Moved]:
    """Journeys whose timer rings by a knob that was turned since, and that nobody has moved yet: by the
    present knobs they wait on. One statement, five where something was said of products."""
    left = session.execute(
        text(
            "SELECT shop_id, flow_key, retime_knobs FROM flow_switches"
            " WHERE shop_id = any(:shops) AND retime_after IS NOT NULL"
        ),
        {"shops": sorted({row.shop_id for row in rows})},
    )
    turned = {(row.shop_id, row.flow_key): row.retime_knobs for row in left}
    by_products = {
        (row.shop_id, row.order_id)
        for row in rows
        if WHAT_PRODUCTS_ARE in turned.get((row.shop_id, row.flow_key), ())
    }
    if by_products:
        base = foresee(session, base, by_products, now)
    found = []
    for row in rows:
        flow, knobs = flows[row.flow_key], turned.get((row.shop_id, row.flow_key), ())
        if row.state.step in steps_turned(flow, knobs):
            facts = base.facts((row.shop_id, row.order_id), flow.key, row.parcel_id)
            found.append(_moved(row, flow, facts, now))
    return [one for one in found if one is not None]


def follow_moments(
    session: Session, base: FactBase, keys: Collection[OrderKey], now: datetime, flows: Sequence[Flow]
) -> None:
    """Who waits for a moment of these orders (an arrival, the end of a pack) wakes by where that lies now:
    the store may have told of a later parcel or an earlier end. Three statements at most."""
    by_key = {flow.key: flow for flow in flows}
    steps = [
        (flow.key, step.key) for flow in flows for step in steps_within(flow.steps) if aims_at_a_moment(step)
    ]
    rows = waiting_for_orders(session, [key for key in keys if key in base.pictures], steps)
    found = [
        _moved(
            row,
            flow := by_key[row.flow_key],
            base.facts((row.shop_id, row.order_id), flow.key, row.parcel_id),
            now,
        )
        for row in rows
    ]
    write_moves(session, [one for one in found if one is not None], now, "moment_moved")


def write_moves(session: Session, moved: Sequence[Moved], now: datetime, rule: str = "knob_turned") -> None:
    """By revision: a journey that went on meanwhile is left as it is. Two statements."""
    if not moved:
        return
    rows: list[dict[str, Any]] = [
        {
            "id": one.row.id,
            "shop_id": one.row.shop_id,
            "revision": one.row.revision,
            "step": one.row.state.step,
            "wake_at": one.wake_at,
            "reasons": kept((_why(one, rule),)),
        }
        for one in moved
    ]
    written = session.execute(
        text(
            "UPDATE journeys j SET wake_at = r.wake_at, revision = j.revision + 1, changed_at = :now,"
            " reasons = (SELECT coalesce(jsonb_agg(e ORDER BY place), '[]') FROM"
            "  jsonb_array_elements(j.reasons) WITH ORDINALITY AS old(e, place)"
            "  WHERE e->>0 <> :rule) || r.reasons"
            f" FROM {record_set(journeys, list(rows[0]))}"
            " WHERE j.id = r.id AND j.shop_id = r.shop_id AND j.revision = r.revision AND j.step = r.step"
            " AND j.status = 'active' RETURNING j.id, j.shop_id, j.wake_at"
        ),
        {"rows": as_json(rows), "now": now, "rule": rule},
    )
    lanes = {one.row.id: LANES[one.flow.mail_class] for one in moved}
    put_rows(
        session,
        timers,
        [
            {"journey_id": row.id, "shop_id": row.shop_id, "due_at": row.wake_at, "lane": lanes[row.id]}
            for row in written
        ],
        "ON CONFLICT (journey_id) DO UPDATE SET due_at = excluded.due_at",
    )


def _moved(row: JourneyRow, flow: Flow, facts: Facts, now: datetime) -> Moved | None:
    anew = retimed(flow, row.state, facts, now)
    return None if anew == row.state or anew.wake_at is None else Moved(row, flow, anew.wake_at)


def _why(moved: Moved, rule: str) -> Reason:
    before = moved.row.state.wake_at
    was = before.isoformat(timespec="seconds") if before is not None else ""
    until = moved.wake_at.isoformat(timespec="seconds")
    return Reason(rule, True, f"{moved.row.state.step} until {until}", f"was {was}")
