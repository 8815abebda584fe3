"""Where mail vendors tell what became of mails: verified, stored, acknowledged, acted on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, abort, request

from app.keys import BadLink
from app.services.event_doors import OURS, PURPOSE, secrets_of
from app.services.feedback import take_events
from app.web.guards import note_refusal, raw_body, runtime, worn
from emails.feedback import Feedback
from emails.providers.base import Unreadable
from emails.providers.registry import EVENT_SOURCES
from wire.errors import WireError

View = TypeVar("View", bound=Callable[..., Any])
Answer = tuple[dict[str, Any], int]

blueprint = Blueprint("provider_events", __name__)

LARGEST = 1024 * 1024


def from_vendor(view: View) -> View:
    """Only the vendor that the path names: at an address that we signed for its account, and signed by the
    account's own secret. The view gets the vendor, the shop whose account it is or None, and what is told;
    nothing where the vendor only asked whether we want to hear."""

    @wraps(view)
    def guarded(source: str, token: str) -> Any:
        at, body = runtime(), raw_body(LARGEST)
        shop_id = _whose(source, token)
        door = EVENT_SOURCES[source]
        headers = {name.lower(): value for name, value in request.headers.items()}
        secrets = secrets_of(at.database, at.keys, at.config.event_secrets, source, shop_id)
        if not secrets or not door.verify(headers, body, secrets, at.clock.real(), at.http):
            return _refused(401, "the signature is not of this account")
        try:
            if door.confirm(body, at.http):
                return {"outcome": "confirmed"}, 200
            told = door.parse_events(body)
        except Unreadable as error:
            return _refused(400, str(error))
        except WireError as error:
            return _refused(503, f"the confirmation did not get through: {type(error).__name__}")
        return view(source, None if shop_id == OURS else shop_id, told)

    return worn(cast(View, guarded), f"signed vendor event: {PURPOSE}")


@blueprint.post("/events/<source>/<token>")
@from_vendor
def take(source: str, shop_id: int | None, told: Sequence[Feedback]) -> Answer:
    """200 once all of it is stored: a vendor that hears anything else tells it again."""
    at = runtime()
    taken = take_events(
        at.database,
        at.keys,
        source,
        told,
        at.clock.now(),
        real=at.clock.real(),
        shop_id=shop_id,
    )
    return {"outcome": "stored", "told": taken.stored, "early": taken.early}, 200


def _whose(source: str, token: str) -> int:
    """404 for an address that we did not write, or wrote for another vendor."""
    try:
        shop_id, named = runtime().keys.read(PURPOSE, token)
    except BadLink as error:
        note_refusal(404, str(error))
        abort(404)
    if named != source or source not in EVENT_SOURCES:
        note_refusal(404, "this address is another vendor's")
        abort(404)
    return int(shop_id)


def _refused(status: int, reason: str) -> Answer:
    note_refusal(status, reason)
    return {"error": reason}, status
