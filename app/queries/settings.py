"""How a merchant set a flow: on or off, its knobs, whom it is for, and which subjects are tried."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import text

from app.db import Session
from emails.i18n import language_of, nearest
from flows.facts import Channel, FlowSetting, Group
from flows.fairness import partial
from flows.guards import UNDO
from flows.plain import from_plain
from flows.presets import BY_KEY
from flows.segments import BY_KEY as SEGMENTS
from flows.segments import Segment, own_segment
from flows.variants import Trial


def load_settings(session: Session, shop_ids: Collection[int]) -> dict[tuple[int, str], FlowSetting]:
    rows = session.execute(_SETTINGS, {"ids": list(shop_ids)})
    return {
        (row.shop_id, row.flow_key): FlowSetting(
            row.enabled,
            # Switched off: since then, so that the guards know how long the undo lasts.
            row.since if row.enabled or row.ends_at is None else row.ends_at - UNDO,
            _knobs(row.flow_key, row.knobs),
            _only_for(row.flow_key, row.only_for, row.title, row.condition),
            row.holdout,
            tuple(from_plain(Trial, one) for one in row.trials or ()),
            Channel(row.channel),
        )
        for row in rows
    }


_SETTINGS = text(
    "SELECT f.*, s.title, s.condition, (SELECT jsonb_agg(jsonb_build_object('step', t.step,"
    "  'number', t.number, 'language', t.language, 'subject', t.subject, 'running', t.ended_at IS NULL)"
    "  ORDER BY t.step, t.number) FROM trials t WHERE t.shop_id = f.shop_id AND t.flow_key = f.flow_key)"
    " AS trials FROM flow_switches f"
    " LEFT JOIN segments s ON s.shop_id = f.shop_id AND s.key = f.only_for WHERE f.shop_id = any(:ids)"
)


def _only_for(flow_key: str, key: str | None, title: str | None, condition: Any) -> Group | None:
    """The group that a flow is for; None: everybody. One that is gone is nobody. One that would choose whose
    reviews are asked for counts for nothing, whenever it was stored."""
    if key is None:
        return None
    group = SEGMENTS[key] if key in SEGMENTS else own_segment(key, title or key, condition)
    flow = BY_KEY.get(flow_key)
    if flow is None or not isinstance(group, Segment):
        return group
    steps = [node.step for node in flow.nodes.values()]
    return group if partial(steps, group.condition) is None else None


def _knobs(flow_key: str, chosen: Mapping[str, int | str | bool]) -> Mapping[str, int | str | bool]:
    """With the default of each that was never turned: conditions ask for them by name."""
    flow = BY_KEY.get(flow_key)
    return chosen if flow is None else {**chosen, **flow.knob_values(chosen)}


def spoken_in(setting: FlowSetting, locale: str) -> FlowSetting:
    """With the trials of subjects in the language that mails to such a reader are written in."""
    if not setting.trials:
        return setting
    language = language_of(nearest(locale))
    return replace(setting, trials=tuple(one for one in setting.trials if one.language == language))
