"""What the page on shipping says."""

from __future__ import annotations

from connectors.woocommerce.statuses import meaning
from flows.commerce import ParcelStatus, Shipped

# What may be chosen, with what follows from it.
CHOICES = (
    ("shipped", "Shipped"),
    ("partly", "Partly shipped"),
    ("pickup", "Waiting to be picked up"),
    ("failed", "Could not be handed over"),
    ("delivered", "Delivered"),
    ("nothing", "Nothing about shipping"),
)

# Plugins that people know: (name, number, carrier, link).
EXAMPLES = (
    ("YITH Order Tracking", "ywot_tracking_code", "ywot_carrier_name", "ywot_carrier_url"),
    ("AfterShip (older)", "_aftership_tracking_number", "_aftership_tracking_provider_name", ""),
    ("DHL for WooCommerce", "_pr_shipment_dhl_label_tracking", "", ""),
)


def our_meaning(slug: str) -> str:
    """As we understand a status where the merchant says nothing."""
    status = meaning(slug)
    if status.stands is ParcelStatus.DELIVERED:
        return "delivered"
    return {Shipped.ALL: "shipped", Shipped.PART: "partly shipped"}.get(
        status.shipped or Shipped.NONE, "nothing about shipping"
    )


def in_short(mapped: int, number_key: str) -> str:
    """For the page of settings."""
    told = {0: "Order statuses mean what they usually do", 1: "1 order status has a meaning of its own"}
    statuses = told.get(mapped, f"{mapped} order statuses have meanings of their own")
    return f"{statuses}; tracking numbers are read from {number_key}." if number_key else f"{statuses}."
