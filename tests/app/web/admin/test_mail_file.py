"""The list of mails as a file: every mail once, with what it was and what became of it."""

from __future__ import annotations

import csv

import pytest

from app.web.admin import mail_file
from tests.app.web.admin.hand import Hand, words_of


def rows_of(hand: Hand, **fields: str) -> list[dict[str, str]]:
    answer = hand.post("/messages/file", **fields)
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mails.csv"'
    return list(csv.DictReader(answer.text.splitlines()))


def test_it_says_which_wording_and_by_which_way(hand: Hand) -> None:
    hand.deliver()
    hand.rows(
        "UPDATE messages SET variant = 'b1', channel = 'webhook', subject = '=1+1'"
        " WHERE flow_key = 'order_confirmation' RETURNING id"
    )
    (mail,) = (one for one in rows_of(hand) if one["flow"] == "order_confirmation")
    (stored,) = hand.rows("SELECT * FROM messages WHERE flow_key = 'order_confirmation'")
    assert mail == {
        "message": str(stored.id),
        "flow": "order_confirmation",
        "step": "confirmation",
        "variant": "b1",
        "channel": "webhook",
        "order": "100",
        "recipient": "mia@example.com",
        "subject": "'=1+1",
        "state": "due",
        "reason": "",
        "due_at": stored.due_at.isoformat(),
        "sent_at": "",
    }
    assert hand.changes()[-1] == ("Mia", "messages", "The list of mails was taken along.")


def test_every_mail_once_however_many_come_at_a_time(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_file, "AT_ONCE", 2)
    hand.deliver(3)
    ids = sorted(row.id for row in hand.rows("SELECT id FROM messages"))
    assert sorted(int(one["message"]) for one in rows_of(hand)) == ids and len(ids) > 4


def test_those_of_one_state_alone(hand: Hand) -> None:
    hand.deliver(2)
    (sent,) = hand.rows(
        "UPDATE messages SET state = 'sent', sent_at = due_at"
        " WHERE id = (SELECT min(id) FROM messages) RETURNING id, sent_at"
    )
    (told,) = rows_of(hand, state="sent")
    assert (told["message"], told["sent_at"]) == (str(sent.id), sent.sent_at.isoformat())
    assert len(rows_of(hand, state="nonsense")) > 1


def test_the_page_offers_it(hand: Hand) -> None:
    assert "Download (CSV)" not in words_of(hand.get("/messages"))
    hand.deliver()
    assert "Download (CSV)" in words_of(hand.get("/messages"))
    assert "Download (CSV)" not in words_of(hand.get("/messages?q=100"))
