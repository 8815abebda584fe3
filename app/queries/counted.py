"""Orders that count for a person: taken on, neither called off nor gone; tests in a shop for tests alone."""

from __future__ import annotations


def counts(order: str, shop: str = "s") -> str:
    """A condition in SQL; both are names of rows: of an order, and of one that says whether the shop is for
    tests."""
    return (
        f"{order}.body->>'state' = 'open' AND {order}.body->>'accepted_at' IS NOT NULL"
        f" AND ({shop}.for_tests OR NOT ({order}.body->>'is_test')::boolean)"
    )
