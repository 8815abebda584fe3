"""A mail of a store's own that our plugin held back is replaced by ours, or the store sends it after all.

What was held back stands on the order, so it is read with it. A while later it is looked at what became of
ours. Where it has not left and will not, whatever the reason, the store's own is owed; from that commit on
ours is the one that is kept back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from app.db import Database, Session, as_json
from app.models.held_mail import RELEASED, REPLACED
from app.models.message import CLAIMED, DUE, SENDING, SENT, UNKNOWN
from app.services.locks import lock_shop
from app.services.store_reading import ShopReading
from app.services.store_writes import owe
from connectors.writes import ReleaseMail
from flows.events import LinesRefunded
from flows.presets import PRESETS
from flows.shop_mails import FOLLOWING, OF_STEPS, TOLD_WITH
from flows.shop_mails import REPLACED as TABLE

# Ours mostly takes seconds.
PATIENCE = timedelta(minutes=15)
# A mail of ours may be made just before the store's own is held back.
MOMENT = timedelta(minutes=1)
# What is of before the connection is none of ours; the store's clock may be behind.
SLACK = timedelta(days=1)
# A pass settles so many; the next one goes on.
MOST = 500
WROTE = "shop_wrote"

_FLOW_OF = {mail: flow for flow, mails in TABLE.items() for mail in mails if mail not in FOLLOWING}
_TRIGGER = {flow.key: flow.trigger.value for flow in PRESETS}
_BEGINS = {
    mail: LinesRefunded.value if mail in TOLD_WITH else _TRIGGER[flow] for mail, flow in _FLOW_OF.items()
}


def note_held(session: Session, readings: Sequence[ShopReading], now: datetime) -> None:
    """Two statements for any batch that holds such marks, none for others. A mark that is newer than what was
    settled is another mail. What the store was asked to send stays said, also where the order was read
    before the store did so. The shops are locked, the orders stored."""
    rows = [
        {
            "shop_id": shop,
            "order_id": order.id,
            "mail": held.mail,
            "held_at": held.at,
            "placed_at": order.placed_at,
        }
        for shop, reading in readings
        for order in reading.orders
        for held in order.shop_held
        if held.mail in _FLOW_OF
    ]
    if rows:
        session.execute(_NOTE, {"rows": as_json(rows), "now": now, "slack": SLACK})
        session.execute(_STILL_SAID, {"rows": as_json(rows)})


def settle_held(database: Database, shop_id: int, now: datetime, real: datetime) -> int:
    """Returns how many the store is asked to send. A constant number of statements."""
    looked_at = {
        "shop": shop_id,
        "mails": list(_FLOW_OF),
        "flows": list(_FLOW_OF.values()),
        "kinds": list(_BEGINS.values()),
        "steps": [_steps(mail) for mail in _FLOW_OF],
        "told_by": [_steps(mail, TOLD_WITH.get(mail, ())) for mail in _FLOW_OF],
        "before": real - PATIENCE,
        "most": MOST,
    }
    with database.shops(shop_id) as session:
        lock_shop(session, shop_id)
        session.execute(_HOLD_OURS, looked_at)
        found = session.execute(_OPEN, looked_at).all()
        became = [(row, _became(row, now)) for row in found]
        _settle(session, shop_id, [row for row, state in became if state == REPLACED], REPLACED, now)
        owed = [row for row, state in became if state == RELEASED]
        if owed:
            _settle(session, shop_id, owed, RELEASED, now)
            session.execute(_KEEP_BACK, {"shop": shop_id, "rows": _keys(owed), "now": now, "reason": WROTE})
            session.execute(_SAID, {"rows": _keys(owed, shop_id)})
            wanted = {
                f"release:{row.order_id}:{row.mail}": ReleaseMail(row.order_id, row.mail, row.held_at)
                for row in owed
            }
            owe(session, shop_id, wanted, real)
        return len(owed)


def _became(row: Row[Any], now: datetime) -> str | None:
    """None: it is to be seen yet. Of several of ours the last one counts, and a refusal that came after it
    more; one of before the store's own says nothing of what left only now."""
    late = now - PATIENCE
    if row.deciding_at is not None and row.deciding_at >= late:
        return None
    if row.state == SENDING or (row.state in (DUE, CLAIMED) and row.due_at >= late):
        return None
    earlier = row.created_at is not None and row.created_at < row.held_at - MOMENT
    of_another = earlier and (row.part_unsaid or row.mail in OF_STEPS)
    if row.state in (SENT, UNKNOWN) and not row.declined and not of_another:
        return REPLACED
    return RELEASED


def _settle(session: Session, shop_id: int, found: Sequence[Row[Any]], state: str, now: datetime) -> None:
    if found:
        session.execute(_SETTLE, {"shop": shop_id, "rows": _keys(found), "state": state, "now": now})


def _keys(found: Sequence[Row[Any]], shop_id: int | None = None) -> str:
    return as_json(
        [
            {
                "shop_id": shop_id,
                "order_id": row.order_id,
                "mail": row.mail,
                "flow": _FLOW_OF[row.mail],
                "steps": _steps(row.mail),
            }
            for row in found
        ]
    )


def _steps(mail: str, more: Sequence[str] = ()) -> str:
    """Those of ours that say the same, as one text; "" for all of the flow's."""
    return ",".join((*OF_STEPS.get(mail, ()), *more))


_NOTE = text("""
INSERT INTO held_mails AS h (shop_id, order_id, mail, held_at, state, changed_at)
SELECT DISTINCT ON (r.shop_id, r.order_id, r.mail) r.shop_id, r.order_id, r.mail, r.held_at, 'held', :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb))
    AS r(shop_id bigint, order_id text, mail text, held_at timestamptz, placed_at timestamptz)
JOIN shops s ON s.id = r.shop_id
WHERE s.state <> 'uninstalled' AND r.placed_at >= s.connected_at - CAST(:slack AS interval)
ORDER BY r.shop_id, r.order_id, r.mail, r.held_at DESC
ON CONFLICT (shop_id, order_id, mail) DO UPDATE
    SET held_at = excluded.held_at, state = 'held', changed_at = excluded.changed_at
    WHERE excluded.held_at > h.held_at
""")

_ADD = """
UPDATE orders o
SET body = jsonb_set(o.body, '{shop_wrote}', coalesce(o.body->'shop_wrote', '[]') || w.mails)
FROM (
    SELECT r.shop_id, r.order_id, jsonb_agg(DISTINCT r.mail) AS mails
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(shop_id bigint, order_id text, mail text)
    JOINED GROUP BY r.shop_id, r.order_id
) w
WHERE o.shop_id = w.shop_id AND o.id = w.order_id
"""
_SAID = text(_ADD.replace("JOINED", ""))
_STILL_SAID = text(
    _ADD.replace("JOINED", "JOIN held_mails h USING (shop_id, order_id, mail) WHERE h.state = 'released'")
)

# Which are looked at, the same ones for both statements.
_FLOWS = """unnest(CAST(:mails AS text[]), CAST(:flows AS text[]), CAST(:kinds AS text[]),
    CAST(:steps AS text[]), CAST(:told_by AS text[])) AS f(mail, flow, kind, steps, told_by) USING (mail)"""
_WHICH = """h.shop_id = :shop AND h.state = 'held' AND h.held_at < :before
ORDER BY h.held_at, h.order_id, h.mail LIMIT :most"""

# Whoever hands ours over takes no lock on the shop: between the look at it and keeping it back it would be
# marked, and both would be sent. Now it is marked before the look, which sees that, or after our commit, and
# then it is not ours to send any more. In the order of their ids, as others lock mails.
_HOLD_OURS = text(
    """
SELECT m.id FROM messages m WHERE m.shop_id = :shop AND m.state IN ('due', 'claimed', 'sending')
    AND (m.order_id, m.flow_key) IN (
        SELECT * FROM (SELECT h.order_id, f.flow FROM held_mails h JOIN FLOWS WHERE WHICH) looked
    )
ORDER BY m.id FOR NO KEY UPDATE
""".replace("FLOWS", _FLOWS).replace("WHICH", _WHICH)
)

# Parcels that nobody took back. One that names no lines may hold all of them.
_SEEN = "p.body->>'status' <> 'cancelled' AND NOT coalesce((p.body->>'vanished')::boolean, false)"
_OPEN = text(
    """
SELECT h.order_id, h.mail, h.held_at, m.state, m.due_at, m.created_at, j.deciding_at,
    f.kind = 'ParcelShipped' AND EXISTS (
        SELECT FROM orders o, jsonb_to_recordset(o.body->'lines') AS l(id text, quantity int, ships boolean)
        WHERE o.shop_id = h.shop_id AND o.id = h.order_id AND l.ships AND l.quantity > (
            SELECT coalesce(sum(x.quantity), 0)
            FROM parcels p, jsonb_to_recordset(p.body->'lines') AS x(line_id text, quantity int)
            WHERE p.shop_id = o.shop_id AND p.order_id = o.id AND x.line_id = l.id AND SEEN)
    ) AND NOT EXISTS (
        SELECT FROM parcels p
        WHERE p.shop_id = h.shop_id AND p.order_id = h.order_id AND p.body->'lines' = '[]' AND SEEN
    ) AS part_unsaid,
    coalesce(e.declined ? f.flow AND e.recorded_at >= m.created_at, false) AS declined
FROM held_mails h
JOIN FLOWS
LEFT JOIN LATERAL (
    SELECT state, due_at, created_at FROM messages
    WHERE shop_id = h.shop_id AND order_id = h.order_id AND flow_key = f.flow
        AND (f.told_by = '' OR step = ANY (string_to_array(f.told_by, ','))) ORDER BY id DESC LIMIT 1
) m ON true
LEFT JOIN LATERAL (
    SELECT declined, recorded_at FROM events
    WHERE shop_id = h.shop_id AND order_id = h.order_id AND kind = f.kind
    ORDER BY recorded_at DESC, id DESC LIMIT 1
) e ON true
LEFT JOIN LATERAL (
    SELECT max(wake_at) AS deciding_at FROM journeys
    WHERE shop_id = h.shop_id AND order_id = h.order_id AND flow_key = f.flow AND status = 'active'
) j ON true
WHERE WHICH
""".replace("SEEN", _SEEN)
    .replace("FLOWS", _FLOWS)
    .replace("WHICH", _WHICH)
)

_SETTLE = text("""
UPDATE held_mails h SET state = :state, changed_at = :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(order_id text, mail text)
WHERE h.shop_id = :shop AND h.order_id = r.order_id AND h.mail = r.mail AND h.state = 'held'
""")

# Whatever cancels a mail before it is marked as being handed over wins.
_KEEP_BACK = text("""
UPDATE messages m SET state = 'cancelled', reason = :reason, changed_at = :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(order_id text, flow text, steps text)
WHERE m.shop_id = :shop AND m.order_id = r.order_id AND m.flow_key = r.flow
    AND (r.steps = '' OR m.step = ANY (string_to_array(r.steps, ',')))
    AND m.state IN ('due', 'claimed')
""")
