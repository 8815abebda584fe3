"""Our tracking page in the store's own mails and pages, for parcels that the store itself cannot follow.

A merchant turns it on. The link that we write comes back to us in the store's next message about the
parcel: there it is taken out again, so that the carrier's own link stays known, and nothing is written
because of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from app.db import Session
from app.keys import BadLink, Keys
from app.services.features import TRACKING_LINKS, enabled
from app.services.store_reading import ShopReading
from app.services.store_writes import owe
from connectors.writes import PointTracking
from flows.commerce import Parcel, ParcelStatus

_PAGE = re.compile(r".*/t/([A-Za-z0-9_.~-]{20,500})")


def without_own_links(readings: Sequence[ShopReading], secrets: Keys) -> list[ShopReading]:
    """What the stores say of their parcels, less what we told them."""
    return [
        (
            shop,
            replace(reading, parcels=tuple(_without(parcel, shop, secrets) for parcel in reading.parcels)),
        )
        if any(is_own_link(parcel.tracking_url, shop, secrets) for parcel in reading.parcels)
        else (shop, reading)
        for shop, reading in readings
    ]


def owe_links(session: Session, readings: Sequence[ShopReading], secrets: Keys, real: datetime) -> None:
    """Asks for the writes that these parcels need, as they came in. One statement, and one for each shop
    that wants it."""
    wanted: dict[int, dict[str, Parcel]] = defaultdict(dict)
    for shop, parcel in _parcels(readings):
        key = f"track:{parcel.id}"
        held = wanted[shop].get(key)
        if held is None or held.version <= parcel.version:
            wanted[shop][key] = parcel
    wanted = {
        shop: {key: one for key, one in parcels.items() if _needs(one, shop, secrets)}
        for shop, parcels in wanted.items()
    }
    asking = {shop for shop, parcels in wanted.items() if parcels}
    for shop in sorted(enabled(session, asking, TRACKING_LINKS.key)):
        owe(session, shop, {key: _write(one, shop, secrets) for key, one in wanted[shop].items()}, real)


def is_own_link(url: str | None, shop_id: int, secrets: Keys) -> bool:
    """By its signature: wherever our pages were when it was written."""
    if not url or "/t/" not in url:
        return False
    try:
        found = _PAGE.fullmatch(urlsplit(url).path)
        carried = secrets.read("tracking", found[1]) if found else (None,)
    except (BadLink, ValueError):  # a carrier's address can be anything, also one that is none
        return False
    return bool(carried[0] == shop_id)


def _without(parcel: Parcel, shop_id: int, secrets: Keys) -> Parcel:
    own = is_own_link(parcel.tracking_url, shop_id, secrets)
    return replace(parcel, tracking_url=None) if own else parcel


def _parcels(readings: Sequence[ShopReading]) -> Iterator[tuple[int, Parcel]]:
    for shop, reading in readings:
        for parcel in reading.parcels:
            yield shop, parcel


def _needs(parcel: Parcel, shop_id: int, secrets: Keys) -> bool:
    """On its way under one number, at a carrier that the store does not follow, and not yet ours."""
    return (
        not parcel.followed
        and bool(parcel.tracking_number)
        and not parcel.also
        and not parcel.vanished
        and ParcelStatus.SHIPPED <= parcel.status < ParcelStatus.DELIVERED
        and not is_own_link(parcel.tracking_url, shop_id, secrets)
    )


def _write(parcel: Parcel, shop_id: int, secrets: Keys) -> PointTracking:
    token = secrets.sign("tracking", [shop_id, parcel.order_id])
    return PointTracking(parcel.id, parcel.carrier, parcel.tracking_number, f"t/{token}")
