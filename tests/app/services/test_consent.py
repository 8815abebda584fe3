"""What a store tells of consent, and what a merchant chose, count for the very next mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.services.consent_rules import choose
from app.services.send import Sender, send_due
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import Address, Consent, ConsentState, ParcelStatus, Shipped
from tests.app.desk import START, Desk, a_parcel, an_order
from tests.app.mail_server import Mailbox

SUBSCRIBED, NOT_SUBSCRIBED = ConsentState.SUBSCRIBED, ConsentState.NOT_SUBSCRIBED
UNSUBSCRIBED, REDACTED = ConsentState.UNSUBSCRIBED, ConsentState.REDACTED
ASKING = START + timedelta(days=13)
BERLIN, AUSTIN = Address(city="Berlin", country="DE"), Address(city="Austin", region="TX", country="US")
RIO, OTTAWA = Address(city="Rio", country="BR"), Address(city="Ottawa", country="CA")


@pytest.fixture(autouse=True)
def nothing_chosen(desk: Desk) -> None:
    desk.rows("UPDATE shops SET consent_choices = '{}' RETURNING id")


def told(desk: Desk, state: ConsentState, at: datetime = START, level: str = "") -> None:
    desk.read(Reading(consents=(Consent("Mia@Example.com", state, at, None, level),)))


def asking(desk: Desk, of: Address | None = BERLIN) -> None:
    """An order that has arrived, and its review request is planned."""
    desk.now = START + timedelta(minutes=2)
    order = an_order(shipping_address=of, billing_address=None)
    desk.read(Reading(orders=(order,)))
    desk.now = START + timedelta(days=2)
    here = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=desk.now, version=desk.now)
    gone = replace(order, shipped=Shipped.ALL, version=desk.now)
    desk.read(Reading(orders=(gone,), parcels=(here,)))
    desk.now = ASKING
    wake_due(desk.database, desk.keys, desk.now)
    # So that the order need not be read again before its mail.
    desk.read(Reading(orders=(gone,)))


def send(desk: Desk, sender: Sender) -> tuple[str, str | None]:
    """What became of the review request."""
    with sender.provider.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=20)):
            pass
    (row,) = desk.rows(
        "SELECT state, reason FROM messages WHERE flow_key = 'review_request' ORDER BY id LIMIT 1"
    )
    return row.state, row.reason


@pytest.mark.parametrize("state", [UNSUBSCRIBED, REDACTED])
def test_who_leaves_in_the_store_is_stopped_before_the_next_claim(
    desk: Desk, sender: Sender, mailbox: Mailbox, state: ConsentState
) -> None:
    told(desk, SUBSCRIBED)
    asking(desk)
    told(desk, state, ASKING)
    assert send(desk, sender) == ("skipped", "unsubscribed")


@pytest.mark.parametrize(
    ("of", "state", "wanted"),
    [
        (BERLIN, None, ("skipped", "consent")),
        (BERLIN, SUBSCRIBED, ("sent", None)),
        (BERLIN, NOT_SUBSCRIBED, ("skipped", "consent")),
        (BERLIN, ConsentState.PENDING, ("skipped", "consent_not_confirmed")),
        (AUSTIN, NOT_SUBSCRIBED, ("sent", None)),
        (OTTAWA, None, ("skipped", "consent")),
        (AUSTIN, None, ("sent", None)),
        (RIO, None, ("skipped", "consent")),
        (RIO, SUBSCRIBED, ("sent", None)),
        # Wherever the shop is.
        (None, None, ("skipped", "consent")),
        (None, SUBSCRIBED, ("sent", None)),
    ],
)
def test_the_law_of_where_they_live_decides(
    desk: Desk,
    sender: Sender,
    mailbox: Mailbox,
    of: Address | None,
    state: ConsentState | None,
    wanted: tuple[str, str | None],
) -> None:
    if state is not None:
        told(desk, state)
    asking(desk, of)
    assert send(desk, sender) == wanted


def test_a_merchants_choice_counts_from_the_next_mail(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    told(desk, NOT_SUBSCRIBED)
    asking(desk)
    with desk.database.shops(desk.shop_id) as session:
        assert choose(session, desk.shop_id, "reviews_as_marketing", True, "Mia", desk.now)
        assert not choose(session, desk.shop_id, "reviews_as_marketing", True, "Mia", desk.now)
    assert send(desk, sender) == ("sent", None)


@pytest.mark.parametrize("of", [BERLIN, OTTAWA])
def test_whoever_was_told_at_the_checkout_is_asked_for_a_review(
    desk: Desk, sender: Sender, mailbox: Mailbox, of: Address
) -> None:
    asking(desk, of)
    with desk.database.shops(desk.shop_id) as session:
        assert choose(session, desk.shop_id, "told_at_checkout", True, "Mia", desk.now)
    assert send(desk, sender) == ("sent", None)


@pytest.mark.parametrize(
    ("level", "wanted"),
    [
        ("confirmed_opt_in", ("sent", None)),
        ("single_opt_in", ("skipped", "consent_not_confirmed")),
        ("", ("skipped", "consent_not_confirmed")),
    ],
)
def test_only_a_confirmed_yes_counts_where_the_merchant_wants_it(
    desk: Desk, sender: Sender, mailbox: Mailbox, level: str, wanted: tuple[str, str | None]
) -> None:
    told(desk, SUBSCRIBED, level=level)
    asking(desk)
    with desk.database.shops(desk.shop_id) as session:
        choose(session, desk.shop_id, "double_opt_in", True, "Mia", desk.now)
    assert send(desk, sender) == wanted


def test_how_they_agreed_follows_the_newest_word(desk: Desk) -> None:
    told(desk, SUBSCRIBED, START, "single_opt_in")
    told(desk, SUBSCRIBED, START + timedelta(days=1), "confirmed_opt_in")
    told(desk, SUBSCRIBED, START, "single_opt_in")
    assert [row.level for row in desk.rows("SELECT level FROM consents")] == ["confirmed_opt_in"]


def test_a_box_left_empty_later_takes_no_yes_back(desk: Desk) -> None:
    told(desk, SUBSCRIBED)
    desk.read(Reading(consents=(Consent("mia@example.com", NOT_SUBSCRIBED, None),)))
    assert [row.state for row in desk.rows("SELECT state FROM consents")] == ["subscribed"]


def test_forty_orders_in_a_day_are_forty_orders(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    """Each hears of itself once: nothing about them is taken for a repetition, and nothing is lost."""
    desk.now = START + timedelta(hours=1)
    for number in range(40):
        at = START + timedelta(minutes=1 + number)
        desk.read(Reading(orders=(an_order(id=str(number), number=str(number), at=at),)))
        desk.read(Reading(orders=(an_order(id=str(number), number=str(number), at=at),)))
    with sender.provider.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=20)):
            pass
    rows = desk.rows("SELECT order_id FROM messages WHERE flow_key = 'order_confirmation' AND state = 'sent'")
    assert sorted(int(row.order_id) for row in rows) == list(range(40))
    assert len([mail for mail in mailbox.mails if mail["X-Doorstep-Flow"] == "order_confirmation"]) == 40
