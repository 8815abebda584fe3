"""What is promised of every shopper's mails, whatever happens to their orders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from flows.commerce import OrderState
from flows.delivery import born_of_time
from flows.events import EventKind, delivered_at, is_delivered
from flows.facts import Facts, MailClass
from flows.limits import MONTH, USUAL, WEEK
from flows.memory import Past
from flows.picture import OrderPicture
from flows.presets import BY_KEY
from flows.rehearsed import Rehearsed
from flows.replayed import as_of
from flows.wallclock import zone_named

OF_LOSS = frozenset(flow.key for flow in BY_KEY.values() if flow.of_loss)
ASKS = "review_request"
NEVER = datetime.max.replace(tzinfo=UTC)
CARE = timedelta(days=3)
"""How long whoever misses a parcel is asked nothing. After that they have said so, or have it."""


def keep(theirs: Sequence[Past], mails: Sequence[Rehearsed]) -> None:
    """All of them, of one person."""
    sent = [mail for mail in mails if mail.sent_at is not None]
    facts = {past.facts.picture.order.id: past.facts for past in theirs}
    once_each(mails, theirs)
    capped(sent)
    for mail in sent:
        assert mail.due_at <= at(mail) <= mail.expires_at, mail
        of = facts[mail.order_id]
        nothing_after_the_end(mail, of.picture)
        if mail.mail_class is MailClass.MARKETING:
            by_day(mail, zone_named(of.zone))
        if mail.flow == ASKS:
            no_question_before_the_parcel(mail, of.picture)
            care_first(mail, of, facts.values())


def at(mail: Rehearsed) -> datetime:
    assert mail.sent_at is not None
    return mail.sent_at


def once_each(mails: Sequence[Rehearsed], theirs: Sequence[Past]) -> None:
    """No journey twice for what it runs for, no mail twice in a journey."""
    assert max(Counter((mail.journey, mail.step) for mail in mails).values(), default=1) == 1
    parcels = {past.facts.picture.order.id: len(past.facts.picture.parcels) for past in theirs}
    journeys: dict[tuple[str, str], set[int]] = defaultdict(set)
    for mail in mails:
        per = BY_KEY[mail.flow].per
        if per != "event":
            journeys[mail.flow, "" if per == "person" else mail.order_id].add(mail.journey)
    for (flow, order), found in journeys.items():
        assert len(found) <= (parcels[order] if BY_KEY[flow].per == "parcel" else 1), (flow, order)


def nothing_after_the_end(mail: Rehearsed, picture: OrderPicture) -> None:
    order = picture.order
    if mail.flow in OF_LOSS:
        return
    if order.state is OrderState.CANCELLED and order.cancelled_at is not None:
        assert at(mail) < order.cancelled_at, mail
    if order.fully_refunded:
        assert at(mail) < max(refund.created_at for refund in picture.refunds), mail


def no_question_before_the_parcel(mail: Rehearsed, picture: OrderPicture) -> None:
    """A day at least after the last parcel came."""
    assert picture.live_parcels(), mail
    came = [delivered_at(picture, one) for one in picture.live_parcels() if is_delivered(picture, one)]
    followed = {scan.parcel_id for scan in picture.parcel_events}
    assert len(came) == len(picture.live_parcels()) or not followed, mail
    assert not came or at(mail) - max(came) >= timedelta(days=1), mail


def care_first(mail: Rehearsed, of: Facts, all_of_theirs: Iterable[Facts]) -> None:
    """On no day on which a parcel of theirs, of this order or another, is late or came late."""
    zone = zone_named(of.zone)
    today = at(mail).astimezone(zone).date()
    for facts in all_of_theirs:
        for since, came in late_parcels(facts, at(mail)):
            last = since + CARE if came is None else min(since + CARE, came)
            assert not since.astimezone(zone).date() <= today <= last.astimezone(zone).date(), mail
            known = came is not None and came <= at(mail)
            assert not known or came is None or came.astimezone(zone).date() != today, mail


def late_parcels(facts: Facts, until: datetime) -> Iterator[tuple[datetime, datetime | None]]:
    """By when each should have come, and when it did or was taken to be there, of those that came later."""
    picture = facts.picture
    if picture.order.accepted_at is None or picture.order.accepted_at > until:
        return
    for parcel in picture.live_parcels():
        if parcel.shipped_at is None or parcel.shipped_at > until:
            continue
        of_time = [
            event
            for event in born_of_time(facts.shop, as_of(picture, parcel.shipped_at), {})
            if event.parcel_id == parcel.id
        ]
        taken = (event.happened_at for event in of_time if event.kind is EventKind.PARCEL_DELIVERED)
        came = delivered_at(picture, parcel) if is_delivered(picture, parcel) else next(taken, None)
        for event in of_time:
            waited = came is None or came > event.happened_at
            if event.kind is EventKind.PARCEL_LATE and waited and event.happened_at < over_at(picture):
                yield event.happened_at, came


def over_at(picture: OrderPicture) -> datetime:
    """From when on nobody waits for anything of it: called off, or all of the money back."""
    order = picture.order
    if order.fully_refunded:
        return max(refund.created_at for refund in picture.refunds)
    return order.cancelled_at or NEVER


def capped(sent: Sequence[Rehearsed]) -> None:
    """Over all flows: what a person got in any seven and any thirty days, and between two offers."""
    counted = sorted(at(mail) for mail in sent if mail.mail_class is not MailClass.TRANSACTIONAL)
    offers = sorted((at(mail), mail) for mail in sent if mail.mail_class is MailClass.MARKETING)
    assert fullest(counted, WEEK) <= USUAL.week
    assert fullest([when for when, _ in offers], MONTH) <= USUAL.month
    for (earlier, one), (later, other) in pairwise(offers):
        if one.journey != other.journey:
            assert later - earlier >= timedelta(hours=USUAL.gap_hours), (one, other)


def fullest(instants: Sequence[datetime], span: timedelta) -> int:
    return max((sum(one - span < other <= one for other in instants) for one in instants), default=0)


def by_day(mail: Rehearsed, zone: ZoneInfo) -> None:
    """Outside the night of whoever reads it."""
    hour = at(mail).astimezone(zone).hour
    assert 8 <= hour < 21, mail


def per_week(sent: Sequence[Rehearsed], since: datetime) -> Counter[int]:
    """By week, how many mails the person got."""
    return Counter((at(mail) - since) // WEEK for mail in sent)
