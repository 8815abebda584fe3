"""The domain that a shop's mails come from: chosen, looked at in DNS, used while its records stand there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session, as_json
from app.keys import Keys
from app.models.sending_domain import BROKEN, UNVERIFIED, VERIFIED
from app.queries.sending_domains import SendingDomain, load_sending_domains
from app.services.identity import UNVERIFIED_DOMAIN
from app.services.sending_domain_dns import Dns
from app.services.sending_domain_names import From
from app.services.sending_domain_records import Found, Kind, Ours, State, judged, questions, wanted
from app.services.warm_up import WARMING
from app.services.woken import wake_waiting
from emails.dkim import new_key, record_of

PAUSE = timedelta(seconds=15)
"""Between two looks at one domain."""
SOON, DAILY = timedelta(minutes=20), timedelta(days=1)
NEW_FOR = timedelta(days=3)
"""As long as its merchant may be at it, a domain is looked at often."""
SURE_AFTER = timedelta(hours=1)
"""A record that is missing at one look may be back at the next: servers of DNS are exchanged, too."""
SILENT_FOR = timedelta(days=7)
"""So long DNS may say nothing of a domain that was right: mailboxes hear no more of it than we do."""


@dataclass(frozen=True, slots=True)
class Look:
    """`verified`: it just became usable; `broke`: it just ceased to be."""

    found: Mapping[Kind, Found]
    verified: bool = False
    broke: bool = False


def choose(session: Session, keys: Keys, shop_id: int, chosen: From, real: datetime) -> bool:
    """Whether a key was made: another name before the @ needs none."""
    held = load_sending_domains(session, [shop_id]).get(shop_id)
    if held is not None and held.domain == chosen.domain:
        session.execute(
            text("UPDATE sending_domains SET local = :local WHERE shop_id = :shop"),
            {"local": chosen.local, "shop": shop_id},
        )
        return False
    key = new_key(chosen.domain, keys.selector(shop_id, chosen.domain))
    values = {
        "shop": shop_id,
        "domain": chosen.domain,
        "local": chosen.local,
        "selector": key.selector,
        "record": record_of(key),
        "sealed": keys.seal(shop_id, {"dkim": key.pem}),
        "real": real,
    }
    session.execute(text("DELETE FROM sending_domains WHERE shop_id = :shop"), values)
    session.execute(
        text(
            "INSERT INTO sending_domains (shop_id, domain, local, selector, record, sealed_key, made_at,"
            " look_at) VALUES (:shop, :domain, :local, :selector, :record, :sealed, :real, :real)"
        ),
        values,
    )
    return True


def take_out(session: Session, shop_id: int, now: datetime) -> bool:
    """Mails come from our domain again, and wait for no other day. False: there was none."""
    gone = session.execute(text("DELETE FROM sending_domains WHERE shop_id = :shop"), {"shop": shop_id})
    if gone.rowcount:
        wake_waiting(session, shop_id, [WARMING], now)
    return bool(gone.rowcount)


def look(
    database: Database, dns: Dns, ours: Ours, shop_id: int, now: datetime, real: datetime
) -> Look | None:
    """Asks DNS with no transaction open. None: there is no domain, or it was looked at just before."""
    with database.shops(shop_id) as session:
        mine = session.execute(_ASK, {"shop": shop_id, "real": real, "pause": real - PAUSE}).rowcount
        domain = load_sending_domains(session, [shop_id]).get(shop_id)
    if not mine or domain is None:
        return None
    records = wanted(domain.domain, domain.selector, domain.record, ours)
    heard = dns.ask(questions(records, domain.domain))
    found = {one.kind: judged(one, domain.domain, heard, ours) for one in records}
    with database.shops(shop_id) as session:
        return _kept(session, domain, found, now, real)


def _kept(
    session: Session, domain: SendingDomain, found: Mapping[Kind, Found], now: datetime, real: datetime
) -> Look:
    state, failing_since, unsure_since = _state(domain, found, real)
    kept = session.execute(
        _LOOKED,
        {
            "shop": domain.shop_id,
            "selector": domain.selector,
            "record": domain.record,
            "state": state,
            "found": as_json({kind: {"state": one.state, "seen": one.seen} for kind, one in found.items()}),
            "real": real,
            "again": real + _pause(domain, state, failing_since or unsure_since, real),
            "failing": failing_since,
            "unsure": unsure_since,
            "verified": domain.verified_at or (now if state == VERIFIED else None),
        },
    )
    if not kept.rowcount:
        return Look(found)
    verified = state == VERIFIED and not domain.verified
    if verified:
        wake_waiting(session, domain.shop_id, [UNVERIFIED_DOMAIN], now)
    return Look(found, verified, broke=state == BROKEN and domain.state != BROKEN)


def _state(
    domain: SendingDomain, found: Mapping[Kind, Found], real: datetime
) -> tuple[str, datetime | None, datetime | None]:
    """(state, since when a record is surely not right, since when no look was sure). Silence of DNS changes
    nothing for a week."""
    states = {one.state for one in found.values()}
    if states == {State.OK}:
        return VERIFIED, None, None
    if not states - {State.OK, State.UNSURE}:
        since = domain.unsure_since or real
        silent = domain.state == VERIFIED and real - since >= SILENT_FOR
        return (BROKEN if silent else domain.state), domain.failing_since, since
    if domain.state == UNVERIFIED:
        return UNVERIFIED, None, None
    since = domain.failing_since or real
    return (BROKEN if domain.state == BROKEN or real - since >= SURE_AFTER else VERIFIED), since, None


def _pause(domain: SendingDomain, state: str, doubted_since: datetime | None, real: datetime) -> timedelta:
    if state == VERIFIED:
        return SURE_AFTER if doubted_since is not None else DAILY
    return SOON if real - domain.made_at < NEW_FOR else DAILY


# Whoever comes second within the pause finds that somebody looks already.
_ASK = text(
    "UPDATE sending_domains SET asked_at = :real, look_at = greatest(look_at, :real + interval '10 minutes')"
    " WHERE shop_id = :shop AND (asked_at IS NULL OR asked_at <= :pause)"
)
# Of another domain, chosen meanwhile, this look says nothing; nor of another key of the same.
_LOOKED = text(
    "UPDATE sending_domains SET state = :state, found = CAST(:found AS jsonb), looked_at = :real,"
    " look_at = :again, failing_since = :failing, unsure_since = :unsure, verified_at = :verified"
    " WHERE shop_id = :shop AND selector = :selector AND record = :record"
)
