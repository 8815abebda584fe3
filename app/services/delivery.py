"""How far a mail is known to have come, by what was told of it in whatever order.

The furthest counts, so that what comes late, twice or out of order takes nothing back: the table in
docs/reliability.md is this order. Of two that tell the same the earlier instant stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import text

from app.db import Session, as_json
from emails.feedback import Told

# Nearest first. A mail that came back is not delivered, whatever a server said before; a complaint proves
# that somebody got it, and stays.
WAY = ("delayed", "soft_bounced", "failed", "delivered", "bounced", "complained")

# Whoever leaves by a mail got it. Opens and clicks are machines' as often as not, and answers are said of any
# mail: they tell nothing here.
MEANS: Mapping[Told, str] = {
    Told.DELAYED: "delayed",
    Told.SOFT_BOUNCED: "soft_bounced",
    Told.FAILED: "failed",
    Told.DELIVERED: "delivered",
    Told.UNSUBSCRIBED: "delivered",
    Told.HARD_BOUNCED: "bounced",
    Told.COMPLAINED: "complained",
}


def bring_on(session: Session, shop_id: int, told: Iterable[tuple[int, Told, datetime]]) -> None:
    """(message, what, when), as many as there are, in one statement. Each row's own condition is looked at
    again under its lock, so that of two at once the further one wins."""
    furthest: dict[int, tuple[int, datetime]] = {}
    for message, kind, at in told:
        if kind in MEANS:
            place = WAY.index(MEANS[kind])
            known = furthest.get(message)
            if known is None or (-place, at) < (-known[0], known[1]):
                furthest[message] = (place, at)
    if not furthest:
        return
    rows = [{"id": one, "delivery": WAY[place], "at": at} for one, (place, at) in sorted(furthest.items())]
    session.execute(_BRING_ON, {"shop": shop_id, "rows": as_json(rows), "way": list(WAY)})


# A mail that is to be tried again, or in doubt, though somebody has it: it was taken. (In doubt: by the
# trigger of 0023, which knows it as well when the doubt comes later.) The rows are locked in the order of
# their ids, as whoever cancels a person's mails does.
_BRING_ON = text("""
UPDATE messages m SET delivery = r.delivery, delivery_at = r.at,
    state = CASE WHEN m.state IN ('due', 'claimed') AND r.delivery IN ('delivered', 'complained')
        THEN 'sent' ELSE m.state END,
    reason = CASE WHEN m.state IN ('due', 'claimed') AND r.delivery IN ('delivered', 'complained')
        THEN NULL ELSE m.reason END,
    sent_at = CASE WHEN m.state IN ('due', 'claimed') AND r.delivery IN ('delivered', 'complained')
        THEN r.at ELSE m.sent_at END
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id bigint, delivery text, at timestamptz),
    (SELECT id FROM messages WHERE shop_id = :shop AND id IN (SELECT (e->>'id')::bigint
        FROM jsonb_array_elements(CAST(:rows AS jsonb)) e) ORDER BY id FOR NO KEY UPDATE) l
WHERE m.shop_id = :shop AND m.id = r.id AND m.id = l.id
    AND (m.delivery IS NULL
        OR array_position(CAST(:way AS text[]), r.delivery) > array_position(CAST(:way AS text[]), m.delivery)
        OR (r.delivery = m.delivery AND r.at < m.delivery_at))
""")
