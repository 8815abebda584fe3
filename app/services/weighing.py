"""The desk at the hand-over: all mails of one person that are in hand are decided on together.

What it goes by was read in one transaction with the rest of the facts. Two workers may weigh two mails of a
person at the same time: whoever marks one takes the person's next turn, and the mark of the other fails, so
that it is weighed anew beside the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app.keys import Keys
from app.queries.desk import DeskBase, PersonKey, Reader
from app.queries.facts import FactBase
from app.services.ledger import Claimed, Settled, Turn
from app.services.ready import Ready
from emails.address import valid_address
from flows.desk import WANTS_A_PLACE, Ask, decide
from flows.facts import MailClass
from flows.journey import Ruling, Verdict
from flows.pace import AS_THEY_COME
from flows.wallclock import zone_named


def readers_of(keys: Keys, rows: Sequence[Claimed], base: FactBase) -> dict[int, Reader]:
    """By mail: whom those that count would go to; where nobody can be written to, another rule says so."""
    found = {}
    for row in rows:
        picture = base.pictures.get((row.shop_id, row.order_id))
        if row.mail_class == MailClass.TRANSACTIONAL or picture is None:
            continue
        email = picture.order.email or ""
        recipient = valid_address(email)
        if recipient is not None:
            hashed = keys.address_hash(row.shop_id, recipient)
            found[row.id] = Reader(row.shop_id, hashed, recipient.lower(), email.strip().lower())
    return found


def weigh(
    ready: Sequence[Ready], readers: Mapping[int, Reader], desk: DeskBase, now: datetime
) -> tuple[list[Ready], list[Settled]]:
    """(those that leave now, in their order; what became of the others)."""
    people: dict[PersonKey, list[Ready]] = defaultdict(list)
    for one in ready:
        if one.row.id in readers:
            people[readers[one.row.id].key].append(one)
    rulings = {}
    for person, mails in people.items():
        shop_id = person[0]
        limits = desk.limits[shop_id]
        asks = [*(_ask(one, now) for one in mails), *desk.waiting.get(person, ())]
        valued = (
            [replace(ask, worth=desk.worth.get((shop_id, ask.flow))) for ask in asks] if desk.worth else asks
        )
        zone = zone_named(mails[0].facts.shop.timezone)
        rulings.update(
            decide(
                valued,
                desk.touches.get(person, ()),
                limits,
                zone,
                now,
                desk.active_at.get(person),
                desk.paces.get(person, AS_THEY_COME),
            )
        )
    leaving, settled = [], []
    for one in ready:
        ruling = rulings.get(one.row.id)
        if ruling is None:
            leaving.append(one)
            continue
        whole = (*one.ruling.reasons, *ruling.reasons)
        seen = Ready(one.row, one.facts, Ruling(ruling.verdict, ruling.reason, ruling.until, whole))
        if ruling.verdict is Verdict.ALLOW:
            leaving.append(seen)
        else:
            settled.append(_put_off(seen, now))
    return leaving, settled


def turn_of(row: Claimed, readers: Mapping[int, Reader], desk: DeskBase) -> Turn | None:
    """The turn that a mark of this mail takes; None: it counts for nothing."""
    reader = readers.get(row.id)
    return None if reader is None else Turn(reader.hash, desk.turns.get(reader.key, 0))


def taken(row: Claimed, readers: Mapping[int, Reader], desk: DeskBase) -> None:
    """This batch itself took the turn: its other mails of the person were weighed beside that one."""
    reader = readers.get(row.id)
    if reader is not None:
        desk.turns[reader.key] = desk.turns.get(reader.key, 0) + 1


def _ask(one: Ready, now: datetime) -> Ask:
    row = one.row
    return Ask(
        row.id,
        row.flow_key,
        row.step,
        row.journey_id,
        MailClass(row.mail_class),
        row.due_at,
        row.expires_at,
        now,
        row.postponed_at,
        zone=zone_named(one.facts.zone),
    )


def _put_off(one: Ready, now: datetime) -> Settled:
    row, ruling = one.row, one.ruling
    if ruling.verdict is Verdict.DEFER:
        capped = now if ruling.reason in WANTS_A_PLACE else None
        return Settled(
            row.id, row.token, "due", ruling.reason, ruling.until, ruling.reasons, postponed_at=capped
        )
    return Settled(row.id, row.token, "skipped", ruling.reason, None, ruling.reasons)
