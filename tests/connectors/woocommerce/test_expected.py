"""Every recorded delivery gives what `expected.tsv` beside it says."""

from __future__ import annotations

import csv
import json

import pytest

from connectors.base import Delivery, Malformed, Mark, Noun, Reading, Refused, Wish
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.webhooks import SIGNATURE, TOPIC
from tests.connectors.woocommerce.recordings import FOLDER, SECRET, recorded, signed_names

CONNECTOR = WooCommerceConnector()


def table() -> list[dict[str, str]]:
    with (FOLDER / "expected.tsv").open(newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


ROWS = [row for row in table() if row["http"] != "-"]


def test_the_table_names_every_recording() -> None:
    assert {row["file"].removesuffix(".json") for row in ROWS} == {*signed_names(), "ping"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_outcome(row: dict[str, str]) -> None:
    deliveries = [one.delivery for one in recorded(row["file"].removesuffix(".json"))]
    outcomes = [outcome(delivery) for delivery in deliveries]
    expected, _, times = row["outcome"].partition(" x")
    assert outcomes == [(int(row["http"]), expected)] * int(times or 1)


def outcome(delivery: Delivery) -> tuple[int, str]:
    """What the app makes of a delivery, as its inbox does."""
    try:
        verified = CONNECTOR.verify_webhook(delivery, (SECRET,))
    except Refused as refused:
        return refused.status, "refused"
    if verified.ignored:
        return 200, f"ignored:{verified.ignored}"
    try:
        reading = CONNECTOR.normalise(verified.topic, json.loads(delivery.body))
    except (ValueError, Malformed):
        return 200, "quarantined"
    if reading.ignored:
        assert reading == Reading(ignored=reading.ignored)
        return 200, f"ignored:{reading.ignored}"
    if reading.mark:
        assert reading == Reading(mark=reading.mark)
        return 200, str(reading.mark)
    if reading.wishes and reading == Reading(wishes=reading.wishes):
        return 200, "hint:reread"
    return 200, "processed"


def test_the_table_would_notice_a_refusal() -> None:
    delivery = Delivery({TOPIC.lower(): "order.created", SIGNATURE.lower(): "x"}, b"{}")
    assert outcome(delivery) == (401, "refused")


@pytest.mark.parametrize(
    ("topic", "wish"),
    [
        ("order.deleted", Wish(Noun.ORDER, "16", "order.deleted is only a hint")),
        ("product.deleted", Wish(Noun.PRODUCT, "16", "product.deleted is only a hint")),
        ("customer.deleted", Wish(Noun.CUSTOMER, "16", "customer.deleted is only a hint")),
    ],
)
def test_a_deleted_message_is_only_a_hint(topic: str, wish: Wish) -> None:
    assert CONNECTOR.normalise(topic, {"id": 16}) == Reading(wishes=(wish,))


@pytest.mark.parametrize(
    "hook",
    [
        "woocommerce_order_refunded",
        "woocommerce_order_fully_refunded",
        "woocommerce_order_status_completed",
        "woocommerce_order_status_changed",
    ],
)
def test_a_hook_with_an_order_id_asks_for_that_order(hook: str) -> None:
    reading = CONNECTOR.normalise(f"action.{hook}", {"action": hook, "arg": 13})
    assert [(wish.noun, wish.id) for wish in reading.wishes] == [(Noun.ORDER, "13")]


@pytest.mark.parametrize("arg", [None, [], {}, "", "x", 0, True, 1.5])
def test_a_hook_without_an_order_id_is_malformed(arg: object) -> None:
    with pytest.raises(Malformed, match=r"action\.arg"):
        CONNECTOR.normalise("action.woocommerce_order_refunded", {"action": "x", "arg": arg})


@pytest.mark.parametrize(
    ("error", "reading"),
    [
        (
            {"code": "woocommerce_rest_cannot_view", "data": {"status": 403}},
            Reading(mark=Mark.NEEDS_RECONNECT),
        ),
        ({"code": "woocommerce_rest_cannot_view", "data": None}, Reading(mark=Mark.NEEDS_RECONNECT)),
        ({"code": "rest_forbidden", "data": 500}, Reading(mark=Mark.NEEDS_RECONNECT)),
        ({"code": "anything", "data": {"status": 401}}, Reading(mark=Mark.NEEDS_RECONNECT)),
        # The order was deleted for good before its webhook was sent: nothing is wrong with our key.
        (
            {"code": "woocommerce_rest_shop_order_invalid_id", "data": {"status": 404}},
            Reading(ignored="store_error"),
        ),
        ({"code": "internal_server_error", "data": {"status": []}}, Reading(ignored="store_error")),
    ],
)
def test_an_error_instead_of_an_order(error: dict[str, object], reading: Reading) -> None:
    for topic in ("order.updated", "customer.created", "product.updated"):
        assert CONNECTOR.normalise(topic, {"message": "Sorry", **error}) == reading


@pytest.mark.parametrize(
    "topic", ["coupon.deleted", "subscription.created", "order.archived", "", "order", "action.wc_custom"]
)
def test_other_topics_are_ignored(topic: str) -> None:
    assert CONNECTOR.normalise(topic, {"id": 1, "code": "x"}).ignored == "topic"
