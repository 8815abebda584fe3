"""People leave while their offers are being handed over: by the page, by their mail program's button, by an
answer, by a complaint to their mailbox's provider, by one to our vendor. No offer is marked after that.

What is marked when somebody leaves is on its way and may arrive; so what each leaving finds marked is asked
of the database right after its commit, and nothing else may follow.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import text

from app.services.feedback import take_events
from app.services.feedback_rows import mail_numbered
from app.services.send import send_due
from emails.feedback import Feedback, Told
from emails.inbound.read import read_mail
from emails.message import Envelope
from emails.providers.base import Receipt, Repeats
from emails.return_path import Purpose
from flows.commerce import Consent, ConsentState, Platform
from tests.app.desk import Desk, an_order
from tests.app.sending import sender_of
from tests.app.services.offers import FLOWS, MAIL
from tests.app.web.conftest import Site
from tests.app.web.shopping import put, shop_of
from tests.proof import Count, Figure

PEOPLE, MAILS = 80, 4
# A batch of hand-overs that is under way when somebody leaves has ended by then.
UNDER_WAY = 2.0


@dataclass
class Recorded:
    """A vendor that notes which row was handed over, and when that began."""

    name: str = "recorded"
    idempotent: bool = False
    repeats: Repeats = Repeats.NONE
    began: list[tuple[int, float]] = field(default_factory=list)

    def connect(self) -> Taking:
        return Taking(self.began)


@dataclass
class Taking:
    """An open connection to it."""

    began: list[tuple[int, float]]
    ready: Envelope | None = None

    def prepare(self, envelope: Envelope) -> None:
        self.ready = envelope

    def hand_over(self) -> Receipt:
        assert self.ready is not None
        self.began.append((int(self.ready.headers["X-Doorstep-Row"]), time.monotonic()))
        return Receipt("", "")

    def drop(self) -> None:
        self.ready = None

    def __enter__(self) -> Taking:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""


@dataclass
class Crowd:
    """`first`: by person, the mail that carried the way out. `found`: by person, the offers that were marked
    when the leaving had been stored, and when that was known."""

    site: Site
    shop: int
    first: dict[int, int]
    found: dict[int, tuple[frozenset[int], float]] = field(default_factory=dict)


def test_nothing_is_marked_after_somebody_left(site: Site, count: Count, figure: Figure) -> None:
    people = count(PEOPLE, 10_080)
    late = sent = kept = 0
    for seed in range(people // PEOPLE):
        crowd = gathered(site, seed)
        box = Recorded()
        run(crowd, box, seed)
        owner = rows_of(crowd)
        sent += len(box.began)
        kept += sum(len(marked) for marked, _ in crowd.found.values())
        for row, began in box.began:
            marked, known = crowd.found[owner[row]]
            late += row not in marked or began > known + UNDER_WAY
    figure("offers sent", sent)
    figure("marked before", kept)
    figure("after leaving", late)
    assert late == 0
    assert 0 < sent < people * MAILS, "some had got theirs, and some left before"


def gathered(site: Site, seed: int) -> Crowd:
    """People with a mail each that they may leave by, and offers that are due now."""
    shop = shop_of(site, Platform.WOOCOMMERCE)
    at = site.runtime.clock.now()
    names = [f"p{seed}x{n}" for n in range(PEOPLE)]
    put(
        site,
        Platform.WOOCOMMERCE,
        orders=tuple(
            an_order(id=name, number=name, email=f"{name}@example.com", at=at - timedelta(days=3))
            for name in names
        ),
        consents=tuple(
            Consent(f"{name}@example.com", ConsentState.SUBSCRIBED, at - timedelta(days=3)) for name in names
        ),
    )
    given = {"shop": shop, "at": at, "names": names, "mails": MAILS, "keys": [flow.key for flow in FLOWS]}
    with site.runtime.database.shops(shop) as session:
        session.execute(text("UPDATE shops SET address = 'Lindenweg 12' WHERE id = :shop"), given)
        session.execute(_ON, given)
        session.execute(_NO_LIMITS, given)
        session.execute(text("DELETE FROM messages WHERE shop_id = :shop AND state = 'due'"), given)
        session.execute(_JOURNEYS, given)
        session.execute(_MAILS, given)
        first = {int(row.order_id.rpartition("x")[2]): row.id for row in session.execute(_FIRST, given)}
        crowd = Crowd(site, shop, first)
        for mail in first.values():
            session.execute(_NAMED, {"shop": shop, "id": mail, "message_id": message_id(crowd, mail)})
    return crowd


def run(crowd: Crowd, box: Recorded, seed: int) -> None:
    """Two workers send what is due; three people at a time leave, each at a moment of their own."""
    order = random.Random(seed).sample(range(PEOPLE), PEOPLE)
    workers = [threading.Thread(target=work, args=(crowd, box)) for _ in range(2)]
    leavers = [threading.Thread(target=leave_all, args=(crowd, order[n::3], seed + n)) for n in range(3)]
    for thread in (*workers, *leavers):
        thread.start()
    for thread in (*leavers, *workers):
        thread.join()
    assert len(crowd.found) == PEOPLE, "a thread died"


def work(crowd: Crowd, box: Recorded) -> None:
    """Until nothing is due and everybody has left."""
    runtime = crowd.site.runtime
    desk = Desk(runtime.database, crowd.shop, runtime.clock.now(), datetime.now(UTC), runtime.keys)
    sender = sender_of(desk, box, FLOWS)
    with box.connect() as courier:
        while True:
            desk.now, desk.real = runtime.clock.now(), datetime.now(UTC)
            if not send_due(sender, courier, desk.real + timedelta(seconds=20), 7):
                if len(crowd.found) == PEOPLE:
                    return
                time.sleep(0.01)


def leave_all(crowd: Crowd, people: list[int], seed: int) -> None:
    drawn = random.Random(seed)
    client = crowd.site.client.application.test_client()
    for number in people:
        time.sleep(drawn.random() * 0.1)
        ways = (by_page, by_header, by_answer, by_report, by_vendor)
        drawn.choice(ways)(crowd, client, crowd.first[number])
        marked = frozenset(marked_of(crowd, number))
        crowd.found[number] = (marked, time.monotonic())


def by_page(crowd: Crowd, client: FlaskClient, mail: int) -> None:
    assert client.post(f"/u/{token(crowd, mail)}", data={"leave": "all"}).status_code == 200


def by_header(crowd: Crowd, client: FlaskClient, mail: int) -> None:
    body = {"List-Unsubscribe": "One-Click"}
    assert client.post(f"/u/{token(crowd, mail)}/one-click", data=body).status_code == 200


def by_answer(crowd: Crowd, client: FlaskClient, mail: int) -> None:
    """To the address that List-Unsubscribe names."""
    keys = crowd.site.runtime.keys
    place = keys.return_path(Purpose.LEAVE, crowd.shop, mail, "bounces.mail.example")
    lines = ("From: a@example.com", f"To: {place}", "Subject: unsubscribe", f"Message-ID: <{mail}@x>", "", "")
    told = come_back(crowd, "\r\n".join(lines).encode())
    assert told == [Told.UNSUBSCRIBED]


def by_report(crowd: Crowd, client: FlaskClient, mail: int) -> None:
    """RFC 5965, as a mailbox's provider sends it to whoever sent the mail."""
    keys = crowd.site.runtime.keys
    place = keys.return_path(Purpose.BOUNCE, crowd.shop, mail, "bounces.mail.example")
    raw = REPORT.format(place=place, id=message_id(crowd, mail)).replace("\n", "\r\n")
    told = come_back(crowd, raw.encode())
    assert told == [Told.COMPLAINED]


def by_vendor(crowd: Crowd, client: FlaskClient, mail: int) -> None:
    now = crowd.site.runtime.clock.now()
    event = Feedback(f"spam-{mail}", Told.COMPLAINED, now, message_id(crowd, mail))
    taken = take_events(crowd.site.runtime.database, crowd.site.runtime.keys, "postmark", [event], now)
    assert taken.stored == 1


def come_back(crowd: Crowd, raw: bytes) -> list[Told]:
    """A mail that comes to one of our own addresses, and what it tells."""
    runtime = crowd.site.runtime
    incoming = read_mail(raw, runtime.clock.now())
    paths = [path for path in map(runtime.keys.read_return_path, incoming.places) if path is not None]
    about = mail_numbered(runtime.database, paths[0].shop_id, paths[0].message)
    assert about is not None
    take_events(runtime.database, runtime.keys, "mailbox", incoming.told, runtime.clock.now(), about=about)
    return [one.kind for one in incoming.told]


def token(crowd: Crowd, mail: int) -> str:
    keys = crowd.site.runtime.keys
    return keys.sign(
        "unsubscribe", [crowd.shop, mail, "M", keys.address_hash(crowd.shop, address(crowd, mail))]
    )


def address(crowd: Crowd, mail: int) -> str:
    (row,) = crowd.site.rows(f"SELECT recipient FROM messages WHERE id = {mail}")
    return str(row.recipient)


def message_id(crowd: Crowd, mail: int) -> str:
    return crowd.site.runtime.keys.message_id(crowd.shop, mail, "mail.example")


def marked_of(crowd: Crowd, number: int) -> list[int]:
    """Asked after the commit: an offer that was marked before it is seen as such here."""
    person = address(crowd, crowd.first[number])
    return [
        row.id
        for row in crowd.site.rows(
            f"SELECT id FROM messages WHERE reader = '{person}' AND state IN ('sending', 'sent', 'unknown')"
        )
    ]


def rows_of(crowd: Crowd) -> dict[int, int]:
    """Whose a row is."""
    owner = {address(crowd, mail): number for number, mail in crowd.first.items()}
    return {
        row.id: owner[f"{row.order_id}@example.com"]
        for row in crowd.site.rows("SELECT id, order_id FROM messages WHERE order_id LIKE 'p%x%'")
        if f"{row.order_id}@example.com" in owner
    }


REPORT = """From: feedback@mailbox.example
To: {place}
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Mailbox/1.0
Version: 1

--b
Content-Type: message/rfc822

From: hello@mail.example
Message-ID: {id}
Subject: An offer

Words.
--b--
"""
_ON = text("""
INSERT INTO flow_switches (shop_id, flow_key, enabled, since)
SELECT :shop, key, true, :at - interval '9 days' FROM unnest(CAST(:keys AS text[])) AS k(key)
ON CONFLICT (shop_id, flow_key) DO UPDATE SET enabled = true
""")
_NO_LIMITS = text("""
INSERT INTO mail_limits VALUES (:shop, 0, 999, 999, 0, 0, false, 0, 0, 0, NULL, :at) ON CONFLICT DO NOTHING
""")
_JOURNEYS = text("""
INSERT INTO journeys (shop_id, generation, flow_key, flow_version, subject, order_id, event_key, status,
    anchor, started_at, changed_at)
SELECT :shop, 1, 'win_back', 1, 'case:' || n || ':' || name, name, 'told', 'done', :at, :at, :at
FROM unnest(CAST(:names AS text[])) AS p(name), generate_series(0, :mails) AS g(n)
""")
# The first of each person has left.
_MAILS = text(f"""
INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence, template, mail_class, lane,
    order_id, recipient, state, due_at, expires_at, next_at, token, attempts, reasons, created_at, changed_at,
    channel, may_have_left)
SELECT :shop, 1, id, 'win_back', 'mail', 1, '{MAIL}', 'M', 2, order_id, order_id || '@example.com',
    CASE WHEN subject LIKE 'case:0:%' THEN 'sent' ELSE 'due' END, :at, :at + interval '14 days', :at, 0, 0,
    '[]', :at, :at, 'email', false
FROM journeys WHERE shop_id = :shop AND order_id = any(:names)
""")
_FIRST = text(
    "UPDATE messages SET sent_at = :at WHERE shop_id = :shop AND state = 'sent' AND order_id = any(:names)"
    " RETURNING id, order_id"
)
_NAMED = text("UPDATE messages SET message_id = :message_id WHERE shop_id = :shop AND id = :id")
