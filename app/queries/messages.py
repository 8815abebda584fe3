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
# A group of the whole ledger is counted up to here: what is said beyond is "more than".
MOST_COUNTED = 1_000

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


def find_orders(session: Session, shop_id: int, asked: str, *, people: bool = True) -> Search:
    """By number, with or without its #, or, where `people` may be looked for, by an e-mail address or
    its beginning."""
    words = asked.strip()
    if not words:
        return Search()
    found = orders_numbered(session, shop_id, words, MOST_ORDERS)
    if not found and people and not words.startswith("#"):
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
                **({"states": list(GROUPS[group])} if group and orders is not None else {}),
                **({"at": before[0], "id": before[1]} if before else {}),
            },
        )
    )


def listing(*, of_orders: bool, group: str | None, later: bool) -> str:
    """The statement behind a page of the list. A state may be rare in a long ledger, so each state of a
    group gives its newest by the index, and the newest of those are the page. The states are written out:
    only then PostgreSQL knows how rare each is."""
    newest = " ORDER BY m.due_at DESC, m.id DESC LIMIT :n"
    place = " AND (m.due_at, m.id) < (:at, :id)" if later else ""
    rows = f"FROM messages m WHERE m.shop_id = :shop{place}"
    if of_orders:
        rows += " AND m.order_id = any(:orders)" + (" AND m.state = any(:states)" if group else "")
    elif group:
        of_each = (f"(SELECT * {rows} AND m.state = '{state}'{newest})" for state in GROUPS[group])
        rows = f"FROM ({' UNION ALL '.join(of_each)}) m"
    return (
        "SELECT m.id, m.flow_key, m.step, m.order_id, m.recipient, m.state, m.reason, m.subject, m.due_at,"
        " m.next_at, m.sent_at, m.changed_at, m.variant, m.channel, m.delivery, o.number,"
        " o.body ->> 'first_name' AS first_name,"
        f" o.body ->> 'last_name' AS last_name FROM (SELECT m.* {rows}{newest}) m"
        " LEFT JOIN orders o ON o.shop_id = :shop AND o.id = m.order_id ORDER BY m.due_at DESC, m.id DESC"
    )


@dataclass(frozen=True, slots=True)
class Count:
    """`more`: there are more than were counted."""

    number: int
    more: bool = False

    def __add__(self, other: Count) -> Count:
        return Count(self.number + other.number, self.more or other.more)

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.more else ''}"


def count_messages(session: Session, shop_id: int, orders: Sequence[str] | None) -> dict[str, Count]:
    """How many mails of each group there are; those of the whole ledger up to a limit."""
    rows = session.execute(
        text(counting(of_orders=orders is not None)),
        {
            "shop": shop_id,
            **({"orders": list(orders)} if orders is not None else {"n": MOST_COUNTED + 1}),
        },
    )
    by_state = {row.state: _count(row.n, whole=orders is None) for row in rows}
    found = {}
    for group, inside in GROUPS.items():
        found[group] = sum((by_state.get(state, Count(0)) for state in inside), Count(0))
    return found


def _count(number: int, *, whole: bool) -> Count:
    return Count(min(number, MOST_COUNTED), number > MOST_COUNTED) if whole else Count(number)


def counting(*, of_orders: bool) -> str:
    """The statement behind the numbers: of a search's orders all, of the ledger no more than `n` a state."""
    if of_orders:
        return (
            "SELECT state, count(*) AS n FROM messages WHERE shop_id = :shop AND order_id = any(:orders)"
            " GROUP BY state"
        )
    return " UNION ALL ".join(
        f"SELECT '{state}' AS state, count(*) AS n FROM"
        f" (SELECT FROM messages WHERE shop_id = :shop AND state = '{state}' LIMIT :n) first"
        for states in GROUPS.values()
        for state in states
    )
