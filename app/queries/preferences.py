"""What one person gets from a shop, as far as a signed link in a mail may know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import text

from app.db import Session
from flows.commerce import ConsentState
from flows.consent_choices import choices_from
from flows.pace import AS_THEY_COME, Pace


@dataclass(frozen=True, slots=True)
class Preferences:
    """`left`: scope -> why it is suppressed. `consent`: the store's own word, "" where there is none.
    The address and name are those of the mail that carried the link; "" where it is forgotten.
    `told_at_checkout`: the shop's customers hear of offers without being asked, so that whoever was not asked
    gets them too."""

    address: str = ""
    first_name: str = ""
    locale: str | None = None
    consent: str = ""
    left: Mapping[str, str] = field(default_factory=dict)
    told_at_checkout: bool = False
    pace: Pace = AS_THEY_COME

    @property
    def gets_offers(self) -> bool:
        """Unless they left them through us."""
        return self.consent == ConsentState.SUBSCRIBED or (self.told_at_checkout and not self.consent)


def preferences_of(session: Session, shop_id: int, message_id: int, address_hash: str) -> Preferences:
    """Three statements."""
    row = session.execute(
        text(
            "SELECT m.recipient, o.body ->> 'first_name' AS first_name,"
            " coalesce(nullif(o.body ->> 'locale', ''), p.body ->> 'locale') AS locale,"
            " c.state AS consent, h.consent_choices FROM messages m JOIN shops h ON h.id = m.shop_id"
            " LEFT JOIN orders o ON o.shop_id = m.shop_id AND o.id = m.order_id"
            " LEFT JOIN customers p ON p.shop_id = o.shop_id AND p.id = o.customer_id"
            " LEFT JOIN consents c ON c.shop_id = m.shop_id AND c.email = lower(m.recipient)"
            " WHERE m.shop_id = :shop AND m.id = :message"
        ),
        {"shop": shop_id, "message": message_id},
    ).one_or_none()
    left = session.execute(
        text("SELECT scope, reason FROM suppressions WHERE shop_id = :shop AND address_hash = :hash"),
        {"shop": shop_id, "hash": address_hash},
    )
    scopes = {one.scope: one.reason for one in left}
    pace = _pace(session, shop_id, address_hash)
    if row is None:
        return Preferences(left=scopes, pace=pace)
    return Preferences(
        row.recipient or "",
        row.first_name or "",
        row.locale,
        row.consent or "",
        scopes,
        choices_from(row.consent_choices).told_at_checkout,
        pace,
    )


def _pace(session: Session, shop_id: int, address_hash: str) -> Pace:
    row = session.execute(
        text(
            "SELECT offer_days, break_until FROM reader_paces WHERE shop_id = :shop AND address_hash = :hash"
        ),
        {"shop": shop_id, "hash": address_hash},
    ).one_or_none()
    return AS_THEY_COME if row is None else Pace(row.offer_days, row.break_until)
