"""From orders to mails: what goes with an order, and what runs out, as the shopper gets it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from app.db import Database
from app.services.send import Sender, send_due
from app.services.switches import switch_on
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import Consent, ConsentState, ParcelStatus, Shipped
from tests.app.desk import START, Desk, a_parcel, connect_shop
from tests.app.mail_server import Mailbox
from tests.app.predict.bought import sold, told
from tests.app.predict.test_picks import learnt
from tests.app.predict.test_run_outs import AT, now_bought

DAY = timedelta(days=1)
ARRIVED = AT + 2 * DAY
ORDER = now_bought("mug", "beans", shipped=Shipped.ALL)


@pytest.fixture
def desk(db: Database) -> Desk:
    """Two flows are on; somebody who wants offers got a mug and a bag of coffee."""
    desk = connect_shop(db, on=False)
    with db.shops(desk.shop_id) as session:
        for key in ("cross_sell_series", "replenishment"):
            switch_on(session, desk.shop_id, key, START)
    learnt(desk)
    desk.now = ARRIVED
    address = "https://larkhus.example/lid"
    desk.read(told(sold("lid", kind="lid", url=address, version=START + DAY), sold("spoon", kind="spoon")))
    desk.read(
        Reading(
            products=(sold("beans", url="https://larkhus.example/beans"),),
            consents=(Consent("ada@example.com", ConsentState.SUBSCRIBED, START),),
            orders=(ORDER,),
            parcels=(a_parcel(order_id="900", status=ParcelStatus.DELIVERED, delivered_at=ARRIVED),),
        )
    )
    return desk


def mails_until(desk: Desk, sender: Sender, mailbox: Mailbox, end: datetime) -> list[EmailMessage]:
    while desk.now < end:
        desk.now += timedelta(hours=6)
        desk.real = desk.now
        desk.read(told(ORDER))  # as the store is asked before a mail leaves
        wake_due(desk.database, desk.keys, desk.now)
        with sender.provider.connect() as courier:
            while send_due(sender, courier, desk.real + timedelta(seconds=20)):
                pass
    return mailbox.mails


def of_flow(mails: list[EmailMessage], flow: str) -> list[EmailMessage]:
    return [mail for mail in mails if mail["X-Doorstep-Flow"] == flow]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_what_goes_with_an_order_is_shown_with_a_link_of_its_own(
    desk: Desk, sender: Sender, mailbox: Mailbox
) -> None:
    (mail,) = of_flow(mails_until(desk, sender, mailbox, ARRIVED + 8 * DAY), "cross_sell_series")
    text = text_of(mail)
    assert "Lid" in text and "10" in text
    assert "Spoon" not in text, "it has no page to buy it on"
    tokens = re.findall(r"http://127\.0\.0\.1:8000/l/(\S+)", text)
    targets = [str(desk.keys.read("click", token)[2]) for token in tokens]
    assert any(target.startswith("https://larkhus.example/lid?") for target in targets)


def test_nothing_is_shown_that_can_no_longer_be_bought(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    """Between planning and sending the shop sold out: facts are loaded anew."""
    out = [sold(name, kind=name, available=False, version=START + 3 * DAY) for name in ("lid", "spoon")]
    desk.read(told(*out))
    assert of_flow(mails_until(desk, sender, mailbox, ARRIVED + 8 * DAY), "cross_sell_series") == []


def test_the_reminder_comes_six_days_before_it_runs_out(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    (mail,) = of_flow(mails_until(desk, sender, mailbox, ARRIVED + 29 * DAY), "replenishment")
    assert "Beans" in mail["Subject"]
    (row,) = desk.rows("SELECT due_at FROM messages WHERE flow_key = 'replenishment' AND state = 'sent'")
    assert timedelta(days=24) <= row.due_at - ARRIVED < timedelta(days=25)
