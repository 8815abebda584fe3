"""Leaving and coming back: one step, by topic, counting at once, and never beyond what was left here."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql

from app.services.connection import close_generation
from app.services.unsubscribe import rejoin, undo_leaving, unsubscribe
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import Consent, ConsentState, ParcelStatus, Platform, Shipped
from flows.facts import Topic
from tests.app.desk import START, Desk, a_parcel, a_product, an_order
from tests.app.web.conftest import Site
from tests.app.web.shopping import bought, link, put, shop_of

DELIVERED = START + timedelta(days=2)
ASK_DUE = START + timedelta(days=13)


def scopes(site: Site) -> set[str]:
    return {row.scope for row in site.rows("SELECT scope FROM suppressions")}


def address_hash(site: Site) -> str:
    return site.runtime.keys.address_hash(shop_of(site, Platform.WOOCOMMERCE), "mia@example.com")


def mails(site: Site) -> str:
    """The address of the page, as a mail to the buyer of order 13 carries it."""
    shop = shop_of(site, Platform.WOOCOMMERCE)
    bought(site)
    with site.runtime.database.shops(shop) as session:
        journey = session.execute(
            sql(
                "INSERT INTO journeys (shop_id, generation, flow_key, flow_version, subject, order_id,"
                " event_key, status, anchor, started_at, changed_at) VALUES (:shop, 1, 'review_request', 1,"
                " 'order:13', '13', 'e', 'active', :at, :at, :at) RETURNING id"
            ),
            {"shop": shop, "at": START},
        ).scalar_one()
        message = session.execute(
            sql(
                "INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence, template,"
                " mail_class, lane, order_id, recipient, state, due_at, expires_at, next_at, token, attempts,"
                " created_at, changed_at) VALUES (:shop, 1, :journey, 'review_request', 'ask', 1, 't', 'S',"
                " 1, '13', 'Mia@example.com', 'due', :at, :at, :at, 0, 0, :at, :at) RETURNING id"
            ),
            {"shop": shop, "journey": journey, "at": START},
        ).scalar_one()
    return link(site, "unsubscribe", message, "S", address_hash(site))


def states(page: str) -> list[str]:
    """What is said of the three topics, in their order."""
    listed = page[page.index('<ul class="ds-topics">') :].partition("</ul>")[0].split("<li>")[2:]
    return ["On" if 'class="ds-switch ds-on"' in one else "Off" for one in listed]


def undo_in(page: str) -> str:
    return page.partition('name="undo" value="')[2].partition('"')[0]


def subscribe(site: Site, state: ConsentState) -> None:
    put(site, Platform.WOOCOMMERCE, consents=(Consent("mia@example.com", state, START),))


def test_looking_changes_nothing(site: Site) -> None:
    address = mails(site)
    for _ in range(3):
        assert site.client.get(address).status_code == 200
    assert scopes(site) == set()
    assert [row.state for row in site.rows("SELECT state FROM messages")] == ["due"]


def test_the_page_names_the_person_but_not_its_whole_address(site: Site) -> None:
    page = site.client.get(mails(site)).text
    assert "Which mails would you like, Mia?" in page and "M…a@example.com" in page
    assert "Mia@example.com" not in page


def test_one_tap_leaves_everything(site: Site) -> None:
    address = mails(site)
    page = site.client.post(address, data={"leave": "all"}).text
    assert "You are unsubscribed" in page and "1 mail that was on its way to you is cancelled." in page
    assert scopes(site) == {"S", "M"}
    assert [tuple(row) for row in site.rows("SELECT state, reason FROM messages")] == [
        ("cancelled", "unsubscribed")
    ]
    assert [row.status for row in site.rows("SELECT status FROM journeys")] == ["ended"]
    assert "cancelled" not in site.client.post(address, data={"leave": "all"}).text, "again changes nothing"


def test_a_topic_is_left_by_itself_and_taken_back(site: Site) -> None:
    subscribe(site, ConsentState.SUBSCRIBED)
    address = mails(site)
    assert states(site.client.get(address).text) == ["On", "On", "On"]
    page = site.client.post(address, data={"leave": "reviews"}).text
    assert "Review requests: off, from this moment on." in page and "Undo" in page
    assert (scopes(site), states(page)) == ({"reviews"}, ["Off", "On", "On"])
    page = site.client.post(address, data={"join": "reviews"}).text
    assert (scopes(site), states(page)) == (set(), ["On", "On", "On"])


def test_coming_back_to_one_topic_keeps_the_others_left(site: Site) -> None:
    subscribe(site, ConsentState.SUBSCRIBED)
    address = mails(site)
    site.client.post(f"{address}/one-click")
    page = site.client.post(address, data={"join": "tips"}).text
    assert (scopes(site), states(page)) == ({"reviews"}, ["Off", "On", "On"])


@pytest.mark.parametrize("before", [{"leave": "tips"}, {"leave": "reviews"}, {}])
def test_undo_takes_back_what_this_press_left_and_nothing_older(site: Site, before: dict[str, str]) -> None:
    """Without fields the mail's whole class is left, S."""
    address = mails(site)
    site.client.post(address, data=before)
    older = scopes(site)
    page = site.client.post(address, data={"leave": "all"}).text
    assert scopes(site) == {*older, "S", "M"}
    assert "All as before" in site.client.post(address, data={"undo": undo_in(page)}).text
    assert scopes(site) == older


def test_undo_of_a_topic_keeps_the_class_left(site: Site) -> None:
    """A page that was opened before the class was left still shows its switches."""
    address = mails(site)
    site.client.post(f"{address}/one-click")
    page = site.client.post(address, data={"leave": "reviews"}).text
    site.client.post(address, data={"undo": undo_in(page)})
    assert scopes(site) == {"S"}


def test_an_undo_from_an_older_page_takes_nothing_back_that_was_left_since(site: Site) -> None:
    address = mails(site)
    page = site.client.post(address, data={"leave": "all"}).text
    for _ in range(2):
        site.client.post(address, data={"undo": undo_in(page)})
        assert scopes(site) == set()
    site.client.post(address, data={"leave": "all"})
    site.client.post(address, data={"undo": undo_in(page)})
    assert scopes(site) == {"S", "M"}


def test_what_was_left_already_has_no_undo(site: Site) -> None:
    address = mails(site)
    site.client.post(address, data={"leave": "all"})
    assert 'name="undo"' not in site.client.post(address, data={"leave": "all"}).text


def test_an_undo_is_one_person_s(site: Site) -> None:
    mine, other = mails(site), link(site, "unsubscribe", 999, "S", "of-another")
    page = site.client.post(mine, data={"leave": "all"}).text
    for undo in (undo_in(page), "x.y", "", undo_in(page)[:-3]):
        assert site.client.post(other, data={"undo": undo}).status_code == 400
    assert scopes(site) == {"S", "M"}


def test_two_topics_that_come_back_at_once_are_both_back(desk: Desk) -> None:
    hashed = desk.keys.address_hash(desk.shop_id, "mia@example.com")
    unsubscribe(desk.database, desk.shop_id, 0, "S", hashed, START)
    for _ in range(10):
        threads = [
            threading.Thread(target=rejoin, args=(desk.database, desk.shop_id, [topic], hashed, START))
            for topic in (Topic.REVIEWS, Topic.TIPS)
        ]
        with desk.database.shops(desk.shop_id) as session:  # both begin before either may end
            session.execute(sql("SELECT FROM suppressions FOR UPDATE"))
            for thread in threads:
                thread.start()
            time.sleep(0.05)
        for thread in threads:
            thread.join()
        assert desk.rows("SELECT * FROM suppressions") == []
        unsubscribe(desk.database, desk.shop_id, 0, "S", hashed, START)


@pytest.mark.parametrize("reason", ["hard_bounce", "complaint"])
def test_bounces_and_complaints_are_not_taken_back(site: Site, reason: str) -> None:
    address, shop = mails(site), shop_of(site, Platform.WOOCOMMERCE)
    with site.runtime.database.shops(shop) as session:
        session.execute(
            sql(
                "INSERT INTO suppressions VALUES (:shop, :hash, '*', :reason, :at),"
                " (:shop, :hash, 'S', :reason, :at)"
            ),
            {"shop": shop, "hash": address_hash(site), "reason": reason, "at": START},
        )
    assert states(site.client.get(address).text)[:2] == ["Off", "Off"]
    site.client.post(address, data={"join": "reviews"})
    page = site.client.post(address, data={"leave": "all"}).text
    site.client.post(address, data={"undo": undo_in(page)})
    assert scopes(site) >= {"*", "S"}


@pytest.mark.parametrize("state", [ConsentState.UNSUBSCRIBED, ConsentState.REDACTED])
def test_who_left_in_the_store_comes_back_only_there(site: Site, state: ConsentState) -> None:
    subscribe(site, state)
    address = mails(site)
    page = site.client.get(address).text
    assert 'name="join"' not in page and "You unsubscribed in the shop itself." in page
    site.client.post(address, data={"join": "offers"})
    assert [row.state for row in site.rows("SELECT state FROM consents")] == [state.value]


@pytest.mark.parametrize("state", [None, ConsentState.NOT_SUBSCRIBED, ConsentState.PENDING])
def test_offers_cannot_be_switched_on_without_consent(site: Site, state: ConsentState | None) -> None:
    if state:
        subscribe(site, state)
    page = site.client.get(mails(site)).text
    assert states(page) == ["On", "On", "Off"] and 'value="offers"' not in page


def test_who_gets_offers_as_a_customer_can_leave_them(site: Site) -> None:
    """The shop told at the checkout that they follow, and nobody asked for consent."""
    site.rows("UPDATE shops SET consent_choices = '{\"told_at_checkout\": true}' RETURNING id")
    address = mails(site)
    assert states(site.client.get(address).text) == ["On", "On", "On"]
    page = site.client.post(address, data={"leave": "offers"}).text
    assert (states(page), scopes(site)) == (["On", "On", "Off"], {"offers"})
    subscribe(site, ConsentState.NOT_SUBSCRIBED)
    assert states(site.client.get(address).text) == ["On", "On", "Off"]


@pytest.mark.parametrize(
    "fields",
    [{"leave": "T"}, {"leave": "*"}, {"join": "S"}, {"leave": ""}, {"join": "\x00"}, {"join": "all"}],
)
def test_other_scopes_are_refused(site: Site, fields: dict[str, str]) -> None:
    assert site.client.post(mails(site), data=fields).status_code == 400
    assert scopes(site) == set()


def test_a_mail_program_needs_one_post(site: Site) -> None:
    address = mails(site)
    answer = site.client.post(f"{address}/one-click", data="List-Unsubscribe=One-Click")
    assert (answer.status_code, scopes(site)) == (200, {"S"})


@pytest.mark.parametrize("how", ["page", "one-click"])
def test_the_page_outlives_the_shop_s_connection(site: Site, how: str) -> None:
    address, shop = mails(site), shop_of(site, Platform.WOOCOMMERCE)
    with site.runtime.database.shops(shop) as session:
        close_generation(session, shop, START)
    assert site.client.get(address).status_code == 200
    answer = site.client.post(address if how == "page" else f"{address}/one-click")
    assert (answer.status_code, scopes(site)) == (200, {"S"})


def test_without_its_mail_the_page_still_works(site: Site) -> None:
    """The person was forgotten meanwhile; the hash is all that is left."""
    address = link(site, "unsubscribe", 999, "S", "some-hash")
    assert "Which mails would you like?" in site.client.get(address).text
    assert site.client.post(address, data={"leave": "reviews"}).status_code == 200
    assert scopes(site) == {"reviews"}


def delivered(desk: Desk, number: str, email: str) -> None:
    desk.now = DELIVERED
    order = an_order(id=number, number=number, email=email, shipped=Shipped.ALL)
    parcel = a_parcel(id=f"t{number}", order_id=number, status=ParcelStatus.DELIVERED, delivered_at=DELIVERED)
    desk.read(Reading(orders=(order,), parcels=(parcel,), products=(a_product(),)))


def journeys(desk: Desk, flow: str) -> dict[str, tuple[str, str | None]]:
    rows = desk.rows("SELECT * FROM journeys WHERE flow_key = :flow ORDER BY order_id", flow=flow)
    return {row.order_id: (row.status, row.end_reason) for row in rows}


def leave(desk: Desk, *wanted: str) -> int:
    """As the buyer of order 13 does, by the link in the review mail."""
    ask = desk.rows("SELECT id FROM messages WHERE step = 'ask' AND order_id = '13'")[0]
    hashed = desk.keys.address_hash(desk.shop_id, "mia@example.com")
    return unsubscribe(desk.database, desk.shop_id, ask.id, wanted, hashed, ASK_DUE).cancelled


@pytest.mark.parametrize("scope", ["S", "reviews"])
def test_journeys_that_have_not_mailed_yet_end_too(desk: Desk, scope: str) -> None:
    delivered(desk, "13", "Mia@example.com")
    wake_due(desk.database, desk.keys, ASK_DUE)
    delivered(desk, "14", "mia@example.com")
    delivered(desk, "15", "ada@example.com")
    assert leave(desk, scope) == 1
    assert journeys(desk, "review_request") == {
        "13": ("ended", "Unsubscribed"),
        "14": ("ended", "Unsubscribed"),
        "15": ("active", None),
    }
    timers = "SELECT t.* FROM timers t JOIN journeys j ON j.id = t.journey_id AND j.status = 'ended'"
    assert desk.rows(timers) == []


@pytest.mark.parametrize("scope", ["M", "tips", "offers", "T"])
def test_other_flows_go_on(desk: Desk, scope: str) -> None:
    delivered(desk, "13", "mia@example.com")
    wake_due(desk.database, desk.keys, ASK_DUE)
    before = journeys(desk, "review_request"), journeys(desk, "delivered")
    assert leave(desk, scope) == 0
    assert (journeys(desk, "review_request"), journeys(desk, "delivered")) == before


def test_coming_back_starts_nothing_again(desk: Desk) -> None:
    delivered(desk, "13", "mia@example.com")
    wake_due(desk.database, desk.keys, ASK_DUE)
    leave(desk, "S")
    hashed = desk.keys.address_hash(desk.shop_id, "mia@example.com")
    rejoin(desk.database, desk.shop_id, [Topic.REVIEWS], hashed, ASK_DUE)
    undo_leaving(desk.database, desk.shop_id, hashed, ["S"], ASK_DUE)
    assert journeys(desk, "review_request")["13"] == ("ended", "Unsubscribed")
    states: list[Any] = desk.rows("SELECT state FROM messages WHERE step = 'ask'")
    assert [row.state for row in states] == ["cancelled"]
