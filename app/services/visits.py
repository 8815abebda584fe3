"""Visits to pages about an order: append-only, never in the visitor's way, and only of who agreed to offers.

Whose order it is, a token of ours says, or one that the platform signed for whoever is logged in. Nothing is
put into anybody's browser for it.
"""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import Database, Session
from app.keys import Keys
from app.models.permission import ALL_CLASSES
from app.queries.permission import load_consents, load_suppressions
from emails.address import one_spelling
from emails.machines import is_machine
from flows.commerce import ConsentState
from flows.consent_choices import choices_from
from flows.facts import MailClass, Topic

log = logging.getLogger("doorstep.visits")

TRACKING, ACCOUNT = "tracking", "account"
_LEFT_OFFERS = frozenset({MailClass.MARKETING.value, Topic.OFFERS.value, ALL_CLASSES})


def record_visit(
    database: Database, keys: Keys, shop_id: int, order_id: str, page: str, agent: str, now: datetime
) -> None:
    """Once a day for each page. One that cannot be stored is logged and lost: the visitor matters more."""
    if is_machine(agent):
        return
    try:
        with database.shops(shop_id) as session:
            if _agreed(session, keys, shop_id, order_id):
                given = {"shop": shop_id, "order": order_id, "page": page, "now": now, "day": now.date()}
                session.execute(_VISIT, given)
    except DBAPIError as error:
        log.warning("a visit to order %s was not stored: %s", order_id, type(error).__name__)


def _agreed(session: Session, keys: Keys, shop_id: int, order_id: str) -> bool:
    """Their yes stands, is confirmed where the shop wants that, and they have not left offers through us."""
    row = session.execute(_BUYER, {"shop": shop_id, "order": order_id}).one_or_none()
    if row is None:
        return False
    person = (shop_id, one_spelling(row.email))
    state, _, confirmed = load_consents(session, [person]).get(person, (None, None, False))
    if state is not ConsentState.SUBSCRIBED:
        return False
    if choices_from(row.consent_choices).double_opt_in and not confirmed:
        return False
    return _LEFT_OFFERS.isdisjoint(load_suppressions(session, [person], keys).get(person, ()))


_BUYER = text(
    "SELECT o.email, s.consent_choices FROM orders o JOIN shops s ON s.id = o.shop_id"
    " WHERE o.shop_id = :shop AND o.id = :order"
)
_VISIT = text(
    "INSERT INTO visits (shop_id, order_id, page, day, at) VALUES (:shop, :order, :page, :day, :now)"
    " ON CONFLICT DO NOTHING"
)
