"""A shop's own domain that a way does not let through: what people ordered leaves under ours, with the reason
kept, and offers wait; nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from app.services.breaker import PAUSE
from app.services.kept_reasons import recorded
from app.services.send import Sender
from app.services.sending_domain import choose
from app.services.sending_domain_names import From
from app.services.vendor_health import AWAY, learn
from emails.providers.base import SendFailed
from tests.app.desk import Desk
from tests.app.sending import smtp_sender
from tests.app.services.vendors.an_outside import buy, later, provider, recipients, run, states
from tests.emails.providers.battery.vendors import Vendor, a_vendor
from tests.emails.providers.scripted_server import serving

OWN, SHARED = "orders@larkhus.example", "hello@mail.example"
REFUSED = b"550 5.7.1 you may not send for larkhus.example"


@pytest.fixture
def second() -> Iterator[Vendor]:
    with a_vendor("postmark") as running:
        yield running


def verified(desk: Desk) -> None:
    with desk.database.shops(desk.shop_id) as session:
        choose(session, desk.keys, desk.shop_id, From("larkhus.example", "orders"), desk.real)
        session.execute(text("UPDATE sending_domains SET state = 'verified', verified_at = made_at"))


def strict(desk: Desk, port: int, second: Vendor | None = None) -> Sender:
    made = replace(smtp_sender(desk, port), shared_domain_offers=False)
    return made if second is None else replace(made, second=provider(desk, "postmark", second))


def an_offer(desk: Desk, number: str) -> None:
    desk.rows("UPDATE messages SET mail_class = 'M' WHERE order_id = :id RETURNING 1", id=number)
    desk.rows("UPDATE shops SET address = 'Kanalweg 7, Berlin' WHERE id = :id RETURNING 1", id=desk.shop_id)


def not_in_own_name(desk: Desk) -> dict[str, str]:
    """By order, why."""
    rows = desk.rows("SELECT order_id, reasons FROM messages")
    return {
        row.order_id: one.value
        for row in rows
        for one in recorded(row.reasons)
        if one.rule == "in_own_name" and not one.passed and one.wanted == OWN
    }


def test_a_vendor_that_takes_over_sends_under_our_name_and_no_offers(desk: Desk, second: Vendor) -> None:
    verified(desk)
    with serving() as server:
        sender = strict(desk, server.port, second)
        learn(desk.database, "ours", "smtp", [SendFailed("no_connection")] * 5, desk.real)
        buy(desk, "100", "101")
        an_offer(desk, "101")
        run(desk, sender)
        later(desk, seconds=5)
        run(desk, sender)
        assert recipients(second) == ["p100"] and server.mails == []
        (asked,) = (one for one in second.server.asked if one.method == "POST")
        assert SHARED in asked.json["From"]
        assert sorted(states(desk)) == [("due", AWAY), ("sent", None)]
        assert not_in_own_name(desk) == {"100": "postmark took over"}
        later(desk, seconds=PAUSE.total_seconds() + 10)
        run(desk, sender)
        assert recipients(second) == ["p100"] and len(server.mails) == 1
        assert b"<" + OWN.encode() in server.mails[0]


def test_a_mail_server_that_refuses_the_domain_gets_it_under_our_name(desk: Desk) -> None:
    verified(desk)
    with serving({"mail": [REFUSED, b"250 ok", REFUSED]}) as server:
        sender = strict(desk, server.port)
        buy(desk, "100", "101")
        an_offer(desk, "101")
        run(desk, sender)
        assert states(desk) == [("sent", None), ("due", "sender_refused")]
        (mail,) = server.mails
        assert SHARED.encode() in mail and b"d=larkhus.example" not in mail
        assert list(not_in_own_name(desk)) == ["100"] and "larkhus.example" in not_in_own_name(desk)["100"]


@pytest.mark.parametrize(
    "words",
    [
        b"550 5.1.8 <orders@larkhus.example>: Sender address rejected: Domain not found",
        b"553 5.7.1 <orders@larkhus.example>: Sender address rejected: not owned by user doorstep",
        b"550 5.1.7 the sender's address cannot be used",
    ],
)
def test_a_sender_that_is_refused_where_the_reader_is_named_is_not_the_readers_fault(
    desk: Desk, words: bytes
) -> None:
    """Postfix looks at the sender then, and names it in words and code (RFC 3463: X.1.7, X.1.8)."""
    verified(desk)
    with serving({"rcpt": [words]}) as server:
        buy(desk, "100")
        run(desk, strict(desk, server.port))
        assert states(desk) == [("sent", None)]
        (mail,) = server.mails
        assert SHARED.encode() in mail
    assert desk.rows("SELECT * FROM suppressions") == []


def test_where_our_own_name_is_refused_too_the_mail_waits(desk: Desk) -> None:
    verified(desk)
    with serving({"mail": [REFUSED] * 9}) as server:
        buy(desk, "100")
        run(desk, strict(desk, server.port))
        assert states(desk) == [("due", "sender_refused")]
        assert len([one for one in server.commands if one.startswith("MAIL")]) == 2
