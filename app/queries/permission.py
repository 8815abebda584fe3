"""What people allowed, forbade and reviewed, by their address, for a whole batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session
from app.keys import Keys
from app.queries.pictures import KEYS, key_arrays
from flows.commerce import ConsentState
from flows.consent_choices import CONFIRMED


def load_consents(session: Session, emails: Collection[tuple[int, str]]) -> dict[tuple[int, str], Any]:
    rows = session.execute(
        text(
            f"SELECT c.shop_id, c.email, c.state, c.at, c.level FROM consents c JOIN {KEYS}"
            " ON c.shop_id = k.shop_id AND c.email = k.id"
        ),
        key_arrays(emails),
    )
    return {
        (row.shop_id, row.email): (ConsentState(row.state), row.at, row.level == CONFIRMED) for row in rows
    }


def load_suppressions(
    session: Session, emails: Collection[tuple[int, str]], secrets: Keys
) -> dict[tuple[int, str], dict[str, str]]:
    hashed = {(shop, secrets.address_hash(shop, email)): email for shop, email in emails}
    found: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    rows = session.execute(
        text(
            f"SELECT s.shop_id, s.address_hash, s.scope, s.reason FROM suppressions s JOIN {KEYS}"
            " ON s.shop_id = k.shop_id AND s.address_hash = k.id"
        ),
        key_arrays(hashed),
    )
    for row in rows:
        email = hashed[row.shop_id, row.address_hash]
        found[row.shop_id, email][row.scope] = row.reason
    return found


def load_reviewed(
    session: Session, emails: Collection[tuple[int, str]], secrets: Keys
) -> dict[tuple[int, str], dict[str, datetime]]:
    """By person: which products they reviewed, and when last. A rejected review was written too."""
    hashed = {(shop, secrets.address_hash(shop, email)): email for shop, email in emails}
    found: dict[tuple[int, str], dict[str, datetime]] = defaultdict(dict)
    rows = session.execute(
        text(
            "SELECT r.shop_id, r.address_hash, r.product_id, max(r.submitted_at) AS at"
            f" FROM reviews r JOIN {KEYS} ON r.shop_id = k.shop_id AND r.address_hash = k.id"
            " GROUP BY r.shop_id, r.address_hash, r.product_id"
        ),
        key_arrays(hashed),
    )
    for row in rows:
        found[row.shop_id, hashed[row.shop_id, row.address_hash]][row.product_id] = row.at
    return found
