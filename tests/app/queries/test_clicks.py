"""What a click says: of the flow in whose mail it was, and never by a machine."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from app.queries.desk import Reader, load_desk
from app.queries.facts import load_fact_base
from app.services.clicks import record_click
from connectors.base import Reading
from flows.events import LinkClicked, ProductViewed
from flows.facts import Facts
from flows.limits import IDLE
from tests.app.desk import START, Desk, an_order
from tests.app.services.statements import counted
from tests.proof import Count

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
)


def facts(desk: Desk, flow_key: str) -> Facts:
    with desk.database.shops(desk.shop_id) as session:
        key = (desk.shop_id, "13")
        return load_fact_base(session, [key], desk.keys).facts(key, flow_key, None)


def click(
    desk: Desk, product: str = "", agent: str = PHONE, hours: int = 1, seconds: float = 0, link: str = "lid"
) -> None:
    (mail,) = desk.rows("SELECT id FROM messages WHERE flow_key = 'order_confirmation'")
    at = START + timedelta(hours=hours, seconds=seconds)
    target = f"https://larkhus.example/{link}"
    record_click(desk.database, desk.keys, desk.shop_id, mail.id, target, agent, at, product)


def test_a_click_is_known_to_its_own_flow(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(),)))
    assert LinkClicked not in facts(desk, "order_confirmation").happened
    click(desk, hours=2)
    click(desk)
    click(desk, "p7", hours=3)
    seen = facts(desk, "order_confirmation")
    assert seen.happened[LinkClicked] == START + timedelta(hours=1)
    assert seen.happened[ProductViewed] == START + timedelta(hours=3)
    assert seen.person.clicked_at == START + timedelta(hours=3)
    other = facts(desk, "replenishment")
    assert not {LinkClicked, ProductViewed} & other.happened.keys()
    assert other.person.clicked_at == START + timedelta(hours=3)


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Windows NT 10.0) SafeLinks",
        "python-requests/2.32",
        "WhatsApp/2.23",
        "Proofpoint URL Defense",
    ],
)
def test_what_follows_every_link_counts_for_nothing(desk: Desk, agent: str) -> None:
    desk.read(Reading(orders=(an_order(),)))
    click(desk, "p7", agent)
    seen = facts(desk, "order_confirmation")
    assert not {LinkClicked, ProductViewed} & seen.happened.keys()
    assert seen.person.clicked_at is None
    assert [row.kind for row in desk.rows("SELECT kind FROM message_events")] == ["scanned"]


def kinds(desk: Desk) -> list[str]:
    return [row.kind for row in desk.rows("SELECT kind FROM message_events ORDER BY id")]


@pytest.mark.parametrize(("agent", "active"), [(PHONE, True), ("Proofpoint URL Defense", False)])
def test_who_ordered_long_ago_is_active_by_their_own_click_alone(
    desk: Desk, agent: str, active: bool
) -> None:
    desk.read(Reading(orders=(an_order(),)))
    desk.rows(
        "UPDATE messages SET recipient = 'mia@example.com', state = 'sent', sent_at = :at RETURNING 1",
        at=START,
    )
    click(desk, agent=agent, hours=24)
    now = START + IDLE + timedelta(days=2)
    hashed = desk.keys.address_hash(desk.shop_id, "mia@example.com")
    reader = Reader(desk.shop_id, hashed, "mia@example.com", "mia@example.com")
    desk.rows("UPDATE messages SET changed_at = :at RETURNING 1", at=START + timedelta(days=1))
    with desk.database.shops(desk.shop_id) as session:
        (at,) = load_desk(session, [reader], [desk.shop_id], [], now).active_at.values()
    assert (at == START + timedelta(hours=24)) is active


def test_a_link_that_is_followed_as_the_mail_arrives_counts_for_nothing(desk: Desk) -> None:
    """Scanners of mails call themselves browsers."""
    desk.read(Reading(orders=(an_order(),)))
    desk.rows("UPDATE messages SET state = 'sent', sent_at = :at RETURNING 1", at=START + timedelta(hours=1))
    for seconds in (0, 5, 5.1):
        click(desk, seconds=seconds)
    assert kinds(desk) == ["scanned", "scanned", "clicked"]


def test_a_link_that_is_followed_before_its_server_has_answered_counts_for_nothing(desk: Desk) -> None:
    """A server may look through a mail before it says that it takes it."""
    desk.read(Reading(orders=(an_order(),)))
    desk.rows("UPDATE messages SET state = 'sending' RETURNING 1")
    click(desk)
    assert kinds(desk) == ["scanned"]


def test_several_links_of_one_mail_at_once_count_for_nothing(desk: Desk) -> None:
    """The first of them either; whoever presses one button twice is a person."""
    desk.read(Reading(orders=(an_order(),)))
    for number, link in enumerate(("lid", "mug", "lamp")):
        click(desk, "p7", seconds=number, link=link)
    assert kinds(desk) == ["scanned"] * 3
    assert facts(desk, "order_confirmation").person.clicked_at is None
    click(desk, hours=2)
    click(desk, hours=2, seconds=1)
    click(desk, hours=2, seconds=4, link="mug")
    assert kinds(desk)[3:] == ["clicked"] * 3


def test_a_slow_scanner_gives_itself_away_by_the_fifth_link(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(),)))
    for number in range(4):
        click(desk, seconds=number * 10, link=f"link{number}")
    assert kinds(desk) == ["clicked"] * 4
    click(desk, seconds=45, link="link4")
    assert kinds(desk) == ["scanned"] * 5
    click(desk, hours=3, link="link0")
    assert kinds(desk)[5:] == ["clicked"], "a person comes after it"


def test_two_links_side_by_side_see_each_other(desk: Desk, count: Count) -> None:
    desk.read(Reading(orders=(an_order(),)))
    for number in range(count(20, 200)):
        pair = [
            threading.Thread(target=click, args=(desk,), kwargs={"hours": number + 1, "link": link})
            for link in ("lid", "mug")
        ]
        for one in pair:
            one.start()
        for one in pair:
            one.join()
    assert set(kinds(desk)) == {"scanned"}


def test_one_statement_for_any_number(desk: Desk) -> None:
    orders = tuple(an_order(id=str(n), number=str(n), email=f"{n}@example.com") for n in range(50))
    desk.read(Reading(orders=orders))
    counts = []
    for size in (1, 50):
        with counted(desk.database) as seen, desk.database.shops(desk.shop_id) as session:
            load_fact_base(session, [(desk.shop_id, str(n)) for n in range(size)], desk.keys)
        counts.append(len(seen))
    assert counts[0] == counts[1]
