"""Codes for mails that give something: each made in the store before its mail leaves, and once for ever.

A code is asked for when everything else lets its mail go; until the store has it, the mail waits. Its text is
made of the mail's own number, so whoever dies in between finds the same code again, and so does the store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, text

from app.db import Database, Session, as_json
from app.keys import Keys
from app.queries.facts import FactBase, ShopRow
from app.services.features import COUPONS, enabled
from app.services.ledger import Settled
from app.services.outcomes import RETRY_AFTER
from app.services.ready import Ready
from app.services.rights import missing_rights
from app.services.store_writes import owe
from connectors.writes import CreateDiscount, DiscountKind
from emails.message import Coupon
from flows.facts import Facts
from flows.flow import Flow
from flows.offers import Given, Gives, given
from flows.steps import Send
from flows.wallclock import instant_of, wall_of, zone_named

WAITS = timedelta(hours=24)
SHORTEST_LIFE = timedelta(hours=12)
"""What must be left of a code for it to be worth sending."""
PENDING, FAILED, NOT_ALLOWED = "coupon_pending", "coupon_failed", "coupon_not_allowed"
_SOME = {Gives.PERCENT: 10, Gives.AMOUNT: 500, Gives.FREE_SHIPPING: 1}
_KINDS = {
    Gives.PERCENT: DiscountKind.PERCENT,
    Gives.AMOUNT: DiscountKind.AMOUNT,
    Gives.FREE_SHIPPING: DiscountKind.FREE_SHIPPING,
}


@dataclass(frozen=True, slots=True)
class Codes:
    """Of a batch: mails that may leave, those that wait or must not leave, and the codes by mail."""

    leaving: list[Ready]
    settled: list[Settled]
    coupons: Mapping[int, Coupon]


def codes_for(
    database: Database,
    secrets: Keys,
    ready: Sequence[Ready],
    base: FactBase,
    flows: Mapping[str, Flow],
    now: datetime,
    real: datetime,
) -> Codes:
    """Last of all: no code is made for a mail that something else holds back. No statement where nothing is
    given, else four, and one for each shop that asks for new codes."""
    offers = {
        one.row.id: gift for one in ready if (gift := offered(flows[one.row.flow_key], one)) is not None
    }
    if not offers:
        return Codes(list(ready), [], {})
    giving = [one for one in ready if one.row.id in offers]
    shop_ids = {one.row.shop_id for one in giving}
    rows = [_row(secrets, base.shops[one.row.shop_id], one, offers[one.row.id], now) for one in giving]
    with database.shops(*shop_ids) as session:
        session.execute(_INSERT, {"rows": as_json(rows), "good": now + SHORTEST_LIFE})
        allowed = enabled(session, shop_ids, COUPONS.key)
        held = {row.message_id: row for row in session.execute(_HELD, {"ids": list(offers)})}
        _ask(session, [one for one in giving if one.row.shop_id in allowed], held, base, real)
    settled, coupons = [], {}
    for one in giving:
        found = _verdict(one, held[one.row.id], one.row.shop_id in allowed, now)
        if isinstance(found, Settled):
            settled.append(found)
        else:
            coupons[one.row.id] = found
    waiting = {one.id for one in settled}
    return Codes([one for one in ready if one.row.id not in waiting], settled, coupons)


def offered(flow: Flow, one: Ready) -> Given | None:
    """What the mail gives, by the merchant's numbers of now."""
    node = flow.nodes.get(one.row.step)
    step = node.step if node is not None else None
    if not isinstance(step, Send) or step.offer is None:
        return None
    return given(step.offer, flow.knob_values(one.facts.setting.knobs))


def example(flow: Flow, template: str, facts: Facts, currency: str, now: datetime) -> Coupon | None:
    """A code as the mail would carry it, that is good nowhere."""
    knobs = flow.knob_values(facts.setting.knobs)
    for node in flow.nodes.values():
        step = node.step
        if isinstance(step, Send) and step.template == template and step.offer is not None:
            gift = given(step.offer, knobs) or given(
                replace(step.offer, value=_SOME[step.offer.gives]), knobs
            )
            if gift is not None:
                ends_at = last_instant(now, gift.days, facts.shop.timezone)
                return Coupon("THX-EXAMPLE", gift.gives, gift.value, currency, gift.minimum, ends_at)
    return None


def needs_leave(session: Session, shop_id: int, flow: Flow, knobs: Mapping[str, int]) -> bool:
    """Whether the flow gives something by codes that we may not make."""
    steps = [node.step for node in flow.nodes.values()]
    offers = [step.offer for step in steps if isinstance(step, Send) and step.offer is not None]
    if not any(given(offer, knobs) for offer in offers):
        return False
    allowed = shop_id in enabled(session, [shop_id], COUPONS.key)
    return not allowed or bool(missing_rights(session, shop_id, COUPONS))


def last_instant(now: datetime, days: int, timezone: str) -> datetime:
    """The end of the day on which a code ends, by the shop's clock."""
    zone = zone_named(timezone)
    day = wall_of(now, zone).date() + timedelta(days=days)
    return instant_of(datetime.combine(day, time(23, 59, 59)), zone)


def _row(secrets: Keys, shop: ShopRow, one: Ready, gift: Given, now: datetime) -> dict[str, Any]:
    return {
        "message_id": one.row.id,
        "code": secrets.coupon_code(shop.id, one.row.id),
        "kind": gift.gives.value,
        "value": gift.value,
        "currency": shop.currency or one.facts.picture.order.currency,
        "minimum": gift.minimum,
        "ends_at": last_instant(now, gift.days, shop.timezone).isoformat(),
        "asked_at": now.isoformat(),
    }


def _ask(
    session: Session, giving: Sequence[Ready], held: Mapping[int, Row[Any]], base: FactBase, real: datetime
) -> None:
    """Owes the store what it was not asked for yet."""
    wanted: dict[int, dict[str, CreateDiscount]] = defaultdict(dict)
    for one in giving:
        row = held[one.row.id]
        if row.state is None:
            wanted[row.shop_id][f"coupon:{row.code}"] = _write(row, one, base.shops[row.shop_id])
    for shop_id, writes in sorted(wanted.items()):
        owe(session, shop_id, writes, real)


def _write(row: Row[Any], one: Ready, shop: ShopRow) -> CreateDiscount:
    """For this person alone where the store can tell who that is; each store in its own way."""
    customer = one.facts.picture.order.customer_id
    named = customer is not None or shop.platform == "woocommerce"
    return CreateDiscount(
        code=row.code,
        title=f"Doorstep {row.code}",
        discount=_KINDS[Gives(row.kind)],
        value=row.value,
        currency=row.currency,
        starts_at=row.asked_at,
        ends_at=row.ends_at,
        customer_id=customer,
        minimum=row.minimum or None,
        email=one.facts.recipient if named else None,
    )


def _verdict(one: Ready, row: Row[Any], allowed: bool, now: datetime) -> Settled | Coupon:
    if row.state == "done" and row.ends_at - now >= SHORTEST_LIFE:
        return Coupon(row.code, Gives(row.kind), row.value, row.currency, row.minimum, row.ends_at)
    barred = not allowed or row.barred
    if row.state in ("done", "given_up") or now >= row.asked_at + WAITS:
        reason = NOT_ALLOWED if barred and row.state not in ("done", "given_up") else FAILED
        return Settled(one.row.id, one.row.token, "skipped", reason, None, one.ruling.reasons)
    reason = NOT_ALLOWED if barred else PENDING
    again = _look_again(row.asked_at, now)
    return Settled(one.row.id, one.row.token, "due", reason, again, one.ruling.reasons)


def _look_again(asked_at: datetime, now: datetime) -> datetime:
    """The longer it takes, the longer between two looks."""
    waited = max(now - asked_at, RETRY_AFTER[0])
    return now + max(pause for pause in RETRY_AFTER if pause <= waited)


# Who has a code that is good still gets no second one beside it.
_INSERT = text("""
INSERT INTO coupons (shop_id, journey_id, step, order_id, flow_key, code, kind, value, currency, minimum,
    ends_at, asked_at)
SELECT m.shop_id, m.journey_id, m.step, m.order_id, m.flow_key, r.code, r.kind, r.value, r.currency,
    r.minimum, r.ends_at, r.asked_at
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(message_id bigint, code text, kind text, value bigint,
    currency text, minimum bigint, ends_at timestamptz, asked_at timestamptz)
JOIN messages m ON m.id = r.message_id
WHERE NOT EXISTS (
    SELECT FROM coupons c JOIN store_writes w ON w.shop_id = c.shop_id AND w.key = 'coupon:' || c.code
    WHERE c.shop_id = m.shop_id AND c.journey_id = m.journey_id AND c.step <> m.step
        AND c.kind = r.kind AND c.value = r.value AND c.currency = r.currency
        AND c.ends_at >= :good AND w.state = 'done'
) ON CONFLICT DO NOTHING
""")
_HELD = text(
    "SELECT m.id AS message_id, c.*, w.state, coalesce(w.next_at = 'infinity', false) AS barred"
    " FROM messages m CROSS JOIN LATERAL (SELECT * FROM coupons o WHERE o.shop_id = m.shop_id"
    " AND o.journey_id = m.journey_id ORDER BY o.step = m.step DESC, o.ends_at DESC LIMIT 1) c"
    " LEFT JOIN store_writes w ON w.shop_id = c.shop_id AND w.key = 'coupon:' || c.code"
    " WHERE m.id = any(:ids)"
)
