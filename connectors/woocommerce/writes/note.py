"""A line in an order's history. The platform takes no key with it, so the words carry a mark of their own."""

from __future__ import annotations

import hashlib

from connectors.base import NotThere, Store, StoreRefused, StoreUnreachable
from connectors.fields import Body, body
from connectors.woocommerce.rest_api import read, write
from connectors.woocommerce.writes.looking import anew, as_markup, number, plain, reference
from connectors.writes import NoteOrder, Written

LONGEST = 2_000


def note_order(store: Store, what: NoteOrder) -> Written:
    """Never to the customer: such a note is mailed."""
    place = f"orders/{number(what.order_id, 'order')}/notes"
    words, mark = " ".join(what.text.split())[:LONGEST], mark_of(what)
    if not words:
        raise StoreRefused("a note needs words")
    found = _noted(store, place, mark)
    if found is not None:
        return Written(reference(found), already=True)
    note = {"note": f"{as_markup(words)} {mark}", "customer_note": False}
    try:
        return Written(reference(body(write(store, "post", place, note), "note")))
    except NotThere:
        raise NotThere("there is no such order") from None


def mark_of(what: NoteOrder) -> str:
    return f"[{hashlib.sha256(f'{what.order_id} {what.key}'.encode()).hexdigest()[:12]}]"


def _noted(store: Store, place: str, mark: str) -> Body | None:
    """All notes come at once."""
    try:
        notes = read(store, place, {"type": "any", **anew()})
    except NotThere:
        raise NotThere("there is no such order") from None
    if not isinstance(notes, list):
        raise StoreUnreachable("the shop answered with something else than the notes of the order")
    bodies = (Body(note, place) for note in notes if isinstance(note, dict))
    return next((note for note in bodies if plain(note.data.get("note")).endswith(mark)), None)
