"""The states of an order: the platform's own and those of the usual tracking plugins."""

from __future__ import annotations

PLUGINS = ("partial-shipped", "shipped", "delivered")
SETTABLE = (
    "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "checkout-draft",
    *PLUGINS,
)  # fmt: skip
# What a plugin of the quirk `custom_statuses` lets the merchant add, with the names that admins read.
CUSTOM = {
    "ready-to-go": "Ready to go", "handed-over": "Handed over", "at-the-shop": "At the parcel shop",
    "arrived": "Arrived",
}  # fmt: skip
NAMES = {
    "pending": "Pending payment", "processing": "Processing", "on-hold": "On hold", "completed": "Completed",
    "cancelled": "Cancelled", "refunded": "Refunded", "failed": "Failed", "checkout-draft": "Draft",
    "partial-shipped": "Partially Shipped", "shipped": "Shipped", "delivered": "Delivered",
}  # fmt: skip
# A list asked for `any` leaves these out.
HIDDEN = ("trash", "auto-draft")

_UNPAID = ("pending", "failed", "checkout-draft")
_EDITABLE = ("pending", "on-hold", "auto-draft", "failed")
_PAID = ("processing", "completed")


def settable(custom: bool) -> tuple[str, ...]:
    return (*SETTABLE, *CUSTOM) if custom else SETTABLE


def needs_payment(status: str, total: str) -> bool:
    return status in _UNPAID and float(total) > 0


def is_editable(status: str) -> bool:
    return status in _EDITABLE


def means_paid(status: str) -> bool:
    """Entering one of these states sets the date of payment where there is none."""
    return status in _PAID
