"""Months of a shop through every flow: what a shopper gets, and what nobody ever gets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from flows.commerce import OrderState
from flows.events import delivered_at
from flows.facts import MailClass
from flows.limits import MONTH, USUAL, WEEK
from flows.memory import Past
from flows.picture import OrderPicture
from flows.rehearsal import rehearse
from flows.rehearsed import Rehearsed
from tests.app.desk import START
from tests.flows.past_orders import RULES, people
from tests.proof import Count, Figure

UNTIL = START + timedelta(days=200)
OF_LOSS = "cancel_refund_exchange"
Lived = tuple[list[Past], list[Rehearsed]]


def test_months_of_every_flow_keep_every_promise(count: Count, figure: Figure) -> None:
    weeks: Counter[int] = Counter()
    flows: Counter[str] = Counter()
    total = 0
    for theirs, mails in lives(count(400, 20_000)):
        sent = [mail for mail in mails if mail.sent_at is not None]
        total += len(sent)
        flows.update(mail.flow for mail in sent)
        pictures = {past.facts.picture.order.id: past.facts.picture for past in theirs}
        once_each(mails)
        for mail in sent:
            assert mail.due_at <= at(mail) <= mail.expires_at, mail
            nothing_after_the_end(mail, pictures[mail.order_id])
            no_question_before_the_parcel(mail, pictures[mail.order_id])
        capped(sent)
        weeks.update(per_week(sent).values())
    assert len(flows) >= 17, flows
    figure("mails", total)
    for number, people_weeks in sorted(weeks.items()):
        figure(f"weeks of a person with {number} mails", people_weeks)


def test_the_same_past_is_the_same_future() -> None:
    assert [mails for _, mails in lives(40)] == [mails for _, mails in lives(40)]


def lives(orders: int, seed: int = 11) -> Iterator[Lived]:
    for theirs in people(Random(seed), orders):
        yield theirs, rehearse(RULES, theirs, UNTIL).mails


def at(mail: Rehearsed) -> datetime:
    assert mail.sent_at is not None
    return mail.sent_at


def once_each(mails: list[Rehearsed]) -> None:
    """No journey twice for an order and flow, except where each happening has its own; no mail twice."""
    assert max(Counter((mail.journey, mail.step) for mail in mails).values(), default=1) == 1
    per = {flow.key: flow.per for flow in RULES.flows}
    journeys: dict[tuple[str, str], set[int]] = defaultdict(set)
    for mail in mails:
        if per[mail.flow] in ("order", "person"):
            journeys[mail.flow, mail.order_id].add(mail.journey)
    assert all(len(found) == 1 for found in journeys.values())


def nothing_after_the_end(mail: Rehearsed, picture: OrderPicture) -> None:
    order = picture.order
    if mail.flow == OF_LOSS:
        return
    if order.state is OrderState.CANCELLED and order.cancelled_at is not None:
        assert at(mail) < order.cancelled_at, mail
    if order.fully_refunded:
        assert at(mail) < max(refund.created_at for refund in picture.refunds), mail


def no_question_before_the_parcel(mail: Rehearsed, picture: OrderPicture) -> None:
    """Days after the last parcel came; whoever waits for a late one is cared for, and not asked."""
    if mail.flow != "review_request":
        return
    came = [delivered_at(picture, one) for one in picture.live_parcels() if one.delivered_at is not None]
    assert not came or at(mail) - max(came) >= timedelta(days=3), mail
    assert picture.live_parcels(), mail


def capped(sent: list[Rehearsed]) -> None:
    """Over all flows: what a person got in any seven and any thirty days."""
    counted = sorted(at(mail) for mail in sent if mail.mail_class is not MailClass.TRANSACTIONAL)
    offers = sorted(at(mail) for mail in sent if mail.mail_class is MailClass.MARKETING)
    assert fullest(counted, WEEK) <= USUAL.week
    assert fullest(offers, MONTH) <= USUAL.month


def fullest(instants: list[datetime], span: timedelta) -> int:
    return max((sum(one - span < other <= one for other in instants) for one in instants), default=0)


def per_week(sent: list[Rehearsed]) -> Counter[int]:
    return Counter((at(mail) - START) // WEEK for mail in sent)
