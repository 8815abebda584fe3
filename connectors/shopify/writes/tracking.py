"""Where the store's own pages and mails link to for a parcel."""

from __future__ import annotations

from connectors.base import NotThere, Store, StoreRefused
from connectors.shopify.admin_api import call
from connectors.shopify.ids import gid
from connectors.shopify.nodes import dig, listed
from connectors.writes import PointTracking, Written


def point_tracking(store: Store, what: PointTracking) -> Written:
    """Raises StoreRefused for a parcel of several numbers: setting one would lose the others."""
    id = gid("Fulfillment", what.parcel_id)
    found = dig(call(store, "tracking", {"id": id}), "fulfillment")
    if found is None:
        raise NotThere("there is no such parcel")
    wanted = {"company": what.carrier, "number": what.number, "url": what.url}
    held = listed(found, "trackingInfo")
    if len(held) > 1:
        raise StoreRefused("the parcel has several tracking numbers")
    if held and {name: dig(held[0], name) or "" for name in wanted} == wanted:
        return Written(id, already=True)
    call(store, "tracking_set", {"id": id, "tracking": wanted})
    return Written(id)
