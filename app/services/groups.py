"""The groups that a merchant puts together, and which flow is for which group alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Session, as_json
from app.services.locks import lock_shop
from flows.conditions import Condition
from flows.fairness import partial
from flows.presets import BY_KEY as FLOWS
from flows.segments import BY_KEY, OWN, SEGMENTS, Segment, Unreadable, own_segment, products_named, write

MOST = 50


class Unwanted(Exception):
    """It cannot be done, and why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Held:
    """A group with the flows that are for it alone and the products it names that are gone."""

    group: Segment | Unreadable
    used_by: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def held_groups(session: Session, shop_id: int) -> list[Held]:
    """The shop's own first, then ours."""
    rows = session.execute(_OWN, {"shop": shop_id})
    own = [own_segment(row.key, row.title, row.condition) for row in rows]
    used: dict[str, list[str]] = {}
    for row in session.execute(_USED, {"shop": shop_id}):
        used.setdefault(row.only_for, []).append(row.flow_key)
    named = {one.key: set(products_named(one.condition)) for one in own if isinstance(one, Segment)}
    known = known_products(session, shop_id, set().union(*named.values()) if named else set())
    return [
        Held(one, tuple(used.get(one.key, ())), tuple(sorted(named.get(one.key, set()) - known)))
        for one in (*own, *SEGMENTS)
    ]


def known_products(session: Session, shop_id: int, ids: Collection[str]) -> set[str]:
    rows = session.execute(_PRODUCTS, {"shop": shop_id, "ids": sorted(ids)})
    return {row.id for row in rows}


def keep_group(
    session: Session, shop_id: int, key: str, title: str, condition: Condition, now: datetime
) -> str:
    """Stores it under `key`, or as a new one where that is "". Returns its key. Raises Unwanted."""
    lock_shop(session, shop_id)
    keys = [row.key for row in session.execute(_OWN, {"shop": shop_id})]
    if not key:
        if len(keys) >= MOST:
            raise Unwanted(f"There are {MOST} groups already. Take one away first.")
        key = f"{OWN}{1 + max((int(one.removeprefix(OWN)) for one in keys), default=0)}"
    elif key not in keys:
        raise Unwanted("This group was taken away meanwhile.")
    for row in session.execute(_USED, {"shop": shop_id}):
        if row.only_for == key:
            _be_fair(row.flow_key, condition)
    plain = as_json(write(condition))
    session.execute(_KEEP, {"shop": shop_id, "key": key, "title": title, "plain": plain, "now": now})
    return key


def drop_group(session: Session, shop_id: int, key: str) -> bool:
    """Whether there was one. Raises Unwanted while a flow is for it: that would be for nobody then."""
    lock_shop(session, shop_id)
    if session.execute(_USED_ONE, {"shop": shop_id, "key": key}).first():
        raise Unwanted("A flow is for this group alone. Give the flow another group first.")
    return bool(session.execute(_DROP, {"shop": shop_id, "key": key}).all())


def narrow(session: Session, shop_id: int, flow_key: str, key: str | None, now: datetime) -> bool:
    """From now on the flow takes this group alone; None: everybody. Who is in it already stays. Whether
    that is new. Raises Unwanted for a group that does not exist, or that would choose whose reviews are asked
    for."""
    lock_shop(session, shop_id)
    rows = session.execute(_OWN, {"shop": shop_id})
    groups = {**BY_KEY, **{row.key: own_segment(row.key, row.title, row.condition) for row in rows}}
    if key is not None:
        if key not in groups:
            raise Unwanted("This group was taken away meanwhile.")
        group = groups[key]
        if isinstance(group, Segment):
            _be_fair(flow_key, group.condition)
    given: Mapping[str, object] = {"shop": shop_id, "flow": flow_key, "key": key, "now": now}
    return bool(session.execute(_NARROW, given).all())


def _be_fair(flow_key: str, condition: Condition) -> None:
    flow = FLOWS.get(flow_key)
    if flow is not None and partial([node.step for node in flow.nodes.values()], condition) is not None:
        raise Unwanted(
            "Reviews are asked of everybody alike: this flow may be for certain products or countries alone,"
            " not for certain customers."
        )


def hold_out(session: Session, shop_id: int, flow_key: str | None, share: int, now: datetime) -> bool:
    """Per cent of people whom the flow leaves out from now on; None: all flows. Whether that is new."""
    lock_shop(session, shop_id)
    statement = _HOLD_OUT if flow_key is not None else _HOLD_OUT_OF_ALL
    given: Mapping[str, object] = {"shop": shop_id, "flow": flow_key, "share": share, "now": now}
    return bool(session.execute(statement, given).all())


_HOLD_OUT = text(
    "INSERT INTO flow_switches (shop_id, flow_key, enabled, since, knobs, retime_knobs, holdout)"
    " VALUES (:shop, :flow, false, :now, '{}', '[]', :share)"
    " ON CONFLICT (shop_id, flow_key) DO UPDATE SET holdout = excluded.holdout"
    " WHERE flow_switches.holdout <> excluded.holdout RETURNING flow_key"
)
_HOLD_OUT_OF_ALL = text(
    "UPDATE shops SET holdout = :share WHERE id = :shop AND holdout <> :share RETURNING id"
)
_OWN = text("SELECT key, title, condition FROM segments WHERE shop_id = :shop ORDER BY length(key), key")
_USED = text(
    "SELECT only_for, flow_key FROM flow_switches WHERE shop_id = :shop AND only_for IS NOT NULL"
    " ORDER BY flow_key"
)
_USED_ONE = text("SELECT 1 FROM flow_switches WHERE shop_id = :shop AND only_for = :key LIMIT 1")
_PRODUCTS = text("SELECT id FROM products WHERE shop_id = :shop AND id = any(:ids)")
_KEEP = text(
    "INSERT INTO segments (shop_id, key, title, condition, changed_at)"
    " VALUES (:shop, :key, :title, CAST(:plain AS jsonb), :now) ON CONFLICT (shop_id, key) DO UPDATE"
    " SET title = excluded.title, condition = excluded.condition, changed_at = excluded.changed_at"
)
_DROP = text("DELETE FROM segments WHERE shop_id = :shop AND key = :key RETURNING key")
_NARROW = text(
    "INSERT INTO flow_switches (shop_id, flow_key, enabled, since, knobs, retime_knobs, only_for)"
    " VALUES (:shop, :flow, false, :now, '{}', '[]', CAST(:key AS text))"
    " ON CONFLICT (shop_id, flow_key) DO UPDATE SET only_for = excluded.only_for"
    " WHERE flow_switches.only_for IS DISTINCT FROM excluded.only_for RETURNING flow_key"
)
