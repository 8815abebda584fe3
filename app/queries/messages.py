"""The mails of a shop as its merchant looks through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from app.db import Session
from app.queries.explain import orders_numbered

PAGE = 50
MOST_ORDERS = 200

# What a merchant tells apart, and the states of the ledger that it means.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "waiting": ("due", "claimed", "sending"),
    "sent": ("sent",),
    "not_sent": ("skipped", "cancelled", "expired"),
    "failed": ("failed", "unknown"),
}

# A place in a list that runs from the newest to the oldest: due at, id.
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Search:
    """`orders`: ids that the search found, None where nothing was searched for. `more`: there are more
    orders than are looked at."""

    orders: tuple[Row[Any], ...] | None = None
    more: bool = False

    @property
    def ids(self) -> list[str] | None:
        return None if self.orders is None else [row.id for row in self.orders]


def find_orders(session: Session, shop_id: int, asked: str) -> Search:
    """By number, with or without its #, or by an e-mail address or its beginning."""
    words = asked.strip()
    if not words:
        return Search()
    found = orders_numbered(session, shop_id, words, MOST_ORDERS)
    if not found and not words.startswith("#"):
        found = _orders_of(session, shop_id, words)
    return Search(tuple(found[:MOST_ORDERS]), len(found) > MOST_ORDERS)


def _orders_of(session: Session, shop_id: int, beginning: str) -> list[Row[Any]]:
    """A range instead of LIKE: row-level security lets only plain comparisons use an index."""
    return list(
        session.execute(
            text(BY_ADDRESS),
            {
                "shop": shop_id,
                "low": beginning,
                "high": f"{beginning}\U0010ffff",
                "small": beginning.lower(),
                "small_high": f"{beginning.lower()}\U0010ffff",
                "n": MOST_ORDERS + 1,
            },
        )
    )


BY_ADDRESS = (
    "SELECT id, number, email, placed_at FROM orders WHERE shop_id = :shop"
    " AND ((email >= :low AND email < :high) OR (email >= :small AND email < :small_high))"
    " ORDER BY placed_at DESC LIMIT :n"
)


def list_messages(
    session: Session,
    shop_id: int,
    orders: Sequence[str] | None,
    group: str | None,
    before: Place | None,
    limit: int = PAGE,
) -> list[Row[Any]]:
    """Newest first, from behind `before` on; those of `orders` only, where given."""
    return list(
        session.execute(
            text(listing(of_orders=orders is not None, group=group, later=before is not None)),
            {
                "shop": shop_id,
                "n": limit,
                **({"orders": list(orders)} if orders is not None else {}),
                **({"states": list(GROUPS[group])} if group else {}),
                **({"at": before[0], "id": before[1]} if before else {}),
            },
        )
    )


def listing(*, of_orders: bool, group: str | None, later: bool) -> str:
    """The statement behind a page of the list."""
    return (
        "SELECT m.id, m.flow_key, m.step, m.order_id, m.recipient, m.state, m.reason, m.subject, m.due_at,"
        " m.next_at, m.sent_at, m.changed_at, o.number, o.body ->> 'first_name' AS first_name,"
        " o.body ->> 'last_name' AS last_name FROM messages m"
        " LEFT JOIN orders o ON o.shop_id = m.shop_id AND o.id = m.order_id WHERE m.shop_id = :shop"
        + (" AND m.order_id = any(:orders)" if of_orders else "")
        + (" AND m.state = any(:states)" if group else "")
        + (" AND (m.due_at, m.id) < (:at, :id)" if later else "")
        + " ORDER BY m.due_at DESC, m.id DESC LIMIT :n"
    )


def count_messages(session: Session, shop_id: int, orders: Sequence[str] | None) -> dict[str, int]:
    """How many mails of each group there are."""
    rows = session.execute(
        text(
            "SELECT state, count(*) AS n FROM messages WHERE shop_id = :shop"
            + (" AND order_id = any(:orders)" if orders is not None else "")
            + " GROUP BY state"
        ),
        {"shop": shop_id, **({"orders": list(orders)} if orders is not None else {})},
    )
    by_state = {row.state: int(row.n) for row in rows}
    return {group: sum(by_state.get(state, 0) for state in states) for group, states in GROUPS.items()}
