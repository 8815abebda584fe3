"""A code is made once, before its mail leaves, and for no mail that would not leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from app.services import coupons, ledger
from app.services.coupons import needs_leave
from app.services.features import COUPONS
from app.services.send import Sender, send_due
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import Consent, ConsentState
from flows.presets import preset
from tests.app.desk import START, Desk, an_order
from tests.app.mail_server import Mailbox

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def sender(sender: Sender) -> Sender:
    return replace(sender, flows=(preset("second_order_offer"),))


def allow(desk: Desk, on: bool = True) -> None:
    desk.rows(
        "INSERT INTO features VALUES (:shop, :key, :on, :at) ON CONFLICT (shop_id, key) DO UPDATE"
        " SET enabled = excluded.enabled RETURNING key",
        shop=desk.shop_id,
        key=COUPONS.key,
        on=on,
        at=START,
    )


def an_offer_is_due(desk: Desk, **order: Any) -> None:
    """A first buyer who agreed to offers, 25 days on; the shop gives 5 off from 50."""
    flow = preset("second_order_offer")
    desk.rows(
        "UPDATE flow_switches SET knobs = CAST(:knobs AS jsonb) WHERE flow_key = :key RETURNING 1",
        knobs='{"amount": 500, "minimum": 5000}',
        key=flow.key,
    )
    consent = Consent("mia@example.com", ConsentState.SUBSCRIBED, START, opt_in_level="confirmed")
    desk.read(Reading(orders=(an_order(**order),), consents=(consent,)))
    desk.now = START + 26 * DAY
    wake_due(desk.database, desk.keys, desk.now, (flow,))


def run(desk: Desk, sender: Sender) -> None:
    with sender.provider.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=20)):
            pass


def offer(desk: Desk) -> tuple[str, str | None]:
    (row,) = desk.rows("SELECT state, reason FROM messages WHERE flow_key = 'second_order_offer'")
    return row.state, row.reason


def owed(desk: Desk) -> list[Any]:
    return desk.rows("SELECT key, kind, body, state FROM store_writes WHERE kind = 'create_discount'")


def the_store_makes_it(desk: Desk, state: str = "done") -> None:
    desk.rows(
        "UPDATE store_writes SET state = :state WHERE kind = 'create_discount' RETURNING 1", state=state
    )


def test_the_mail_waits_for_its_code_and_carries_it(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    allow(desk)
    an_offer_is_due(desk)
    run(desk, sender)
    assert offer(desk) == ("due", "coupon_pending")
    (write,) = owed(desk)
    (code,) = desk.rows("SELECT * FROM coupons")
    assert write.key == f"coupon:{code.code}"
    assert (code.kind, code.value, code.currency, code.minimum) == ("amount", 500, "EUR", 5000)
    assert write.body["value"] == 500 and write.body["minimum"] == 5000 and write.body["usage_limit"] == 1
    assert write.body["email"] == "mia@example.com"
    the_store_makes_it(desk)
    desk.now += 2 * MINUTE
    run(desk, sender)
    assert offer(desk) == ("sent", None)
    (mail,) = mailbox.mails
    for part in mail.iter_parts():
        said = unescape(part.get_content()).replace("\u00a0", " ")
        assert code.code in said and "€5.00" in said and "€50.00" in said and "December" in said
    assert len(owed(desk)) == len(desk.rows("SELECT * FROM coupons")) == 1


def test_a_code_that_nobody_makes_is_looked_for_less_and_less_and_not_for_ever(
    desk: Desk, sender: Sender
) -> None:
    allow(desk)
    an_offer_is_due(desk)
    asked = desk.now
    for waited, pause in ((0, 1), (5, 5), (20, 15), (180, 60)):
        desk.now = asked + waited * MINUTE
        run(desk, sender)
        assert offer(desk) == ("due", "coupon_pending")
        (row,) = desk.rows("SELECT next_at FROM messages WHERE flow_key = 'second_order_offer'")
        assert row.next_at == desk.now + pause * MINUTE
    desk.now = asked + DAY
    run(desk, sender)
    assert offer(desk) == ("skipped", "coupon_failed")


@pytest.mark.parametrize("where", ["owe", "after", "mark"])
def test_a_worker_that_dies_makes_no_second_code(
    desk: Desk, sender: Sender, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """While the code is asked for, right after that, and when the mail was about to be marked."""
    allow(desk)
    an_offer_is_due(desk)

    class Killed(BaseException):
        pass

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        if where == "owe":
            patched.setattr(coupons, "owe", die)
        elif where == "after":
            patched.setattr(ledger, "settle", die)
        else:
            run(desk, sender)
            the_store_makes_it(desk)
            desk.now += 2 * MINUTE
            patched.setattr(ledger, "mark", die)
        with pytest.raises(Killed):
            run(desk, sender)
    desk.real += timedelta(seconds=90)
    ledger.lapse(desk.database, desk.now, desk.real)
    run(desk, sender)
    the_store_makes_it(desk)
    desk.now += 2 * MINUTE
    run(desk, sender)
    assert offer(desk) == ("sent", None)
    assert len(mailbox.mails) == len(owed(desk)) == len(desk.rows("SELECT * FROM coupons")) == 1


def test_without_leave_to_make_codes_it_waits_a_day(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    an_offer_is_due(desk)
    run(desk, sender)
    assert offer(desk) == ("due", "coupon_not_allowed")
    assert owed(desk) == []
    desk.now += timedelta(hours=23)
    allow(desk)
    run(desk, sender)
    assert offer(desk) == ("due", "coupon_pending")
    allow(desk, on=False)
    desk.now += timedelta(hours=2)
    run(desk, sender)
    assert offer(desk) == ("skipped", "coupon_not_allowed")
    assert mailbox.mails == []


@pytest.mark.parametrize("state", ["given_up", "open"])
def test_a_store_that_makes_none_gets_no_mail_out(
    desk: Desk, sender: Sender, mailbox: Mailbox, state: str
) -> None:
    allow(desk)
    an_offer_is_due(desk)
    run(desk, sender)
    the_store_makes_it(desk, state)
    desk.now += timedelta(hours=25 if state == "open" else 1)
    run(desk, sender)
    assert offer(desk) == ("skipped", "coupon_failed")
    assert mailbox.mails == []


def test_no_code_for_a_mail_that_would_not_leave(desk: Desk, sender: Sender) -> None:
    allow(desk)
    an_offer_is_due(desk)
    left = Consent("mia@example.com", ConsentState.UNSUBSCRIBED, desk.now)
    desk.read(Reading(consents=(left,)))
    run(desk, sender)
    assert offer(desk)[0] in ("skipped", "cancelled")
    assert owed(desk) == desk.rows("SELECT * FROM coupons") == []


def test_the_flow_s_page_knows_what_has_to_be_turned_on(desk: Desk) -> None:
    flow = preset("second_order_offer")

    def needed(amount: int) -> bool:
        with desk.database.shops(desk.shop_id) as session:
            return needs_leave(session, desk.shop_id, flow, flow.knob_values({"amount": amount}))

    assert (needed(0), needed(500)) == (False, True)
    allow(desk)
    assert not needed(500)
    desk.rows("UPDATE shops SET platform = 'shopify', scopes = 'read_orders' RETURNING 1")
    assert needed(500), "the right is missing"
    desk.rows("UPDATE shops SET scopes = 'read_orders,write_discounts' RETURNING 1")
    assert not needed(500)


@pytest.mark.parametrize(
    ("platform", "customer", "named"),
    [
        ("woocommerce", None, True),
        ("woocommerce", "c1", True),
        ("shopify", "c1", True),
        ("shopify", None, False),
    ],
)
def test_a_code_is_for_one_person_where_the_store_can_tell(
    desk: Desk, sender: Sender, platform: str, customer: str | None, named: bool
) -> None:
    """Shopify knows customers by their number alone: a guest's code is good once, for whoever has it."""
    allow(desk)
    desk.rows("UPDATE shops SET platform = :platform RETURNING 1", platform=platform)
    an_offer_is_due(desk, customer_id=customer)
    run(desk, sender)
    (write,) = owed(desk)
    assert (write.body["customer_id"], write.body["email"] is not None) == (customer, named)


@pytest.mark.parametrize(("good_days", "codes"), [(60, 1), (7, 2)])
def test_one_code_at_a_time(desk: Desk, sender: Sender, mailbox: Mailbox, good_days: int, codes: int) -> None:
    """The last mail carries the first one's code while that is good, and a new one once it has ended."""
    allow(desk)
    an_offer_is_due(desk)
    desk.rows(
        "UPDATE flow_switches SET knobs = CAST(:knobs AS jsonb) WHERE flow_key = 'second_order_offer'"
        " RETURNING 1",
        knobs=f'{{"amount": 500, "good_days": {good_days}}}',
    )
    run(desk, sender)
    the_store_makes_it(desk)
    desk.now += 2 * MINUTE
    run(desk, sender)
    desk.rows(
        "INSERT INTO message_events (shop_id, message_id, kind, at, data)"
        " SELECT shop_id, id, 'clicked', :at, '{}' FROM messages RETURNING 1",
        at=desk.now,
    )
    desk.now += 16 * DAY
    wake_due(desk.database, desk.keys, desk.now, sender.flows)
    run(desk, sender)
    the_store_makes_it(desk)
    desk.now += 2 * MINUTE
    run(desk, sender)
    sent = desk.rows("SELECT step FROM messages WHERE state = 'sent' ORDER BY id")
    assert [row.step for row in sent] == ["offer", "once_more"]
    assert len(owed(desk)) == codes
    held = [row.code for row in desk.rows("SELECT code FROM coupons ORDER BY ends_at")]
    assert len(held) == codes
    for mail, code in zip(mailbox.mails, (held[0], held[-1]), strict=True):
        assert code in next(mail.iter_parts()).get_content()
