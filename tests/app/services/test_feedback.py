"""What follows from what vendors and mailboxes tell of our mails."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.services import ledger
from app.services.delivery import MEANS, WAY
from app.services.feedback import follow_all
from app.services.feedback_rows import mails_of, store
from app.services.unsubscribe import rejoin, suppress
from emails.feedback import Told
from flows.facts import Topic
from tests.app.desk import START, Desk, connect_shop
from tests.app.services.told_mails import (
    LATER,
    READER,
    barred,
    mails,
    of,
    provider_id,
    take,
    told,
    ways_of,
)

DAY = timedelta(days=1)


def test_the_table_in_the_docs_is_the_one_that_counts() -> None:
    """What comes further down there comes further here."""
    page = Path("docs/reliability.md").read_text("utf-8").partition("## What is told afterwards")[2]
    rows = re.findall(r"^\| (\w+) \| (\w+) \|", page.partition("\n## ")[0], re.MULTILINE)
    assert {told: came for told, came in rows if told != "told"} == {k.value: v for k, v in MEANS.items()}
    places = [WAY.index(came) for told, came in rows if told != "told" and came in WAY]
    assert places == sorted(places)


@pytest.fixture
def told_desk(desk: Desk) -> Desk:
    desk.now = LATER + DAY
    return desk


@pytest.mark.parametrize("mail_class", ["T", "S", "M"])
def test_a_mailbox_that_is_gone_gets_nothing_more(told_desk: Desk, mail_class: str) -> None:
    (mail,) = mails(told_desk, 1, mail_class=mail_class)
    take(told_desk, told(mail, Told.HARD_BOUNCED))
    assert barred(told_desk) == {"*": "hard_bounce"}
    assert of(told_desk, mail).delivery == "bounced"


def test_who_complains_is_left_alone_for_ever_but_for_their_orders(told_desk: Desk) -> None:
    mail, waits = *mails(told_desk, 1), *mails(told_desk, 1, state="due")
    (order,) = mails(told_desk, 1, state="due", mail_class="T")
    take(told_desk, told(mail, Told.COMPLAINED))
    assert barred(told_desk) == {"S": "complaint", "M": "complaint"}
    assert of(told_desk, waits).state == "cancelled"
    assert of(told_desk, order).state == "due"
    hashed = told_desk.keys.address_hash(told_desk.shop_id, READER)
    rejoin(told_desk.database, told_desk.shop_id, list(Topic), hashed, told_desk.now)
    assert barred(told_desk) == {"S": "complaint", "M": "complaint"}


def test_a_complaint_weighs_more_than_having_left_before(told_desk: Desk) -> None:
    mail, _ = mails(told_desk, 2)
    take(told_desk, told(mail, Told.UNSUBSCRIBED), told(mail, Told.COMPLAINED))
    assert barred(told_desk)["M"] == "complaint"
    take(told_desk, told(mail, Told.UNSUBSCRIBED, LATER + DAY))
    assert barred(told_desk)["M"] == "complaint"


def test_leaving_by_a_vendor_is_as_pressing_the_link(told_desk: Desk) -> None:
    mail, waits = *mails(told_desk, 1), *mails(told_desk, 1, state="claimed")
    (tip,) = mails(told_desk, 1, state="due", mail_class="S")
    take(told_desk, told(mail, Told.UNSUBSCRIBED))
    assert barred(told_desk) == {"M": "unsubscribed"}
    assert of(told_desk, waits).state == "cancelled"
    assert of(told_desk, tip).state == "due"


@pytest.mark.parametrize("kind", [Told.UNSUBSCRIBED, Told.COMPLAINED])
def test_the_store_hears_of_it(told_desk: Desk, kind: Told) -> None:
    (mail,) = mails(told_desk, 1)
    told_desk.rows(
        "INSERT INTO features VALUES (:shop, 'consent_sync', true, :at) RETURNING 1",
        shop=told_desk.shop_id,
        at=START,
    )
    take(told_desk, told(mail, kind))
    (write,) = told_desk.rows("SELECT kind, body FROM store_writes")
    assert (write.kind, write.body["state"]) == ("set_consent", "unsubscribed")


def test_opens_clicks_and_absences_decide_nothing(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1)
    before = of(told_desk, mail)
    for kind in (Told.OPENED, Told.CLICKED, Told.REPLIED):
        take(told_desk, told(mail, kind), told(mail, kind, LATER + DAY, machine=True))
    assert of(told_desk, mail) == before
    assert barred(told_desk) == {}
    assert told_desk.rows("SELECT * FROM message_events") == []
    kept = told_desk.rows("SELECT kind, count(*) FILTER (WHERE machine) AS m FROM feedback GROUP BY 1")
    assert {row.kind: row.m for row in kept} == {"opened": 1, "clicked": 1, "replied": 1}


def test_a_mail_in_doubt_that_somebody_has_was_sent(told_desk: Desk) -> None:
    (doubtful,) = mails(told_desk, 1, state="unknown")
    take(told_desk, told(doubtful, Told.DELIVERED))
    assert ways_of(told_desk, [doubtful]) == [("sent", "delivered")]
    assert of(told_desk, doubtful).sent_at is not None


def test_a_mail_that_was_told_of_before_the_doubt_comes_to_none(told_desk: Desk) -> None:
    (leaving,) = mails(told_desk, 1, state="sending")
    told_desk.rows("UPDATE messages SET lease_until = :at RETURNING 1", at=START)
    take(told_desk, told(leaving, Told.DELIVERED))
    assert ways_of(told_desk, [leaving]) == [("sending", "delivered")]
    ledger.lapse(told_desk.database, told_desk.now, START + DAY)
    assert ways_of(told_desk, [leaving]) == [("sent", "delivered")]


def test_a_mail_that_is_to_be_tried_again_though_somebody_has_it_is_not(told_desk: Desk) -> None:
    (again,) = mails(told_desk, 1, state="due")
    take(told_desk, told(again, Told.DELIVERED))
    assert ways_of(told_desk, [again]) == [("sent", "delivered")]


def test_what_comes_before_the_vendors_number_is_known_waits(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1, provider_ids=False)
    early = told(mail, Told.HARD_BOUNCED, message_id="", provider_id=provider_id(mail), recipient=READER)
    assert take(told_desk, early, early).early == 2
    assert barred(told_desk) == {}
    follow_all(told_desk.database, told_desk.keys, told_desk.now, told_desk.real)
    told_desk.rows("UPDATE messages SET provider_id = :id RETURNING 1", id=provider_id(mail))
    assert follow_all(told_desk.database, told_desk.keys, told_desk.now, told_desk.real) == 1
    assert barred(told_desk) == {"*": "hard_bounce"}
    with told_desk.database.nobody() as session:
        assert list(session.exec_driver_sql("SELECT * FROM early_feedback")) == []


def test_what_one_account_tells_too_early_takes_no_place_of_anothers(told_desk: Desk) -> None:
    """The vendor numbers its events, so that a stranger may tell the next one before it comes."""
    other = connect_shop(told_desk.database, "other.example")
    (mail,) = mails(told_desk, 1, provider_ids=False)
    early = told(mail, Told.HARD_BOUNCED, key="1001", message_id="", provider_id=provider_id(mail))
    stray = told(0, Told.DELIVERED, key="1001", message_id="", provider_id="p0")
    assert take(told_desk, stray, shop_id=other.shop_id).early == 1
    assert take(told_desk, early).early == 1
    told_desk.rows("UPDATE messages SET provider_id = :id RETURNING 1", id=provider_id(mail))
    assert follow_all(told_desk.database, told_desk.keys, told_desk.now, told_desk.real) == 1
    assert barred(told_desk) == {"*": "hard_bounce"}
    with told_desk.database.nobody() as session:
        assert len(list(session.exec_driver_sql("SELECT * FROM early_feedback"))) == 1, "the stranger's"


def test_one_shops_account_fills_nobody_elses_turn(told_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.early_feedback.MOST_OF_A_SHOP", 3)
    made_up = [told(0, Told.DELIVERED, key=f"{n}", message_id="", provider_id="p0") for n in range(9)]
    for some in (made_up[:2], made_up[2:7], made_up[7:]):
        take(told_desk, *some, shop_id=told_desk.shop_id)
    take(told_desk, *made_up)
    with told_desk.database.nobody() as session:
        rows = session.exec_driver_sql("SELECT body ->> 'shop' FROM early_feedback").all()
    assert [row[0] for row in rows].count(None) == 9, "our own account tells of all shops"
    assert len(rows) == 9 + 3


def test_a_shop_that_stops_us_holds_up_no_other(
    told_desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor the shop's own next ones; and what stopped us is tried again."""
    other = connect_shop(told_desk.database, "other.example")
    bad, good = mails(told_desk, 1, reader="ann@example.com"), mails(told_desk, 1)
    (others,) = mails(other, 1)
    for desk, mail in ((told_desk, bad[0]), (told_desk, good[0]), (other, others)):
        with told_desk.database.shops(desk.shop_id) as session:
            event = told(mail, Told.HARD_BOUNCED)
            found = mails_of(told_desk.database, "ses", [event], desk.shop_id)
            store(session, desk.keys, "ses", [(event, found[event.key])], desk.now)

    def stumbling(database: Any, shop_id: int, address_hash: str, *rest: Any) -> None:
        if address_hash == told_desk.keys.address_hash(told_desk.shop_id, "ann@example.com"):
            raise ValueError("ann@example.com")
        suppress(database, shop_id, address_hash, *rest)

    monkeypatch.setattr("app.services.feedback.suppress", stumbling)
    follow_all(told_desk.database, told_desk.keys, told_desk.now, told_desk.real)
    assert barred(other) == barred(told_desk) == {"*": "hard_bounce"}
    assert barred(told_desk, "ann@example.com") == {}
    assert f"shop {told_desk.shop_id}" in caplog.text and "ann@" not in caplog.text
    monkeypatch.undo()
    follow_all(told_desk.database, told_desk.keys, told_desk.now, told_desk.real)
    assert barred(told_desk, "ann@example.com") == {"*": "hard_bounce"}


def test_early_events_of_one_account_hold_up_no_others(
    told_desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = connect_shop(told_desk.database, "other.example")
    (mail,) = mails(other, 1, provider_ids=False)
    stray = told(0, Told.DELIVERED, message_id="", provider_id="p0")
    early = told(mail, Told.HARD_BOUNCED, message_id="", provider_id=provider_id(mail))
    take(told_desk, stray, shop_id=told_desk.shop_id)
    take(other, early, shop_id=other.shop_id)
    other.rows("UPDATE messages SET provider_id = :id RETURNING 1", id=provider_id(mail))

    def stumbling(database: Any, source: str, events: Any, shop_id: int | None) -> object:
        if shop_id == told_desk.shop_id:
            raise ValueError("no number")
        return mails_of(database, source, events, shop_id)

    monkeypatch.setattr("app.services.feedback.mails_of", stumbling)
    assert follow_all(told_desk.database, told_desk.keys, told_desk.now, told_desk.real) == 1
    assert barred(other) == {"*": "hard_bounce"}
    assert f"ses of shop {told_desk.shop_id}" in caplog.text


def test_what_waits_for_its_mail_holds_no_address_and_waits_three_days(told_desk: Desk) -> None:
    stray = told(0, Told.HARD_BOUNCED, recipient=READER, detail=f"no {READER} here")
    take(told_desk, stray)
    with told_desk.database.nobody() as session:
        (row,) = session.exec_driver_sql("SELECT body::text FROM early_feedback")
        assert READER not in row[0]
    follow_all(told_desk.database, told_desk.keys, told_desk.now + 4 * DAY, told_desk.real)
    with told_desk.database.nobody() as session:
        assert list(session.exec_driver_sql("SELECT * FROM early_feedback")) == []


def test_a_vendors_number_is_known_at_that_vendor_alone(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1)
    told_desk.rows("UPDATE messages SET provider = 'postmark' RETURNING 1")
    assert take(told_desk, told(mail, Told.HARD_BOUNCED, message_id="", provider_id=provider_id(mail))).early


def test_a_shops_own_account_tells_of_its_own_mails_alone(told_desk: Desk) -> None:
    other = connect_shop(told_desk.database, "other.example")
    (mail,) = mails(told_desk, 1)
    assert take(told_desk, told(mail, Told.HARD_BOUNCED), shop_id=other.shop_id).early == 1
    assert barred(told_desk) == {}
    assert take(told_desk, told(mail, Told.HARD_BOUNCED), shop_id=told_desk.shop_id).stored == 1
    assert barred(told_desk) == {"*": "hard_bounce"}


def test_no_address_is_kept(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1)
    take(told_desk, told(mail, Told.HARD_BOUNCED, detail=f"550 <{READER.upper()}>: unknown; {READER}, too"))
    (row,) = told_desk.rows("SELECT f::text AS whole, detail FROM feedback f")
    assert READER not in row.whole.lower()
    assert row.detail == "550 <(address)>: unknown; (address), too"


def test_what_a_dead_process_left_is_done_by_the_next_look(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1)
    event = told(mail, Told.HARD_BOUNCED)
    found = mails_of(told_desk.database, "ses", [event], None)
    with told_desk.database.shops(told_desk.shop_id) as session:
        store(session, told_desk.keys, "ses", [(event, found[event.key])], told_desk.now)
    assert barred(told_desk) == {}
    follow_all(told_desk.database, told_desk.keys, told_desk.now, told_desk.real)
    assert barred(told_desk) == {"*": "hard_bounce"}


def test_of_somebody_who_was_forgotten_nothing_follows(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1, reader=None)
    take(told_desk, told(mail, Told.HARD_BOUNCED))
    assert told_desk.rows("SELECT * FROM suppressions") == []
    assert of(told_desk, mail).delivery == "bounced"


def test_an_instant_that_has_not_come_is_now(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1)
    take(told_desk, told(mail, Told.DELIVERED, told_desk.now + 400 * DAY))
    assert of(told_desk, mail).delivery_at == told_desk.now
