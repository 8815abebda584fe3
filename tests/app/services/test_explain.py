"""Why a mail was sent or not, on a real database; and for every reason that SQL alone leaves behind: the
named fact is changed, the same is done again, and the outcome flips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.db import Database
from app.services.connection import close_generation
from app.services.explain import Explanation, explain_flow, explain_message, held_back
from app.services.send import Sender, send_due
from app.services.switches import end_switched_off, switch_off, switch_on
from app.services.unsubscribe import suppress, unsubscribe
from app.services.wake import wake_due
from app.words.answers import Outcome
from connectors.base import Reading
from flows.commerce import ParcelStatus, Shipped
from flows.flow import Flow
from flows.guards import UNDO
from flows.presets import PRESETS
from tests.app.desk import START, Desk, a_parcel, a_refund, an_order, connect_shop
from tests.app.mail_server import Mailbox

FLOW = "order_confirmation"


@dataclass
class Story:
    """One order and what is done around its confirmation. `without`: facts that are left as they should
    be, so that the same story ends the other way."""

    desk: Desk
    sender: Sender
    mailbox: Mailbox
    without: frozenset[str] = frozenset()

    def does(self, fact: str) -> bool:
        """Whether this story lets the fact speak against the mail."""
        return fact not in self.without

    def buy(self) -> None:
        self.desk.now = max(self.desk.now, START + timedelta(minutes=2))
        self.desk.read(Reading(orders=(an_order(),)))

    def arrive(self) -> None:
        at = START + timedelta(days=2)
        self.desk.now = at
        parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=at, at=at)
        self.desk.read(Reading(orders=(an_order(shipped=Shipped.ALL),), parcels=(parcel,)))

    def sql(self, statement: str) -> None:
        with self.desk.database.shops(self.desk.shop_id) as session:
            session.execute(text(statement), {"shop": self.desk.shop_id})

    def send(self, flows: tuple[Flow, ...] = PRESETS) -> int:
        sender = replace(self.sender, flows=flows)
        before = len(self.mailbox.mails)
        with sender.provider.connect() as courier:
            while send_due(sender, courier, self.desk.real + timedelta(seconds=20)):
                pass
        return len(self.mailbox.mails) - before

    def told(self, flow_key: str = FLOW) -> Explanation:
        """Of its mail where there is one, else of the flow."""
        desk = self.desk
        with desk.database.shops(desk.shop_id) as session:
            rows = session.execute(
                text("SELECT id FROM messages WHERE flow_key = :flow ORDER BY id"), {"flow": flow_key}
            ).all()
            if rows:
                found = explain_message(session, desk.shop_id, rows[-1].id, desk.keys, desk.now)
                assert found is not None
                return found
            return explain_flow(session, desk.shop_id, "13", flow_key, desk.keys, desk.now)[0]


def flow_was_off(story: Story) -> None:
    if story.does("setting.enabled"):
        story.sql("UPDATE flow_switches SET enabled = false WHERE shop_id = :shop")
    story.buy()
    story.send()


def flow_came_on_later(story: Story) -> None:
    if story.does("setting.enabled"):
        story.sql("UPDATE flow_switches SET since = since + interval '1 hour' WHERE shop_id = :shop")
    story.buy()
    story.send()


def order_was_older(story: Story) -> None:
    if story.does("order.placed_at"):
        story.sql("UPDATE shops SET connected_at = connected_at + interval '1 hour' WHERE id = :shop")
    story.buy()
    story.send()


def shop_was_gone(story: Story) -> None:
    if story.does("shop.active"):
        story.sql("UPDATE shops SET state = 'uninstalled' WHERE id = :shop")
    story.buy()
    story.send()


def switched_off(story: Story) -> None:
    story.buy()
    if story.does("setting.enabled"):
        with story.desk.database.shops(story.desk.shop_id) as session:
            switch_off(session, story.desk.shop_id, FLOW, story.desk.now)
        end_switched_off(story.desk.database, story.desk.now + UNDO)
    story.send()


def switched_off_and_on_again_too_late(story: Story) -> None:
    switched_off(story)
    with story.desk.database.shops(story.desk.shop_id) as session:
        switch_on(session, story.desk.shop_id, FLOW, story.desk.now + timedelta(minutes=1))


def uninstalled(story: Story) -> None:
    story.buy()
    if story.does("shop.active"):
        with story.desk.database.shops(story.desk.shop_id) as session:
            close_generation(session, story.desk.shop_id, story.desk.now)
    story.send()


def connected_anew(story: Story) -> None:
    story.buy()
    if story.does("shop.generation"):
        story.sql("UPDATE shops SET generation = generation + 1 WHERE id = :shop")
    story.send()


def order_forgotten(story: Story) -> None:
    story.buy()
    if story.does("order"):
        story.sql("DELETE FROM orders WHERE shop_id = :shop")
    story.send()


def flow_no_longer_shipped(story: Story) -> None:
    story.buy()
    story.send(() if story.does("flow") else PRESETS)


def refunded(story: Story) -> None:
    story.buy()
    if story.does("order.refunds"):
        refund = a_refund(created_at=START + timedelta(minutes=2))
        order = an_order(version=START + timedelta(minutes=3), refunded=8270, fully_refunded=True)
        story.desk.read(Reading(orders=(order,), refunds=(refund,)))
    story.send()


def bounced(story: Story) -> None:
    story.buy()
    if story.does("suppressed"):
        hashed = story.desk.keys.address_hash(story.desk.shop_id, "mia@example.com")
        suppress(story.desk.database, story.desk.shop_id, hashed, "*", "hard_bounce", story.desk.now)
    story.send()


def too_late(story: Story) -> None:
    story.buy()
    if story.does("expires_at"):
        story.desk.now = START + timedelta(hours=13)
    story.send()


@dataclass(frozen=True)
class Ending:
    """How a story ends when its fact speaks against the mail."""

    tell: Callable[[Story], None]
    fact: str
    outcome: Outcome
    reason: str

    def __str__(self) -> str:
        return self.tell.__name__


NOT_SENT, NOT_STARTED = Outcome.NOT_SENT, Outcome.NOT_STARTED
ENDINGS = [
    Ending(flow_was_off, "setting.enabled", NOT_STARTED, "flow_off"),
    Ending(flow_came_on_later, "setting.enabled", NOT_STARTED, "flow_off"),
    Ending(order_was_older, "order.placed_at", NOT_STARTED, "placed_before_connect"),
    Ending(shop_was_gone, "shop.active", NOT_STARTED, "shop_inactive"),
    Ending(switched_off, "setting.enabled", NOT_SENT, "flow_off"),
    Ending(switched_off_and_on_again_too_late, "setting.enabled", NOT_SENT, "flow_off"),
    Ending(uninstalled, "shop.active", NOT_SENT, "uninstalled"),
    Ending(connected_anew, "shop.generation", NOT_SENT, "old_generation"),
    Ending(order_forgotten, "order", NOT_SENT, "order_not_stored"),
    Ending(flow_no_longer_shipped, "flow", NOT_SENT, "flow_unknown"),
    Ending(refunded, "order.refunds", NOT_SENT, "OrderRefunded"),
    Ending(bounced, "suppressed", NOT_SENT, "hard_bounce"),
    Ending(too_late, "expires_at", NOT_SENT, "expired"),
]


@pytest.fixture
def story(desk: Desk, sender: Sender, mailbox: Mailbox) -> Story:
    return Story(desk, sender, mailbox)


@pytest.mark.parametrize("ending", ENDINGS, ids=str)
def test_the_named_fact_speaks_against_the_mail(story: Story, ending: Ending) -> None:
    ending.tell(story)
    told = story.told()
    assert (told.outcome, told.reason) == (ending.outcome, ending.reason)
    assert [change.fact for change in told.change.alone] == [ending.fact]
    assert told.answer.changed.startswith("It would have ")
    assert "because" in told.answer.before


@pytest.mark.parametrize("ending", ENDINGS, ids=str)
def test_with_that_fact_changed_the_mail_is_sent(story: Story, ending: Ending) -> None:
    ending.tell(replace(story, without=frozenset({ending.fact})))
    told = story.told()
    assert told.outcome is Outcome.SENT
    assert told.answer.before == "Sent, because "
    assert len(story.mailbox.mails) == 1


def leave(story: Story, scope: str) -> None:
    """Somebody whose review mail has been planned leaves by its link."""
    story.arrive()
    story.desk.now = START + timedelta(days=13)
    wake_due(story.desk.database, story.desk.keys, story.desk.now)
    (ask,) = story.desk.rows("SELECT id FROM messages WHERE flow_key = 'review_request'")
    hashed = story.desk.keys.address_hash(story.desk.shop_id, "mia@example.com")
    unsubscribe(story.desk.database, story.desk.shop_id, ask.id, scope, hashed, story.desk.now)
    story.send()


def test_who_left_would_have_got_it_otherwise(story: Story) -> None:
    leave(story, "S")
    told = story.told("review_request")
    assert (told.outcome, told.reason) == (NOT_SENT, "unsubscribed")
    assert [change.fact for change in told.change.alone] == ["unsubscribed"]
    assert "if they had not unsubscribed" in told.answer.changed
    (journey,) = _journeys(story, "review_request")
    assert journey.reason == "Unsubscribed"
    assert [change.fact for change in journey.change.alone] == ["unsubscribed"]


def test_who_stayed_gets_it(story: Story) -> None:
    story.arrive()
    story.desk.now = START + timedelta(days=13)
    wake_due(story.desk.database, story.desk.keys, story.desk.now)
    story.send()
    told = story.told("review_request")
    assert told.outcome is Outcome.SENT
    assert all(rule.passed for rule in told.asked.reasons)
    assert any("unsubscribed from this topic" in clause for clause in told.answer.stops)


def test_a_declined_journey_keeps_its_whole_tree(story: Story) -> None:
    story.desk.now = START + timedelta(minutes=2)
    story.desk.read(Reading(orders=(an_order(is_test=True),)))
    told = story.told()
    assert (told.outcome, told.reason) == (NOT_STARTED, "not_a_test")
    assert [change.fact for change in told.change.alone] == ["order.is_test"]
    assert told.answer.whole == "Not started, because it was a test order. Everything else allowed it."
    assert not told.asked.entry_again


def test_what_has_not_happened_is_what_is_missing(story: Story) -> None:
    story.buy()
    told = story.told("shipped")
    assert (told.outcome, told.reason) == (NOT_STARTED, None)
    assert [change.fact for change in told.change.alone] == ["happened[ParcelShipped]"]
    assert told.answer.whole.startswith("Not started yet, because a parcel has not left.")


def test_several_refusals_are_all_told(story: Story) -> None:
    story.sql("UPDATE flow_switches SET enabled = false WHERE shop_id = :shop")
    story.desk.now = START + timedelta(minutes=2)
    story.desk.read(Reading(orders=(an_order(is_test=True),)))
    told = story.told()
    assert told.change.alone == ()
    assert [change.fact for change in told.change.together] == ["setting.enabled", "order.is_test"]
    assert told.answer.changed.startswith("No single thing.")


def test_a_waiting_mail_says_how_it_looks(story: Story) -> None:
    story.buy()
    told = story.told()
    assert told.outcome is Outcome.WAITING
    assert told.change.passed
    hashed = story.desk.keys.address_hash(story.desk.shop_id, "mia@example.com")
    suppress(story.desk.database, story.desk.shop_id, hashed, "*", "complaint", story.desk.now)
    told = story.told()
    assert [change.fact for change in told.change.alone] == ["suppressed"]
    assert "it will not go then" in told.answer.after


def test_a_failure_is_told_as_one(story: Story) -> None:
    story.mailbox.refused = "mia@example.com"
    story.buy()
    story.send()
    told = story.told()
    assert (told.outcome, told.reason) == (Outcome.FAILED, "recipient_refused")
    assert told.answer.because == "their mail server says that this address does not exist"


def test_what_stopped_it_is_named_with_its_message(story: Story) -> None:
    refunded(story)
    told = story.told()
    assert told.source is not None
    assert told.source.kind == "OrderPlaced"
    assert told.blocked_by is not None
    assert told.blocked_by.kind == "OrderRefunded"
    with story.desk.database.shops(story.desk.shop_id) as session:
        assert held_back(session, told, story.desk.now) == 1


def _journeys(story: Story, flow_key: str) -> list[Explanation]:
    desk = story.desk
    with desk.database.shops(desk.shop_id) as session:
        return explain_flow(session, desk.shop_id, "13", flow_key, desk.keys, desk.now)


def test_another_shop_has_no_such_mail(story: Story, db: Database) -> None:
    story.buy()
    (row,) = story.desk.rows("SELECT id FROM messages")
    other = connect_shop(db, "other.example")
    with db.shops(other.shop_id) as session:
        assert explain_message(session, other.shop_id, row.id, other.keys, other.now) is None
        assert explain_flow(session, other.shop_id, "13", FLOW, other.keys, other.now) == []
