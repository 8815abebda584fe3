"""Due mails: claimed, looked at once more, rendered, marked one by one, handed over."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from app.db import Database
from app.keys import Keys
from app.models.permission import ALL_CLASSES
from app.queries.desk import DeskBase, Reader, load_desk
from app.queries.facts import FactBase, load_fact_base
from app.queries.freshness import last_confirmed
from app.queries.journeys import begun_by
from app.queries.pictures import OrderKey
from app.queries.sending_domains import SendingDomain, load_sending_domains
from app.services import ledger
from app.services.brakes import hold_braked, look_at
from app.services.coupons import codes_for
from app.services.freshness import ask_again, sort_out_stale
from app.services.identity import (
    SMTP,
    Identity,
    by_own_accounts,
    hold_offers,
    identities,
    outside_of,
)
from app.services.ledger import Claimed, Settled, Turn
from app.services.letter import write_letter
from app.services.outcomes import broken, missing, not_taken, record_failure, record_surely, ruled_out
from app.services.own_name import prepared
from app.services.pauses import put_away_mails
from app.services.postal import hold_unsigned
from app.services.ready import Ready
from app.services.unsubscribe import suppress
from app.services.warm_up import keep_cool
from app.services.way import Way
from app.services.ways_loaded import load_ways
from app.services.ways_out import Ways
from app.services.weighing import readers_of, taken, turn_of, weigh
from emails.dkim import DkimKey
from emails.message import Coupon, Envelope
from emails.providers.base import Courier, Provider, SendFailed
from flows.commerce import Platform
from flows.copies import with_changes
from flows.facts import Facts
from flows.flow import Flow
from flows.guards import rule_on
from flows.journey import Ruling, Verdict
from flows.presets import PRESETS
from wire.http import HttpClient

BATCH = 100
RECIPIENT_REFUSED = "recipient_refused"

log = logging.getLogger("doorstep.send")


@dataclass(frozen=True, slots=True)
class Sender:
    """What sending needs besides the ledger. `now` is business time, `real` is for leases. `bounce_domain`:
    where bounces are read, "" if nowhere; `dkim`: what mails from our own domain are signed with.
    `account`: a name for our account at the provider; `second`: who takes over while nothing gets through
    there."""

    database: Database
    secrets: Keys
    provider: Provider
    address: str
    mail_domain: str
    now: Callable[[], datetime]
    real: Callable[[], datetime]
    bounce_domain: str = ""
    dkim: tuple[DkimKey, ...] = field(default=(), repr=False)
    shared_domain_offers: bool = False
    flows: Sequence[Flow] = PRESETS
    http: HttpClient = field(default_factory=HttpClient)
    account: str = "ours"
    second: Provider | None = None
    second_account: str = "our second"


def send_due(sender: Sender, courier: Courier, stop_at: datetime, limit: int = BATCH) -> int:
    """One batch, until `stop_at` (real time). Returns how many rows were due; 0: nothing is left."""
    claimed = ledger.claim(sender.database, sender.now(), sender.real(), limit)
    if claimed:
        ready = put_away_mails(sender.database, claimed, sender.now())
        for rows, known in _with_facts(sender, ready) if ready else ():
            try:
                _send_batch(sender, courier, rows, known, stop_at)
            finally:
                known.ways.close(sender.database, sender.real())
    return len(claimed)


@dataclass(frozen=True, slots=True)
class _Known:
    """Of a batch, read in one transaction. `begun_by`: keys of what began its journeys."""

    base: FactBase
    begun_by: Mapping[int, str]
    readers: Mapping[int, Reader]
    desk: DeskBase
    confirmed: Mapping[OrderKey, datetime]
    ways: Ways
    domains: Mapping[int, SendingDomain]
    identities: Mapping[int, Identity]


def _with_facts(sender: Sender, claimed: Sequence[Claimed]) -> Iterator[tuple[Sequence[Claimed], _Known]]:
    """The batch with its facts; where one row's cannot be read, row by row without that one."""
    try:
        known = _facts(sender, claimed)
    except SQLAlchemyError:
        raise
    except Exception as error:  # one row may be to blame: the others must not wait for it
        log.warning("the facts of a batch could not be read: %s", type(error).__name__)
    else:
        yield claimed, known
        return
    for row in claimed:
        try:
            known = _facts(sender, [row])
        except Exception as error:  # put back with its reason, given up after some tries
            ledger.settle(sender.database, [broken(row, error, sender.now())], sender.now())
        else:
            yield [row], known


def _send_batch(
    sender: Sender, courier: Courier, rows: Sequence[Claimed], known: _Known, stop_at: datetime
) -> None:
    """The flow's own rules, then whether the order is known as it stands, then the desk. Codes come last:
    what waits for its domain has none that grows old meanwhile."""
    now, base = sender.now(), known.base
    flows = {flow.key: flow for flow in sender.flows}
    ready, settled = _let_go(flows, rows, known, now)
    ready, wayless = known.ways.sort_out(ready)
    ready, nameless = hold_offers(sender, ready, known.identities, now)
    ready, braked = hold_braked(ready, base.shops, now)
    ready, unsigned = hold_unsigned(ready, base, now)
    fresh, stale = sort_out_stale(ready, known.confirmed, known.desk.limits, sender.real())
    leaving, put_off = weigh(fresh, known.readers, known.desk, now)
    leaving, cooling = keep_cool(sender.database, leaving, known.domains, now)
    leaving, vendors_wait = known.ways.admit(sender.database, sender, leaving, now)
    codes = codes_for(sender.database, sender.secrets, leaving, base, flows, now, sender.real())
    waits = [*wayless, *nameless, *braked, *unsigned, *put_off, *cooling, *vendors_wait, *codes.settled]
    ledger.settle(sender.database, [*settled, *waits], now)
    platforms = {shop.id: Platform(shop.platform) for shop in base.shops.values()}
    ask_again(sender.database, stale, platforms, now, sender.real())
    in_turn = deque(codes.leaving)
    while in_turn:
        one = in_turn.popleft()
        row = one.row
        if sender.real() >= stop_at or not row.still_ours(sender.real()):
            ledger.settle(sender.database, [Settled(row.id, row.token, "due")], sender.now())
            continue
        later = known.ways.waits(sender.database, sender, one, in_turn, sender.now())
        if later:
            ledger.settle(sender.database, later, sender.now())
            waiting = {each.id for each in later}
            in_turn = deque(each for each in in_turn if each.row.id not in waiting)
            if row.id in waiting:
                continue
        _send_one(sender, courier, known, one, codes.coupons.get(row.id))


def _let_go(
    flows: Mapping[str, Flow], rows: Sequence[Claimed], known: _Known, now: datetime
) -> tuple[list[Ready], list[Settled]]:
    """What the flow's own rules say of each."""
    settled: list[Settled] = []
    ready: list[Ready] = []
    for row in rows:
        facts = _facts_of(known, row)
        flow = flows.get(row.flow_key)
        if facts is None or flow is None or row.generation != facts.shop.generation:
            settled.append(Settled(row.id, row.token, "skipped", missing(facts, flow)))
            continue
        ruling = rule_on(flow, row.step, row.due_at, row.expires_at, facts, now)
        if ruling.verdict is Verdict.ALLOW:
            ready.append(Ready(row, facts, ruling))
        else:
            settled.append(ruled_out(row, ruling))
    return ready, settled


def _facts(sender: Sender, rows: Sequence[Claimed]) -> _Known:
    shop_ids, keys = {row.shop_id for row in rows}, {(row.shop_id, row.order_id) for row in rows}
    with sender.database.shops(*shop_ids) as session:
        base = load_fact_base(session, keys, sender.secrets)
        readers = readers_of(sender.secrets, rows, base)
        people = {reader.key: reader for reader in readers.values()}
        in_hand = [row.id for row in rows]
        desk = load_desk(session, people.values(), shop_ids, in_hand, sender.now())
        journeys = begun_by(session, {row.journey_id for row in rows})
        confirmed, ways = last_confirmed(session, keys), load_ways(session, rows, sender)
        domains = load_sending_domains(session, shop_ids) if sender.provider.name == SMTP else {}
    domains = {shop: domain for shop, domain in domains.items() if shop not in ways.own}
    of_domains = identities(sender, domains)
    if sender.second is not None and sender.second.name != SMTP and not sender.shared_domain_offers:
        ways.bound = frozenset(of_domains)
    named = {**of_domains, **by_own_accounts(ways.own)}
    return _Known(base, journeys, readers, desk, confirmed, ways, domains, named)


def _facts_of(known: _Known, row: Claimed) -> Facts | None:
    key = (row.shop_id, row.order_id)
    if key not in known.base.pictures:
        return None
    facts = known.base.facts(key, row.flow_key, row.parcel_id)
    return with_changes(facts, event_key=known.begun_by.get(row.journey_id))


def _send_one(sender: Sender, courier: Courier, known: _Known, one: Ready, coupon: Coupon | None) -> None:
    """One mail. Everything that may fail harmlessly happens before the mark."""
    row, facts = one.row, one.facts
    way, began = known.ways.of(row, courier, sender, sender.secrets, sender.real), monotonic()
    try:
        own, write = known.identities.get(row.shop_id), partial(_written, sender, known, one, coupon)
        letter, ruling = prepared(sender, own, one, way, write)
    except SendFailed as failure:
        seconds = monotonic() - began
        again = known.ways.again(way, row, failure, seconds, sender.now(), sender.real())
        ledger.settle(sender.database, [not_taken(row, failure, sender.now(), again)], sender.now())
        known.ways.note(sender.database, way, failure, seconds, sender.now(), sender.real())
        _suppress_refused(sender, row, facts, failure)
        return
    except Exception as error:  # one order that no template can render must not hold up the others
        ledger.settle(sender.database, [broken(row, error, sender.now())], sender.now())
        return
    turn = turn_of(row, known.readers, known.desk)
    if not _mark(sender, row, letter, ruling, turn, way):
        way.courier.drop()
        if turn is not None:  # where it is still ours, it is weighed anew
            ledger.settle(sender.database, [Settled(row.id, row.token, "due")], sender.now())
        return
    taken(row, known.readers, known.desk)
    try:
        receipt = way.courier.hand_over()
    except SendFailed as failure:
        seconds = monotonic() - began
        again = known.ways.again(way, row, failure, seconds, sender.now(), sender.real())
        record_failure(sender.database, row, failure, sender.now(), way.repeats, again)
        known.ways.note(sender.database, way, failure, seconds, sender.now(), sender.real())
        _suppress_refused(sender, row, facts, failure)
        return
    record_surely(sender.database, row, "sent", sender.now(), provider_id=receipt.provider_id)
    known.ways.note(sender.database, way, None, monotonic() - began, sender.now(), sender.real())


def _written(
    sender: Sender, known: _Known, one: Ready, coupon: Coupon | None, identity: Identity
) -> Envelope:
    row, base = one.row, known.base
    flow = next(flow for flow in sender.flows if flow.key == row.flow_key)
    outside = outside_of(sender, identity, row, flow, base.shops[row.shop_id].domain)
    return write_letter(sender, base, row, one.facts, _on(base, row.shop_id), sender.now(), coupon, outside)


def _on(base: FactBase, shop_id: int) -> frozenset[str]:
    return frozenset(
        key for (shop, key), setting in base.settings.items() if shop == shop_id and setting.enabled
    )


def _mark(
    sender: Sender, row: Claimed, letter: Envelope, ruling: Ruling, turn: Turn | None, way: Way
) -> bool:
    return row.still_ours(sender.real()) and ledger.mark(
        sender.database,
        row,
        sender.now(),
        turn,
        recipient=letter.recipient,
        subject=letter.subject,
        message_id=letter.message_id,
        provider=way.name,
        reasons=ruling.reasons,
        account=way.account,
        real=sender.real(),
    )


def _suppress_refused(sender: Sender, row: Claimed, facts: Facts, failure: SendFailed) -> None:
    """A mailbox that does not exist gets no further mail: trying again costs the sender's good name."""
    if failure.permanent and failure.reason == RECIPIENT_REFUSED and facts.recipient:
        hashed = sender.secrets.address_hash(row.shop_id, facts.recipient)
        suppress(sender.database, row.shop_id, hashed, ALL_CLASSES, "hard_bounce", sender.now())
        look_at(sender.database, row.shop_id, sender.now())
