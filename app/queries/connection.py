"""How a shop's store is doing, as the page about its connection tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session


@dataclass(frozen=True, slots=True)
class Health:
    """`looking`: a look is due or under way. `heard_at`: when the shop last sent something by itself.
    `healed`: orders that no message had told us of. `strayed_from`: another address that sends messages in
    the shop's name these days. Times are real ones."""

    state: str
    problem: str | None
    paused_at: datetime | None
    checked_at: datetime | None
    findings: Sequence[Mapping[str, str]]
    hooks_at: datetime | None
    hooks_broken: bool
    hooks_said: Sequence[str]
    mended: int
    plugin: Mapping[str, Any] | None
    plugin_seen_at: datetime | None
    plugin_error: str
    failing_since: datetime | None
    rests_until: datetime | None
    heard_at: datetime | None
    healed: int
    looking: bool
    strayed_from: str = ""


def load_health(session: Session, shop_id: int, real: datetime) -> Health:
    return Health(**session.execute(_HEALTH, {"shop": shop_id, "real": real}).one()._mapping)


_HEALTH = text("""
SELECT s.state, s.problem, s.paused_at, h.checked_at, coalesce(h.findings, '[]') AS findings, h.hooks_at,
    coalesce(h.hooks_broken, false) AS hooks_broken, coalesce(h.hooks_said, '[]') AS hooks_said,
    coalesce(h.mended, 0) AS mended, h.plugin, h.plugin_seen_at, coalesce(h.plugin_error, '') AS plugin_error,
    h.failing_since, h.rests_until,
    (SELECT max(received_at) FROM inbox WHERE shop_id = s.id) AS heard_at,
    p.healed, p.looking,
    CASE WHEN h.strayed_at > CAST(:real AS timestamptz) - interval '2 days'
        THEN h.strayed_from ELSE '' END AS strayed_from
FROM shops s LEFT JOIN store_health h ON h.shop_id = s.id,
LATERAL (
    SELECT coalesce(sum(healed), 0)::bigint AS healed,
        coalesce(bool_or((held OR next_at <= :real) AND noun = 'connection'), false) AS looking
    FROM polls WHERE shop_id = s.id
) p
WHERE s.id = :shop
""")
