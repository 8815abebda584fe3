"""What a merchant turns on: the rights it needs, what it owes the store, and what the store says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.services.features import FEATURES, features_of
from app.services.store_writes import run_write
from connectors.shopify.scopes import OPTIONAL_SCOPES, SCOPES
from flows.commerce import Consent, ConsentState, Platform
from tests.app.desk import START
from tests.app.web.addresses import SHOPS
from tests.app.web.admin.mails import Counter
from tests.app.web.conftest import Site
from tests.connectors.shopify.graph import answering
from tests.connectors.shopify.shop_server import Call, Reply, ShopServer, shop_server
from wire.http import HttpClient

DOMAIN = SHOPS[Platform.SHOPIFY]


@dataclass
class Shop(Counter):
    """`granted`: what the store would say; `silent`: that it says nothing."""

    platform: Platform = Platform.SHOPIFY
    granted: tuple[str, ...] = SCOPES
    silent: bool = False
    server: ShopServer | None = None

    def throw(self, key: str, on: str = "1") -> str:
        status, page = self.post(f"/settings/features/{key}", on=on)
        assert status == 200, page
        return page

    def owed(self, kind: str) -> list[dict[str, Any]]:
        return [row.body for row in self.sql("SELECT body FROM store_writes WHERE kind = :kind", kind=kind)]

    def states(self) -> list[str]:
        return [row.state for row in self.sql("SELECT state FROM store_writes ORDER BY key")]

    def write(self) -> bool:
        at = self.site.runtime
        return run_write(at.database, at.stores(), at.clock.real())


@pytest.fixture
def shop(site: Site) -> Iterator[Shop]:
    made = Shop(site)
    spoken = answering(
        {
            "currentAppInstallation": lambda info: {
                "accessScopes": [{"handle": handle} for handle in made.granted]
            },
            "product": {"id": "gid://shopify/Product/1", "rating": None, "count": None},
            "metafieldDefinitions": {"nodes": [{"key": "rating"}, {"key": "rating_count"}]},
            "metafieldsSet": {"metafields": [], "userErrors": []},
        }
    )

    def answer(call: Call) -> Reply:
        return Reply(503, b"<html>") if made.silent else spoken(call)

    with shop_server(answer) as server:
        client = HttpClient(origins={f"https://{DOMAIN}": server.origin}, pause=lambda seconds: None)
        site.runtime = site.client.application.extensions["doorstep"] = replace(site.runtime, http=client)
        made.server = server
        made.sql("UPDATE shops SET scopes = :scopes WHERE id = :shop", scopes=",".join(SCOPES))
        yield made


def review(shop: Shop, order: str, stars: int, product: str = "1") -> int:
    (row,) = shop.sql(
        "INSERT INTO reviews (shop_id, order_id, product_id, address_hash, stars, title, body, name,"
        " language, state, verified, submitted_at) VALUES (:shop, :order, :product, 'hash', :stars, 't', 'b',"
        " 'n', 'en', 'held', true, :at) RETURNING id",
        order=order,
        product=product,
        stars=stars,
        at=START,
    )
    return int(row.id)


def publish(shop: Shop, *ids: int) -> None:
    seen = shop.site.runtime.clock.now().isoformat()
    assert shop.post("/reviews/publish", review=list(ids), seen=seen)[0] == 200


def test_the_optional_rights_are_those_of_the_features() -> None:
    assert sorted(scope for feature in FEATURES for scope in feature.scopes) == sorted(OPTIONAL_SCOPES)


def test_everything_is_off_and_a_shop_of_the_other_kind_sees_none_of_it(shop: Shop, site: Site) -> None:
    _, page = shop.get("/settings")
    mine = len(features_of(Platform.SHOPIFY))
    assert page.count('role="switch"') == mine == page.count('aria-checked="false"')
    assert 'href="/shopify/app/settings?' in page and "further permissions" in page
    woo = Counter(site)
    _, page = woo.get("/settings")
    theirs = len(features_of(Platform.WOOCOMMERCE))
    assert page.count('role="switch"') == theirs == page.count('aria-checked="false"')
    assert "permission" not in page and mine + theirs == sum(len(feature.platforms) for feature in FEATURES)
    assert 'href="/woocommerce/app/settings?' in woo.get("/")[1]
    assert woo.post("/settings/features/theme_stars", on="1")[0] == 404
    assert shop.post("/settings/features/own_reviews", on="1")[0] == 404
    assert shop.post("/settings/features/nonsense", on="1")[0] == 404
    assert shop.post("/settings/features/theme_stars", on="yes")[0] == 400
    assert shop.sql("SELECT key FROM features") == []


def test_a_switch_asks_for_the_missing_right_once(shop: Shop) -> None:
    page = shop.throw("theme_stars")
    assert re.findall(r'data-rights="([^"]+)" data-now', page) == ["write_products"]
    assert "It waits for your permission to change products." in page
    _, later = shop.get("/settings")
    assert 'data-rights="write_products"' in later and "data-now" not in later
    shop.throw("theme_stars")
    said = [
        row.words for row in shop.sql("SELECT words FROM admin_changes WHERE area = 'settings' ORDER BY id")
    ]
    assert said == ["Turned on: Stars in your theme."]


def test_what_waits_for_a_right_is_written_when_the_store_says_that_it_is_given(shop: Shop) -> None:
    publish(shop, review(shop, "1", 5), review(shop, "2", 4))
    assert shop.owed("set_rating") == []  # nobody asked for it yet
    shop.throw("theme_stars")
    assert shop.owed("set_rating") == [{"product_id": "1", "average": 4.5, "count": 2}]
    assert shop.write() and not shop.write()
    assert shop.states() == ["open"]

    status, page = shop.post("/settings/rights")  # the merchant said no
    assert status == 200 and "The permission was not given." in page and not shop.write()
    shop.silent = True
    assert "did not answer" in shop.post("/settings/rights")[1]
    shop.silent, shop.granted = False, (*SCOPES, "write_products")
    _, page = shop.post("/settings/rights")
    assert "The permission is there." in page and "data-rights" not in page
    assert shop.write()
    assert shop.states() == ["done"]
    assert "1 written." in shop.get("/settings")[1]


def test_a_message_of_the_store_gives_the_right_too(shop: Shop) -> None:
    publish(shop, review(shop, "1", 5))
    shop.throw("theme_stars")
    shop.write()
    shop.read(granted=(*SCOPES, "write_products"))
    assert shop.write()
    assert shop.states() == ["done"]


def test_every_decision_on_a_review_moves_the_stars(shop: Shop) -> None:
    shop.throw("theme_stars")
    first, second = review(shop, "1", 5), review(shop, "2", 2)
    other = review(shop, "3", 1, product="2")
    publish(shop, first)
    assert shop.owed("set_rating") == [{"product_id": "1", "average": 5.0, "count": 1}]
    publish(shop, second, other)
    assert sorted(one["average"] for one in shop.owed("set_rating")) == [1.0, 3.5]
    keep = {"reason": "spam", "seen": shop.site.runtime.clock.now().isoformat()}
    assert shop.post(f"/reviews/{first}/keep", **keep)[0] == 200
    assert {"product_id": "1", "average": 2.0, "count": 1} in shop.owed("set_rating")
    keep["seen"] = (shop.site.runtime.clock.now() + timedelta(seconds=1)).isoformat()
    assert shop.post(f"/reviews/{second}/keep", **keep)[0] == 200
    assert {"product_id": "1", "average": 0.0, "count": 0} in shop.owed("set_rating")


def test_turned_off_nothing_further_is_owed(shop: Shop) -> None:
    publish(shop, review(shop, "1", 5))
    shop.throw("theme_stars")
    assert 'aria-checked="true"' not in shop.throw("theme_stars", "0")
    assert shop.states() == []
    publish(shop, review(shop, "2", 4))
    assert shop.states() == []
    shop.throw("consent_sync", "0")  # was never on
    said = [
        row.words for row in shop.sql("SELECT words FROM admin_changes WHERE area = 'settings' ORDER BY id")
    ]
    assert said == ["Turned on: Stars in your theme.", "Turned off: Stars in your theme."]


def test_older_orders_are_read_once_the_right_is_there(shop: Shop) -> None:
    over = "UPDATE polls SET next_at = 'infinity' WHERE shop_id = :shop AND noun = 'history'"
    due = "SELECT next_at < 'infinity' AS due FROM polls WHERE shop_id = :shop AND noun = 'history'"
    shop.sql(over)
    shop.throw("full_history")
    assert not shop.sql(due)[0].due
    shop.read(granted=(*SCOPES, "read_all_orders"))
    assert shop.sql(due)[0].due
    shop.sql(over)
    shop.read(granted=(*SCOPES, "read_all_orders"))  # told again
    assert not shop.sql(due)[0].due


# --- consent ---


@dataclass
class Person:
    """Somebody who got a mail about an order and opens its page of preferences."""

    shop: Shop
    page: str

    def press(self, **fields: str) -> None:
        assert self.shop.site.client.post(self.page, data=fields).status_code == 200

    def owed(self) -> list[str]:
        return [one["state"] for one in self.shop.owed("set_consent")]


@pytest.fixture
def person(shop: Shop) -> Person:
    shop.throw("consent_sync")
    shop.read(consents=(Consent("mia@example.com", ConsentState.SUBSCRIBED, START, "7"),))
    return someone(shop, "13", "7")


def someone(shop: Shop, order: str, customer: str | None) -> Person:
    shop.buy(order, customer_id=customer)
    (journey,) = shop.sql(
        "INSERT INTO journeys (shop_id, generation, flow_key, flow_version, subject, order_id, event_key,"
        " status, anchor, started_at, changed_at) VALUES (:shop, 1, 'review_request', 1, 'order:' || :order,"
        " :order, 'e', 'active', :at, :at, :at) RETURNING id",
        order=order,
        at=START,
    )
    (message,) = shop.sql(
        "INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence, template,"
        " mail_class, lane, order_id, recipient, state, due_at, expires_at, next_at, token, attempts,"
        " created_at, changed_at) VALUES (:shop, 1, :journey, 'review_request', 'ask', 1, 't', 'S', 1,"
        " :order, 'Mia@example.com', 'sent', :at, :at, :at, 0, 0, :at, :at) RETURNING id",
        order=order,
        journey=journey.id,
        at=START,
    )
    keys = shop.site.runtime.keys
    hashed = keys.address_hash(shop.shop_id, "mia@example.com")
    return Person(shop, f"/u/{keys.sign('unsubscribe', [shop.shop_id, message.id, 'S', hashed])}")


def test_who_leaves_offers_leaves_them_in_the_store_and_comes_back_there(person: Person) -> None:
    person.press(leave="reviews")
    assert person.owed() == []
    person.press(leave="offers")
    (owed,) = person.shop.owed("set_consent")
    assert (owed["customer_id"], owed["email"], owed["state"]) == ("7", "mia@example.com", "unsubscribed")
    person.press(leave="all")
    assert person.owed() == ["unsubscribed"]
    person.press(join="offers")
    assert person.owed() == ["subscribed"]


def test_coming_back_keeps_the_proof_that_they_confirmed(person: Person) -> None:
    """The store has no other record of it, and would keep the one that we write."""
    later, agreed = datetime.now(UTC), ConsentState.SUBSCRIBED
    heard = Consent("mia@example.com", agreed, later, "7", opt_in_level="confirmed_opt_in")
    person.shop.read(consents=(heard,))
    person.press(leave="offers")
    person.press(join="offers")
    (owed,) = person.shop.owed("set_consent")
    assert (owed["state"], owed["level"]) == ("subscribed", "confirmed_opt_in")


def test_an_undo_is_told_too(person: Person) -> None:
    answer = person.shop.site.client.post(person.page, data={"leave": "all"}).get_data(as_text=True)
    assert person.owed() == ["unsubscribed"]
    person.press(undo=answer.partition('name="undo" value="')[2].partition('"')[0])
    assert person.owed() == ["subscribed"]


def test_nobody_is_subscribed_who_was_not_before(person: Person) -> None:
    later = datetime.now(UTC)
    person.shop.read(consents=(Consent("mia@example.com", ConsentState.NOT_SUBSCRIBED, later, "7"),))
    person.press(leave="all")
    assert person.owed() == ["unsubscribed"]
    person.press(join="offers")
    assert person.owed() == ["unsubscribed"]


def test_our_own_word_that_comes_back_is_no_news(person: Person) -> None:
    """It must not close the way back, which is open for whom left through us."""
    person.press(leave="offers")
    (owed,) = person.shop.owed("set_consent")
    at = datetime.fromisoformat(owed["at"])
    heard = "SELECT state FROM consents WHERE shop_id = :shop"
    person.shop.read(consents=(Consent("mia@example.com", ConsentState.UNSUBSCRIBED, at, "7"),))
    assert person.shop.sql(heard)[0].state == "subscribed"
    later = at + timedelta(seconds=1)
    person.shop.read(consents=(Consent("mia@example.com", ConsentState.UNSUBSCRIBED, later, "7"),))
    assert person.shop.sql(heard)[0].state == "unsubscribed"


def test_without_the_feature_or_a_customer_nothing_is_written(shop: Shop) -> None:
    someone(shop, "13", "7").press(leave="all")
    assert shop.owed("set_consent") == []
    shop.throw("consent_sync")
    shop.sql("UPDATE shops SET scopes = scopes || ',write_customers' WHERE id = :shop")
    shop.sql("DELETE FROM suppressions WHERE shop_id = :shop")
    someone(shop, "14", None).press(leave="all")
    assert shop.write()
    (row,) = shop.sql("SELECT state, error FROM store_writes")
    assert (row.state, row.error) == ("given_up", "NotThere: the store knows no such customer")
    assert "1 refused. The last reason: the store knows no such customer." in shop.get("/settings")[1]
