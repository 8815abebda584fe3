"""What whoever waits for a parcel says of it: it is here, or it is not.

A yes counts as a scan does. A no opens a case: it stays open until the parcel is there after all, or the shop
has given the money back, and meanwhile nobody is asked for a review.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.db import Database, Session, put_rows
from app.keys import Keys
from app.models.commerce import parcel_events
from app.queries.pictures import OrderKey, load_pictures
from app.services.locks import lock_shop
from app.services.react import react, tell
from flows.commerce import OrderState
from flows.events import SHOPPER, Event, EventKind, confirmed_by_shopper, is_delivered
from flows.picture import OrderPicture


class Answer(StrEnum):
    """What became of what somebody said. KNOWN: the parcel has been told to be there before. OVER: it is on
    its way no more, because the order was called off or the parcel taken out of it."""

    THANKS = "thanks"
    NOTED = "noted"
    KNOWN = "known"
    OVER = "over"


def arrived(database: Database, keys: Keys, key: OrderKey, parcel_id: str, now: datetime) -> Answer:
    """The parcel is here. Said again, nothing changes."""
    with database.shops(key[0]) as session:
        picture, answer = _look(session, key, parcel_id)
        if picture is None:
            return answer
        scan = confirmed_by_shopper(parcel_id, key[1], now)
        row = {"shop_id": key[0], "id": scan.id, "order_id": key[1], "body": scan}
        put_rows(session, parcel_events, [row], "ON CONFLICT (shop_id, id) DO NOTHING")
        react(session, [key], keys, now)
        return Answer.THANKS


def missed(database: Database, keys: Keys, key: OrderKey, parcel_id: str, now: datetime) -> Answer:
    """The parcel is not here. Said again, nothing changes."""
    with database.shops(key[0]) as session:
        picture, answer = _look(session, key, parcel_id)
        if picture is None:
            return answer
        subject = f"parcel:{parcel_id}"
        denied = Event(
            EventKind.ARRIVAL_DENIED, f"{subject}:denied", subject, key[1], now, parcel_id, SHOPPER
        )
        tell(session, key, [denied], keys, now)
        return Answer.NOTED


def _look(session: Session, key: OrderKey, parcel_id: str) -> tuple[OrderPicture | None, Answer]:
    """The picture where the parcel is still on its way. The shop is locked."""
    lock_shop(session, key[0])
    picture = load_pictures(session, [key]).get(key)
    parcels = picture.live_parcels() if picture is not None else ()
    parcel = next((one for one in parcels if one.id == parcel_id), None)
    if picture is None or parcel is None or picture.order.state is not OrderState.OPEN:
        return None, Answer.OVER
    if is_delivered(picture, parcel):
        return None, Answer.KNOWN
    return picture, Answer.NOTED
