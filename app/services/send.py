"""Due mails: claimed, looked at once more, rendered, marked one by one, handed over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from app.db import Database
from app.keys import Keys
from app.models.permission import ALL_CLASSES
from app.queries.facts import FactBase, load_fact_base
from app.services import ledger
from app.services.ledger import Claimed, Settled
from app.services.letter import write_letter
from app.services.outcomes import broken, not_taken, record_failure, record_surely
from app.services.pauses import put_away_mails
from app.services.unsubscribe import suppress
from emails.message import Envelope
from emails.providers.base import Courier, Provider, SendFailed
from flows.facts import Facts
from flows.flow import Flow
from flows.guards import rule_on
from flows.journey import Ruling, Verdict
from flows.presets import PRESETS

BATCH = 100
RECIPIENT_REFUSED = "recipient_refused"

log = logging.getLogger("doorstep.send")


@dataclass(frozen=True, slots=True)
class Sender:
    """What sending needs besides the ledger. `now` is business time, `real` is for leases."""

    database: Database
    secrets: Keys
    provider: Provider
    address: str
    mail_domain: str
    now: Callable[[], datetime]
    real: Callable[[], datetime]
    flows: Sequence[Flow] = PRESETS


def send_due(sender: Sender, courier: Courier, stop_at: datetime, limit: int = BATCH) -> int:
    """One batch, until `stop_at` (real time). Returns how many rows were due; 0: nothing is left."""
    claimed = ledger.claim(sender.database, sender.now(), sender.real(), limit)
    if claimed:
        ready = put_away_mails(sender.database, claimed, sender.now())
        for rows, base in _with_facts(sender, ready) if ready else ():
            _send_batch(sender, courier, rows, base, stop_at)
    return len(claimed)


def _with_facts(sender: Sender, claimed: Sequence[Claimed]) -> Iterator[tuple[Sequence[Claimed], FactBase]]:
    """The batch with its facts; where one row's cannot be read, row by row without that one."""
    try:
        base = _facts(sender, claimed)
    except SQLAlchemyError:
        raise
    except Exception as error:  # one row may be to blame: the others must not wait for it
        log.warning("the facts of a batch could not be read: %s", type(error).__name__)
    else:
        yield claimed, base
        return
    for row in claimed:
        try:
            base = _facts(sender, [row])
        except Exception as error:  # put back with its reason, given up after some tries
            ledger.settle(sender.database, [broken(row, error, sender.now())], sender.now())
        else:
            yield [row], base


def _send_batch(
    sender: Sender, courier: Courier, rows: Sequence[Claimed], base: FactBase, stop_at: datetime
) -> None:
    flows = {flow.key: flow for flow in sender.flows}
    settled: list[Settled] = []
    allowed: list[tuple[Claimed, Facts, Ruling]] = []
    now = sender.now()
    for row in rows:
        facts = _facts_of(base, row)
        flow = flows.get(row.flow_key)
        if facts is None or flow is None or row.generation != facts.shop.generation:
            settled.append(Settled(row.id, row.token, "skipped", _missing(facts, flow)))
            continue
        ruling = rule_on(flow, row.step, row.due_at, row.expires_at, facts, now)
        if ruling.verdict is Verdict.ALLOW:
            allowed.append((row, facts, ruling))
        else:
            settled.append(_ruled_out(row, ruling))
    ledger.settle(sender.database, settled, now)
    for row, facts, ruling in allowed:
        if sender.real() >= stop_at or not row.still_ours(sender.real()):
            ledger.settle(sender.database, [Settled(row.id, row.token, "due")], sender.now())
            continue
        _send_one(sender, courier, base, row, facts, ruling)


def _facts(sender: Sender, rows: Sequence[Claimed]) -> FactBase:
    shop_ids = {row.shop_id for row in rows}
    with sender.database.shops(*shop_ids) as session:
        return load_fact_base(session, {(row.shop_id, row.order_id) for row in rows}, sender.secrets)


def _facts_of(base: FactBase, row: Claimed) -> Facts | None:
    key = (row.shop_id, row.order_id)
    return base.facts(key, row.flow_key, row.parcel_id) if key in base.pictures else None


def _missing(facts: Facts | None, flow: Flow | None) -> str:
    if facts is None:
        return "order_not_stored"
    return "flow_unknown" if flow is None else "old_generation"


def _ruled_out(row: Claimed, ruling: Ruling) -> Settled:
    if ruling.verdict is Verdict.DEFER:
        return Settled(row.id, row.token, "due", ruling.reason, ruling.until, ruling.reasons)
    state = "expired" if ruling.reason == "expired" else "skipped"
    return Settled(row.id, row.token, state, ruling.reason, None, ruling.reasons)


def _send_one(
    sender: Sender, courier: Courier, base: FactBase, row: Claimed, facts: Facts, ruling: Ruling
) -> None:
    """One mail. Everything that may fail harmlessly happens before the mark."""
    try:
        letter = write_letter(sender, base, row, facts, _on(base, row.shop_id), sender.now())
        courier.prepare(letter)
    except SendFailed as failure:
        ledger.settle(sender.database, [not_taken(row, failure, sender.now())], sender.now())
        _suppress_refused(sender, row, facts, failure)
        return
    except Exception as error:  # one order that no template can render must not hold up the others
        ledger.settle(sender.database, [broken(row, error, sender.now())], sender.now())
        return
    if not _mark(sender, row, letter, ruling):
        courier.drop()
        return
    try:
        receipt = courier.hand_over()
    except SendFailed as failure:
        record_failure(sender.database, row, failure, sender.now())
        _suppress_refused(sender, row, facts, failure)
        return
    record_surely(sender.database, row, "sent", sender.now(), provider_id=receipt.provider_id)


def _on(base: FactBase, shop_id: int) -> frozenset[str]:
    return frozenset(
        key for (shop, key), setting in base.settings.items() if shop == shop_id and setting.enabled
    )


def _mark(sender: Sender, row: Claimed, letter: Envelope, ruling: Ruling) -> bool:
    return row.still_ours(sender.real()) and ledger.mark(
        sender.database,
        row,
        sender.now(),
        recipient=letter.recipient,
        subject=letter.subject,
        message_id=letter.message_id,
        provider=sender.provider.name,
        reasons=ruling.reasons,
    )


def _suppress_refused(sender: Sender, row: Claimed, facts: Facts, failure: SendFailed) -> None:
    """A mailbox that does not exist gets no further mail: trying again costs the sender's good name."""
    if failure.permanent and failure.reason == RECIPIENT_REFUSED and facts.recipient:
        hashed = sender.secrets.address_hash(row.shop_id, facts.recipient)
        suppress(sender.database, row.shop_id, hashed, ALL_CLASSES, "hard_bounce", sender.now())
