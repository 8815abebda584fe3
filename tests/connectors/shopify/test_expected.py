"""Every sample body that Shopify publishes for our topics, and what a correct receiver makes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Gone, Malformed, Mark, Noun, Reading, Store, Wish
from connectors.news import Merge, PlanNews, PrivacyAsk, PrivacyKind
from connectors.shopify.normalise import READERS, normalise
from flows.commerce import ConsentState, OrderState, ParcelStatus, Platform, ReturnState
from tests.connectors.shopify.samples import BODIES, sample
from wire.http import HttpClient

TABLE = Path(__file__).parents[2] / "payloads" / "shopify" / "expected.tsv"

# What a correct receiver makes of each sample: "parked" is added where its order is not known.
ROWS = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()[1:] if line[0] != "#"]
EXPECTED = {topic: outcome.removesuffix(" or parked") for _, topic, _, outcome in ROWS}
# What the samples' numbers became in a reader with 53 bits; the gid beside some of them is exact.
ROUNDED_ORDER, ORDER = "820982911946154500", "820982911946154508"


STORE = Store(
    Platform.SHOPIFY, "hollow-pine.myshopify.com", "https://hollow-pine.myshopify.com", HttpClient()
)


def _outcome(reading: Reading) -> str:
    if reading.ignored is not None:
        return f"ignored:{reading.ignored}"
    bare = replace(reading, wishes=(), stamp=None) == Reading()
    return "hint:reread" if bare and reading.wishes else "processed"


def _all_topics() -> list[str]:
    return sorted(str(path.relative_to(BODIES).with_suffix("")) for path in BODIES.rglob("*.json"))


@pytest.mark.parametrize("topic", EXPECTED)
def test_each_sample_has_its_outcome(topic: str) -> None:
    assert _outcome(normalise(topic, sample(topic))) == EXPECTED[topic]


def test_every_topic_that_is_read_has_its_sample() -> None:
    read = {topic for topic, outcome in EXPECTED.items() if outcome != "ignored:topic"}
    assert read == set(READERS)
    assert len(ROWS) == 46
    assert all(file == f"{topic.replace('/', '__')}.json" and http == "200" for file, topic, http, _ in ROWS)


def test_every_other_topic_is_answered_and_dropped() -> None:
    others = [topic for topic in _all_topics() if topic not in READERS]
    assert len(others) > 100
    for topic in others:
        assert normalise(topic, sample(topic)) == Reading(ignored="topic")


def test_the_exact_id_comes_from_the_gid() -> None:
    reading = normalise("orders/create", sample("orders/create"))
    assert reading.orders[0].id == ORDER
    assert [line.id for line in reading.orders[0].lines] == [
        "487817672276298554",
        "789012345678901234",
        "890123456789012345",
        "976318377106520349",
        "315789986012684393",
    ]
    assert reading.orders[0].customer_id == "115310627314723954"


def test_the_sample_order() -> None:
    order = normalise("orders/create", sample("orders/create")).orders[0]
    assert (order.number, order.state, order.currency, order.total) == (
        "9999",
        OrderState.CANCELLED,
        "USD",
        40495,
    )
    assert (order.shipping, order.tax, order.discount, order.subtotal) == (1000, 0, 2000, 41495)
    assert order.is_test and not order.is_gift
    assert order.accepted_at == order.placed_at and order.paid_at is None
    assert (order.first_name, order.last_name, order.email) == ("John", "Smith", "jon@example.com")
    assert order.placed_at.isoformat() == "2022-01-01T00:00:00+00:00"
    assert order.status_url is not None and order.status_url.startswith("https://jsmith.myshopify.com/")


def test_parts_that_name_their_order_by_number_only_keep_that_number() -> None:
    """Live numbers are exact; the sample's is rounded, as nothing beside it tells better."""
    assert (
        normalise("fulfillments/create", sample("fulfillments/create")).parcels[0].order_id == ROUNDED_ORDER
    )
    assert normalise("refunds/create", sample("refunds/create")).refunds[0].order_id == ROUNDED_ORDER
    assert normalise("orders/delete", sample("orders/delete")).wishes[0].id == ROUNDED_ORDER
    assert normalise("orders/edited", sample("orders/edited")).wishes[0].id == ROUNDED_ORDER


def test_the_sample_parcel() -> None:
    parcel = normalise("fulfillments/create", sample("fulfillments/create")).parcels[0]
    assert (parcel.id, parcel.status, parcel.carrier, parcel.name) == (
        "123456",
        ParcelStatus.PENDING,
        "UPS",
        "#9999.1",
    )
    assert parcel.tracking_number == "1z827wk74630"
    assert parcel.tracking_url is not None and parcel.tracking_url.startswith("https://www.ups.com/")
    assert parcel.lines[0].line_id == "487817672276298554"


def test_the_sample_scan_and_its_withdrawal() -> None:
    made = normalise("fulfillment_events/create", sample("fulfillment_events/create")).parcel_events[0]
    gone = normalise("fulfillment_events/delete", sample("fulfillment_events/delete")).parcel_events[0]
    assert (made.id, made.parcel_id, made.status, made.place) == (
        "1234567",
        "123456",
        ParcelStatus.IN_TRANSIT,
        "CA",
    )
    assert gone == replace(made, gone=True)


def test_the_sample_refund() -> None:
    refund = normalise("refunds/create", sample("refunds/create")).refunds[0]
    assert (refund.id, refund.amount, refund.reason) == ("890088186047892319", 8500, "Things were damaged")
    assert [(line.line_id, line.quantity, line.amount) for line in refund.lines][:2] == [
        ("487817672276298554", 1, 8999),
        ("789012345678901234", 1, 1999),
    ]


def test_the_sample_people() -> None:
    customer = normalise("customers/update", sample("customers/update")).customers[0]
    assert (customer.id, customer.email, customer.first_name) == (
        "706405506930370084",
        "bob@biller.com",
        "Bob",
    )
    consent = normalise(
        "customers_email_marketing_consent/update", sample("customers_email_marketing_consent/update")
    ).consents[0]
    assert (consent.email, consent.state, consent.at) == ("bob@biller.com", ConsentState.NOT_SUBSCRIBED, None)
    assert normalise("customers/delete", sample("customers/delete")).gone == (
        Gone(Noun.CUSTOMER, "706405506930370084"),
    )


def test_the_sample_product() -> None:
    reading = normalise("products/create", sample("products/create"))
    product = reading.products[0]
    assert (product.id, product.title, product.price) == ("788032119674292922", "Example T-Shirt", 1999)
    assert (product.kind, product.tags, product.published) == ("Shirts", ("example", "mens", "t-shirt"), True)
    assert normalise("products/delete", sample("products/delete")).gone[0].noun is Noun.PRODUCT


def test_the_sample_shop_tells_nothing_that_it_does_not_know() -> None:
    profile = normalise("shop/update", sample("shop/update")).profile
    assert profile is not None
    assert (profile.name, profile.email, profile.currency) == ("Super Toys", "super@supertoys.com", "USD")
    assert (profile.url, profile.timezone) == ("", "")
    assert profile.address == "190 MacLaren Street, 37178, Houston, Tennessee, US"


def test_uninstalling_marks_the_shop() -> None:
    assert normalise("app/uninstalled", sample("app/uninstalled")) == Reading(mark=Mark.UNINSTALLED)


def test_a_merge_counts_when_it_is_done() -> None:
    """The sample tells of one that failed."""
    body = sample("customers/merge")
    assert normalise("customers/merge", body) == Reading()
    for status in ("requested", "in_progress", "failed", "FAILED"):
        assert normalise("customers/merge", {**body, "status": status}) == Reading()
    for done in ("completed", None):
        found = normalise("customers/merge", {**body, "status": done})
        assert found.merges == (Merge(kept="1", gone="2"),)
        assert found.wishes == (Wish(Noun.CUSTOMER, "1", "two customers were merged into it"),)


def test_what_is_told_of_our_own_app() -> None:
    granted = normalise("app/scopes_update", sample("app/scopes_update"))
    assert granted == Reading(granted=("read_products", "write_products"))
    taken = normalise("app/scopes_update", {**sample("app/scopes_update"), "current": []})
    assert taken == Reading(granted=())
    plan = normalise("app_subscriptions/update", sample("app_subscriptions/update"))
    assert plan.plan == PlanNews("plan-123", "pending", "gid://shopify/AppSubscription/1029266977")
    done = normalise("bulk_operations/finish", sample("bulk_operations/finish"))
    assert done == Reading(bulk_done="gid://shopify/BulkOperation/147595010")


def test_demands_by_law() -> None:
    orders = ("220458", "280263", "299938")
    export = normalise("customers/data_request", sample("customers/data_request")).privacy
    assert export == PrivacyAsk(
        PrivacyKind.EXPORT, "9999", "191167", "john@example.com", "555-625-1199", orders
    )
    forget = normalise("customers/redact", sample("customers/redact")).privacy
    assert forget is not None and replace(forget, key="") == PrivacyAsk(
        PrivacyKind.FORGET_PERSON, "", "191167", "john@example.com", "555-625-1199", orders
    )
    gone = normalise("shop/redact", sample("shop/redact")).privacy
    assert gone is not None and gone.kind is PrivacyKind.FORGET_SHOP


def test_a_repeated_demand_is_the_same_and_one_for_more_orders_is_another() -> None:
    """Its key tells nothing of the person."""
    body = sample("customers/redact")
    one, again = (normalise("customers/redact", body).privacy for _ in range(2))
    more = normalise("customers/redact", {**body, "orders_to_redact": [1, 2]}).privacy
    assert one is not None and again is not None and more is not None
    assert one.key == again.key != more.key
    assert "191167" not in one.key and len(one.key) == 32


@pytest.mark.parametrize("topic", ["customers/redact", "customers/data_request"])
def test_a_demand_that_names_nobody_does_not_count_as_met(topic: str) -> None:
    for customer in (None, {}, {"id": None, "email": ""}):
        body = {"shop_id": 1, "shop_domain": STORE.domain, "customer": customer}
        with pytest.raises(Malformed):
            normalise(topic, body, STORE)


SHOP = "gid://shopify/Shop/548380009"
ELSEWHERE: list[tuple[str, dict[str, Any]]] = [
    ("shop/redact", {"shop_domain": "other.myshopify.com"}),
    ("shop/redact", {"shop_domain": STORE.domain, "shop_id": 7}),
    ("customers/redact", {"shop_domain": "other.myshopify.com"}),
    ("customers/data_request", {"shop_id": 7}),
    ("app/uninstalled", {"myshopify_domain": "other.myshopify.com"}),
    ("app/uninstalled", {"id": 7}),
    ("shop/update", {"id": 7}),
    ("app/scopes_update", {"shop_id": "gid://shopify/Shop/7"}),
    ("app_subscriptions/update", {"app_subscription": {"admin_graphql_api_shop_id": "gid://shopify/Shop/7"}}),
    ("fulfillment_events/create", {"shop_id": 7}),
    ("fulfillment_events/delete", {"shop_id": 7}),
]


@pytest.mark.parametrize(("topic", "changed"), ELSEWHERE)
def test_a_body_of_another_shop_is_not_taken(topic: str, changed: dict[str, Any]) -> None:
    """The header that names the shop is not signed; the body is."""
    ours = replace(STORE, platform_id="548380009")
    named = {"shop_domain": STORE.domain, "shop_id": 548380009}
    body = {**sample(topic), **({} if topic.startswith(("app", "shop/up")) else named)}
    assert normalise(topic, body, ours).ignored is None
    with pytest.raises(Malformed, match="another shop's"):
        normalise(topic, {**body, **changed}, ours)


@pytest.mark.parametrize("topic", ["shop/redact", "customers/redact", "customers/data_request"])
def test_a_demand_names_its_shop_in_a_way_that_can_be_checked(topic: str) -> None:
    """A number alone says nothing of a shop that has not told its own, or was forgotten: only the header
    would be left, and nobody signs that."""
    by_number = {name: value for name, value in sample(topic).items() if name != "shop_domain"}
    known = replace(STORE, platform_id=str(by_number["shop_id"]))
    assert normalise(topic, by_number, known).privacy
    with pytest.raises(Malformed, match="shop_domain"):
        normalise(topic, by_number, STORE)


def test_until_the_shop_has_told_its_number_no_number_is_wrong() -> None:
    assert normalise("fulfillment_events/create", sample("fulfillment_events/create"), STORE).parcel_events


def test_the_sample_returns() -> None:
    asked = normalise("returns/request", sample("returns/request")).returns[0]
    taken = normalise("returns/approve", sample("returns/approve")).returns[0]
    assert (asked.id, asked.order_id, asked.state) == (
        "123134564567890",
        "4783296544821",
        ReturnState.REQUESTED,
    )
    assert (taken.state, taken.exchange) == (ReturnState.OPEN, True)
