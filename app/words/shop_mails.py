"""Which of a store's own mails are held back at the moment; the table is flows/shop_mails.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flows.shop_mails import KEPT, REPLACED

__all__ = ["KEPT", "REPLACED", "mails_replaced"]

_COMPLETED = "customer_completed_order"
_LEAVES = frozenset({"shipped", "delivered"})


def mails_replaced(flows_on: Collection[str], meanings: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """In the order of the table. `meanings`: what the merchant's statuses mean for shipping. Where an order
    that is completed has not left by that, nothing of ours says that it is complete."""
    leaves = (meanings or {}).get("completed", "shipped") in _LEAVES
    return tuple(
        mail
        for flow, mails in REPLACED.items()
        if flow in flows_on
        for mail in mails
        if leaves or mail != _COMPLETED
    )
