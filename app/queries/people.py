"""Who ordered: one picture of a person over all their orders, for a whole batch in one statement."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text

from app.db import Session
from app.keys import Keys
from app.queries.counted import counts
from app.queries.pictures import KEYS, OrderKey, key_arrays
from flows.person import LAST_WORD, LETTING_GO, Person, usual_days


def load_people(session: Session, keys: Collection[OrderKey], secrets: Keys) -> dict[OrderKey, Person]:
    """By order; an order without an address is absent. A person is an e-mail address. Orders that were
    cancelled, are gone or are tests do not count; money counts in the shop's own currency alone."""
    return {
        (row.shop_id, row.id): Person(
            key=secrets.address_hash(row.shop_id, row.email),
            orders=len(row.placed),
            first_order_at=min(row.placed, default=None),
            last_order_at=max(row.placed, default=None),
            ordered_again_at=min((at for at in row.placed if at > row.placed_at), default=None),
            spent=row.spent,
            usual_days=usual_days(sorted(row.placed)),
            bought_again=frozenset(
                product for product, last in zip(row.products, row.last, strict=True) if last > row.placed_at
            ),
            clicked_at=row.clicked_at,
            visited_at=row.visited_at,
            let_go_at=row.let_go_at,
        )
        for row in session.execute(
            _PEOPLE, {**key_arrays(keys), "letting_go": LETTING_GO, "last_word": LAST_WORD}
        )
    }


# By person and not by order, each part once: whatever the planner makes of tables that it knows little of.
# FULL at the end, where all name the same people: a planner that expects few rows would loop over all.
_PEOPLE = text(f"""
WITH wanted AS MATERIALIZED (
    SELECT o.shop_id, o.id, o.email, o.placed_at, o.body->>'currency' AS currency
    FROM orders o JOIN {KEYS} USING (shop_id, id) WHERE o.email IS NOT NULL
), people AS MATERIALIZED (
    SELECT w.shop_id, w.email, coalesce(nullif(s.currency, ''), min(w.currency)) AS currency, s.for_tests
    FROM wanted w JOIN shops s ON s.id = w.shop_id GROUP BY 1, 2, s.currency, s.for_tests
), theirs AS MATERIALIZED (
    SELECT p.shop_id, p.email, q.id, q.placed_at,
        {counts("q", "p")} AS counts,
        CASE WHEN q.body->>'currency' = p.currency
            THEN (q.body->>'total')::bigint - (q.body->>'refunded')::bigint ELSE 0 END AS spent
    FROM people p JOIN orders q ON q.shop_id = p.shop_id AND q.email = p.email
), placed AS (
    SELECT shop_id, email, coalesce(array_agg(placed_at) FILTER (WHERE counts), '{{}}') AS placed,
        coalesce(sum(spent) FILTER (WHERE counts), 0)::bigint AS spent
    FROM theirs GROUP BY 1, 2
), products AS MATERIALIZED (
    SELECT t.shop_id, t.email, b.product_id, max(t.placed_at) AS last
    FROM theirs t JOIN order_products b ON b.shop_id = t.shop_id AND b.order_id = t.id
    WHERE t.counts GROUP BY 1, 2, 3
), bought AS (
    SELECT shop_id, email, array_agg(product_id ORDER BY product_id) AS products,
        array_agg(last ORDER BY product_id) AS last FROM products GROUP BY 1, 2
), mails AS MATERIALIZED (
    SELECT t.shop_id, t.email, m.id, CASE WHEN m.flow_key = :letting_go AND m.step = :last_word
        AND m.state IN ('sent', 'unknown') THEN coalesce(m.sent_at, m.changed_at) END AS let_go_at
    FROM theirs t JOIN messages m ON m.shop_id = t.shop_id AND m.order_id = t.id
), heard AS (
    SELECT shop_id, email, max(let_go_at) AS let_go_at, max((
        SELECT max(c.at) FROM message_events c
        WHERE c.shop_id = mails.shop_id AND c.message_id = mails.id AND c.kind = 'clicked'
    )) AS clicked_at FROM mails GROUP BY 1, 2
), came AS (
    SELECT t.shop_id, t.email, max(v.at) AS visited_at
    FROM theirs t JOIN visits v ON v.shop_id = t.shop_id AND v.order_id = t.id GROUP BY 1, 2
)
SELECT w.shop_id, w.id, w.email, w.placed_at, p.placed, p.spent, h.clicked_at, h.let_go_at, v.visited_at,
    coalesce(b.products, '{{}}') AS products, coalesce(b.last, '{{}}') AS last
FROM wanted w FULL JOIN placed p USING (shop_id, email) FULL JOIN bought b USING (shop_id, email)
FULL JOIN heard h USING (shop_id, email) FULL JOIN came v USING (shop_id, email)
""")
