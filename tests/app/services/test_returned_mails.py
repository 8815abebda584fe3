"""The mailbox of our return paths, from a mail that comes back to what follows from it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.services.feedback import take_events
from app.services.returned_mails import read_mailbox, take_mail
from app.services.send import send_due
from emails.inbound.open_mailbox import open_mailbox
from emails.message import Envelope
from emails.return_path import Purpose
from tests.app.desk import Desk
from tests.app.sending import sender_of
from tests.app.services.offers import FLOWS, Box, open_shop, plan
from tests.app.services.told_mails import LATER, barred, mails, message_id, of
from tests.emails.inbound import samples
from tests.emails.inbound.samples import OURS, bounce, fields


@pytest.fixture
def told_desk(desk: Desk) -> Desk:
    desk.now = LATER + timedelta(days=1)
    return desk


def address(desk: Desk, mail: int, purpose: Purpose = Purpose.BOUNCE) -> bytes:
    return desk.keys.return_path(purpose, desk.shop_id, mail, "bounces.mail.example").encode()


def came(desk: Desk, raw: bytes) -> bool:
    return take_mail(desk.database, desk.keys, raw, desk.now, desk.real)


def about(mail: int, raw: bytes) -> bytes:
    """With the Message-ID of this mail in place of the sample's."""
    return raw.replace(OURS.encode(), message_id(mail).encode())


def test_a_mail_that_came_back_is_known_by_its_message_id(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1)
    assert came(told_desk, about(mail, bounce("", fields())))
    assert barred(told_desk) == {"*": "hard_bounce"}
    assert of(told_desk, mail).delivery == "bounced"


def test_a_mail_that_came_back_without_anything_is_known_by_where_it_came(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1)
    bare = b"From: MAILER-DAEMON@mx.example\nSubject: failure notice\nTo: %s\n\n550 no such user\n"
    assert came(told_desk, bare % address(told_desk, mail))
    assert barred(told_desk) == {"*": "hard_bounce"}


@pytest.mark.parametrize(
    "more", [b"Date: Mon, 2 Mar 2020 9:00 +2359", b"Content-Type: text/plain; charset=utf-7"]
)
def test_what_a_database_cannot_hold_stops_no_mailbox(told_desk: Desk, more: bytes) -> None:
    (mail,) = mails(told_desk, 1)
    bare = b"From: MAILER-DAEMON@mx.example\nSubject: failure notice\nTo: %s\n%s\n\n550 no such user +2AA-\n"
    assert came(told_desk, bare % (address(told_desk, mail), more))
    assert barred(told_desk) == {"*": "hard_bounce"}


@pytest.mark.parametrize("reader", [None, "ann@example.com"])
def test_a_letter_bars_nobody_but_the_mails_own_reader(told_desk: Desk, reader: str | None) -> None:
    """Whoever got a mail knows where it comes back to, and may write there of somebody else; also when we
    have forgotten who they were."""
    (mail,) = mails(told_desk, 1, reader=reader)
    forged = bounce("", fields()).replace(b"b+token@mail.example.com", address(told_desk, mail))
    named = forged.replace(samples.READER.encode(), b"mia@example.com")
    assert came(told_desk, named)
    assert barred(told_desk) == {}
    assert barred(told_desk, "ann@example.com") == ({"*": "hard_bounce"} if reader else {})


def test_an_address_that_we_did_not_write_leads_nowhere(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1)
    forged = address(told_desk, mail).replace(b"b+", b"b+a")
    bare = b"From: MAILER-DAEMON@mx.example\nSubject: failure notice\nTo: %s\n\n550 no such user\n"
    assert not came(told_desk, bare % forged)
    assert barred(told_desk) == {}


@pytest.mark.parametrize(
    "more", [b"", b"Auto-Submitted: auto-generated\n", b"Auto-Submitted: auto-replied\n"]
)
@pytest.mark.parametrize("subject", [b"unsubscribe", b"", b"Re: How is your lampshade?"])
def test_any_mail_to_the_address_that_leaves_leaves(told_desk: Desk, subject: bytes, more: bytes) -> None:
    mail, waits = *mails(told_desk, 1), *mails(told_desk, 1, state="claimed")
    raw = b"From: mia@example.com\nSubject: %s\nTo: <%s>\n%s\n"
    assert came(told_desk, raw % (subject, address(told_desk, mail, Purpose.LEAVE), more))
    assert barred(told_desk) == {"M": "unsubscribed"}
    assert of(told_desk, waits).state == "cancelled"


def test_a_bounce_that_strays_to_that_address_is_a_bounce(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1)
    raw = about(mail, bounce("", fields("5.2.2", "smtp; 552 over quota")))
    came(told_desk, raw.replace(b"b+token@mail.example.com", address(told_desk, mail, Purpose.LEAVE)))
    assert barred(told_desk) == {}
    assert of(told_desk, mail).delivery == "soft_bounced"


def test_a_complaint_leaves_all_that_nobody_has_to_get(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1)
    assert came(told_desk, about(mail, samples.COMPLAINT))
    assert barred(told_desk) == {"S": "complaint", "M": "complaint"}


def test_an_absence_changes_nothing(told_desk: Desk) -> None:
    (mail,) = mails(told_desk, 1)
    assert came(told_desk, about(mail, samples.VACATION))
    assert barred(told_desk) == {}
    assert of(told_desk, mail).delivery is None


def test_a_mailbox_is_emptied_and_what_is_not_ours_put_aside(told_desk: Desk, tmp_path: Path) -> None:
    (mail,) = mails(told_desk, 1)
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    letters = {
        "1": about(mail, bounce("", fields())),
        "2": about(mail, bounce("", fields())),  # delivered twice
        "3": bounce("", fields()),  # of nobody's mail
        "4": b"From: mia@example.com\nSubject: A question\n\nWhere is my parcel?\n",
        "5": b"\0\xff",
    }
    for name, raw in letters.items():
        (tmp_path / "new" / name).write_bytes(raw)

    def read(over: bool) -> int:
        box = open_mailbox(f"maildir://{tmp_path}")
        return read_mailbox(
            told_desk.database, told_desk.keys, box, told_desk.now, told_desk.real, lambda: over
        )

    assert read(over=True) == 1, "a share of its time, then the rest waits"
    assert read(over=False) == 1
    assert told_desk.rows("SELECT count(*) AS n FROM feedback")[0].n == 1
    assert list((tmp_path / "new").iterdir()) == []
    assert sorted(path.name for path in (tmp_path / ".Other" / "cur").iterdir()) == ["3", "4", "5"]


@pytest.mark.parametrize(
    ("trouble", "stays"),
    [(ValueError("mia@example.com"), []), (OperationalError("", {}, Exception()), ["1"])],
)
def test_a_mail_that_stops_us_stops_no_mailbox(
    told_desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    trouble: Exception,
    stays: list[str],
) -> None:
    """It is kept for a person; where it was the database's fault, for the next look."""
    bad, good = mails(told_desk, 2)
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    for name, mail in (("1", bad), ("2", good)):
        (tmp_path / "new" / name).write_bytes(about(mail, bounce("", fields())))

    def stumbling(database: Any, keys: Any, source: str, events: Any, *rest: Any, **more: Any) -> Any:
        if events[0].message_id == message_id(bad):
            raise trouble
        return take_events(database, keys, source, events, *rest, **more)

    monkeypatch.setattr("app.services.returned_mails.take_events", stumbling)
    box = open_mailbox(f"maildir://{tmp_path}")
    read_mailbox(told_desk.database, told_desk.keys, box, told_desk.now, told_desk.real, lambda: False)
    assert of(told_desk, good).delivery == "bounced" and of(told_desk, bad).delivery is None
    kept = [path.name for folder in ("new", ".Other/cur") for path in (tmp_path / folder).glob("*")]
    assert kept == ["1"] and [path.name for path in (tmp_path / "new").iterdir()] == stays
    assert "the mail new/1 " in caplog.text and "mia@" not in caplog.text


def left(desk: Desk, flow: str) -> Envelope:
    """A mail of this flow as it was handed over, with return paths that are read."""
    box = Box()
    plan(desk, flow)
    sender = replace(sender_of(desk, box, FLOWS), bounce_domain="bounces.mail.example")
    with box.connect() as courier:
        send_due(sender, courier, desk.real + timedelta(seconds=20))
    (mail,) = box.mails
    return mail


def test_what_left_finds_its_way_back(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    mail = left(desk, "win_back")
    bare = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\nTo: <{}>\n\n552 5.2.2 Mailbox full\n"
    assert came(desk, bare.format(mail.return_path).encode())
    assert [row.delivery for row in desk.rows("SELECT delivery FROM messages")] == ["soft_bounced"]
    leave = re.search(r"<mailto:([^>?]+)", mail.headers["List-Unsubscribe"])
    assert leave is not None
    assert came(desk, f"From: mia@example.com\nTo: {leave[1]}\nSubject: Leave me alone\n\n".encode())
    assert barred(desk) == {"M": "unsubscribed"}
