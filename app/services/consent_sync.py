"""What a person decided about offers on a page of ours, written back to shops that want it.

The store tells it to us again. That is no news: our own page and guards go by what the person left through
us, from where there is a way back; a consent that was withdrawn in the shop has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import text

from app.db import Session, as_json
from app.models.permission import ALL_CLASSES
from app.services.features import CONSENT_SYNC
from app.services.store_reading import ShopReading
from app.services.store_writes import owe
from connectors.writes import SetConsent
from emails.address import one_spelling
from flows.commerce import ConsentState
from flows.facts import MailClass, Topic

_SCOPES = [MailClass.MARKETING.value, Topic.OFFERS.value, ALL_CLASSES]


@dataclass(frozen=True, slots=True)
class Tell:
    """The store shall hear of it: about whom that got this message, in real time."""

    message_id: int
    real: datetime


def owe_consent(session: Session, shop_id: int, address_hash: str, tell: Tell, now: datetime) -> None:
    """In the transaction of the decision, and after it. Two statements.

    Nothing is owed where the shop does not want it and where nothing of offers changed: coming back takes
    back what we wrote, and subscribes nobody who was not subscribed before. Where the order names no
    customer the write is refused, and says so.
    """
    row = session.execute(
        text(_PERSON),
        {
            "shop": shop_id,
            "message": tell.message_id,
            "hash": address_hash,
            "scopes": _SCOPES,
            "feature": CONSENT_SYNC.key,
        },
    ).one_or_none()
    if row is None:
        return
    left, told_left = row.left_offers, row.told == ConsentState.UNSUBSCRIBED
    if left and (told_left or row.consent in (ConsentState.UNSUBSCRIBED, ConsentState.REDACTED)):
        return
    if not left and (not told_left or row.consent != ConsentState.SUBSCRIBED):
        return
    state = ConsentState.UNSUBSCRIBED if left else ConsentState.SUBSCRIBED
    # The store knows the address as it writes it.
    email = row.told_email if one_spelling(row.told_email) == row.email else row.email
    level = "" if left else row.level
    what = SetConsent(row.customer_id or "", email, state, now.replace(microsecond=0), level)
    owe(session, shop_id, {row.key: what}, tell.real)


def without_own_consents(session: Session, readings: Sequence[ShopReading]) -> list[ShopReading]:
    """What the stores say of consent, less what we told them. One statement where any says something."""
    heard = [
        {"shop_id": shop, "email": one.email.strip().lower(), "state": one.state.value, "at": one.at}
        for shop, reading in readings
        for one in reading.consents
        if one.at is not None
    ]
    if not heard:
        return list(readings)
    rows = session.execute(
        text(
            "SELECT h.shop_id, h.email, h.state FROM jsonb_to_recordset(CAST(:heard AS jsonb))"
            " AS h(shop_id bigint, email text, state text, at timestamptz)"
            " JOIN store_writes w ON w.shop_id = h.shop_id AND w.kind = :kind"
            " AND lower(w.body ->> 'email') = h.email AND w.body ->> 'state' = h.state"
            " AND CAST(w.body ->> 'at' AS timestamptz) = h.at"
        ),
        {"heard": as_json(heard), "kind": SetConsent.kind},
    )
    own = {(row.shop_id, row.email, row.state) for row in rows}
    if not own:
        return list(readings)
    return [
        (
            shop,
            replace(
                reading,
                consents=tuple(
                    one
                    for one in reading.consents
                    if (shop, one.email.strip().lower(), one.state.value) not in own
                ),
            ),
        )
        for shop, reading in readings
    ]


_PERSON = """
SELECT o.body ->> 'customer_id' AS customer_id, m.reader AS email, o.email AS told_email, c.state AS consent,
    c.level, k.key, w.body ->> 'state' AS told,
    EXISTS (SELECT FROM suppressions s WHERE s.shop_id = :shop AND s.address_hash = :hash
        AND s.scope = any(:scopes) AND s.reason IN ('unsubscribed', 'complaint')) AS left_offers
FROM messages m
    JOIN features f ON f.shop_id = m.shop_id AND f.key = :feature AND f.enabled
    LEFT JOIN orders o ON o.shop_id = m.shop_id AND o.id = m.order_id
    CROSS JOIN LATERAL (SELECT 'consent:' || coalesce(o.body ->> 'customer_id', :hash) AS key) k
    LEFT JOIN consents c ON c.shop_id = m.shop_id AND c.email = lower(m.recipient)
    LEFT JOIN store_writes w ON w.shop_id = m.shop_id AND w.key = k.key
WHERE m.shop_id = :shop AND m.id = :message AND m.recipient <> ''
"""
