"""The app writes into this store over HTTP, each verb once: what it changes, what the store tells of it,
and what a repeat finds, also where the first answer was lost on its way."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors import writes
from connectors.base import NotThere, RightMissing, StoreRefused, StoreUnreachable, Unsupported
from connectors.base import Store as Connected
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.writing import VERBS, WHY_NOT
from connectors.writes import DiscountKind, Write, Written
from flows.commerce import Address, ConsentState, LineQuantity, Platform
from sandbox.deliveries import AttemptsPolicy
from tests.sandbox.shopify.running import MAIN, Api, Body, Receiver, Store, receiving, serving, settings_in
from wire.http import Answer, HttpClient, NoAnswer

DOOR = ShopifyConnector()
NOW = datetime.now(UTC).replace(microsecond=0)
SCOPES = (
    "read_orders,read_fulfillments,read_customers,read_products,read_returns,write_discounts,write_customers,"
    "write_products,write_orders,write_order_edits,write_returns,write_store_credit_account_transactions,"
    "read_store_credit_accounts,write_merchant_managed_fulfillment_orders"
)
TOPICS = (
    "orders/cancelled", "orders/edited", "orders/updated", "refunds/create", "fulfillments/update",
    "returns/request", "customers_email_marketing_consent/update", "products/update",
)  # fmt: skip
EMAIL = "kim.vale@example.com"
HOME = Address("Kim Vale", "", "9 Quay Street", "", "Portland", "OR", "97201", "US", "")


@dataclass(frozen=True, slots=True)
class Losing(HttpClient):
    """The first answers to the operations named here never arrive, although the store has done its part."""

    lost: list[str] = dataclasses.field(default_factory=list)

    def request(self, method: str, url: str, **rest: Any) -> Answer:
        answer = HttpClient.request(self, method, url, **rest)
        for name in self.lost:
            if f" {name}(" in json.loads(rest["body"] or b"{}").get("query", ""):
                self.lost.remove(name)
                raise NoAnswer("the line broke")
        return answer


@dataclass
class Shop:
    """The running store, the app's way in, and what was told to it."""

    store: Store
    api: Api
    receiver: Receiver
    connected: Connected
    http: Losing

    def write(self, what: Write) -> Written:
        return DOOR.write(self.connected, what)

    def twice(self, what: Write, mutation: str) -> Written:
        """The first answer is lost; the repeat must find what was done."""
        self.http.lost.append(mutation)
        with pytest.raises(StoreUnreachable):
            self.write(what)
        assert self.http.lost == []
        again = self.write(what)
        assert again.already
        return again

    def told(self, topic: str) -> Body:
        self.store.settle()
        return self.receiver.of(topic)[-1].body

    def order(self, *skus: str, **more: Any) -> Body:
        return self.store.order(*skus, **more)

    def read(self, query: str, **variables: Any) -> Any:
        return self.api.data(query, **variables)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, schema: Path, pictures: Path) -> Iterator[Shop]:
    settings = settings_in(tmp_path_factory.mktemp("writes"), schema)
    settings.folder.mkdir()
    (settings.folder / "shopify_pictures").symlink_to(pictures)
    with serving(settings, AttemptsPolicy(waits=(0.05,) * 8)) as store, receiving() as receiver:
        token = store.install_with(SCOPES)
        api = Api(store, token)
        api.subscribe(receiver.address, *TOPICS)
        http = Losing({f"https://{MAIN}": store.address}, pause=lambda seconds: None)
        connected = Connected(
            platform=Platform.SHOPIFY,
            domain=MAIN,
            base_url=f"https://{MAIN}",
            http=http,
            currency="USD",
            secrets={"access_token": token},
            scopes=tuple(SCOPES.split(",")),
        )
        yield Shop(store, api, receiver, connected, http)


def a_code(**changes: Any) -> writes.CreateDiscount:
    values: dict[str, Any] = {
        "code": "THANKS-4F2A",
        "title": "Thanks for your review of Early Ferry",
        "discount": DiscountKind.PERCENT,
        "value": 15,
        "currency": "USD",
        "starts_at": NOW - timedelta(days=1),
        "ends_at": NOW + timedelta(days=30),
    }
    return writes.CreateDiscount(**{**values, **changes})


def customer_id(shop: Shop) -> str:
    shop.order(email=EMAIL)
    found = shop.read('{ customers(first: 1, query: "email:kim.vale@example.com") { nodes { id } } }')
    return str(found["customers"]["nodes"][0]["id"]).rpartition("/")[2]


def test_a_code_is_made_once_and_takes_its_part_off_at_the_checkout(shop: Shop) -> None:
    code = a_code()
    made = shop.write(code)
    assert made.reference.startswith("gid://shopify/DiscountCodeNode/") and not made.already
    assert shop.write(code) == Written(made.reference, already=True)
    placed = shop.order("HP-GRINDER", discount_code=code.code)
    order = shop.told("orders/updated")
    assert order["id"] == int(placed["id"])
    assert (order["total_discounts"], order["discount_codes"][0]["code"]) == ("17.85", code.code)
    refused = shop.store.call(
        "POST",
        "/sandbox/orders",
        json={"email": EMAIL, "lines": [{"sku": "HP-GRINDER", "quantity": 1}], "discount_code": code.code},
    )
    assert refused.status_code == 400  # used once, which was all


def test_a_code_whose_answer_was_lost_is_found_by_its_title(shop: Shop) -> None:
    code = a_code(code="LOST-1", discount=DiscountKind.AMOUNT, value=500, minimum=2000)
    shop.twice(code, "discountCodeBasicCreate")
    shop.order("HP-GRINDER", discount_code="LOST-1")
    assert shop.told("orders/updated")["total_discounts"] == "5.00"


def test_a_code_of_somebody_else_is_left_alone(shop: Shop) -> None:
    shop.write(a_code(code="SUMMER", title="Ours"))
    with pytest.raises(StoreRefused, match="belongs to another"):
        shop.write(a_code(code="SUMMER", title="Another title"))


def test_free_shipping_for_one_customer(shop: Shop) -> None:
    one = customer_id(shop)
    code = a_code(
        code="SHIPPED", discount=DiscountKind.FREE_SHIPPING, value=0, customer_id=one, combines=True
    )
    assert shop.twice(code, "discountCodeFreeShippingCreate").already
    shop.order(email=EMAIL, discount_code="SHIPPED")
    order = shop.told("orders/updated")
    assert (order["total_shipping_price_set"]["shop_money"]["amount"], order["total_discounts"]) == (
        "0.00",
        "0.00",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"email": EMAIL},  # known here by number alone
        {"value": 0},
        {"value": 101},
        {"discount": DiscountKind.AMOUNT, "currency": "EUR"},
        {"ends_at": NOW - timedelta(days=2)},
    ],
)
def test_a_code_that_cannot_be_is_refused(shop: Shop, changes: dict[str, Any]) -> None:
    with pytest.raises(StoreRefused):
        shop.write(a_code(code="NEVER", **changes))


def test_consent_is_written_once_and_a_newer_decision_stays(shop: Shop) -> None:
    one = customer_id(shop)
    left = writes.SetConsent(one, EMAIL.upper(), ConsentState.UNSUBSCRIBED, NOW - timedelta(hours=1))
    shop.twice(left, "customerEmailMarketingConsentUpdate")
    told = shop.told("customers_email_marketing_consent/update")["email_marketing_consent"]
    assert (told["state"], told["opt_in_level"]) == ("unsubscribed", None)
    assert datetime.fromisoformat(told["consent_updated_at"]) == left.at
    older = writes.SetConsent(one, EMAIL, ConsentState.SUBSCRIBED, NOW - timedelta(hours=2))
    assert shop.write(older).already
    back = writes.SetConsent(one, EMAIL, ConsentState.SUBSCRIBED, NOW)
    assert not shop.write(back).already
    assert (
        shop.told("customers_email_marketing_consent/update")["email_marketing_consent"]["state"]
        == "subscribed"
    )


def test_consent_of_another_address_or_of_a_finding_is_not_written(shop: Shop) -> None:
    one = customer_id(shop)
    for email, state in (("other@example.com", ConsentState.UNSUBSCRIBED), (EMAIL, ConsentState.INVALID)):
        with pytest.raises(StoreRefused):
            shop.write(writes.SetConsent(one, email, state, NOW))
    with pytest.raises(NotThere):
        shop.write(writes.SetConsent("99", EMAIL, ConsentState.UNSUBSCRIBED, NOW))


STARS = """query($id: ID!) { product(id: $id) {
  rating: metafield(namespace: "reviews", key: "rating") { value type }
  count: metafield(namespace: "reviews", key: "rating_count") { value type } }
  metafieldDefinitions(first: 10, ownerType: PRODUCT, namespace: "reviews") { nodes { key } } }"""


def test_stars_stand_in_the_two_fields_that_themes_read(shop: Shop) -> None:
    id = shop.read("{ products(first: 1) { nodes { id } } }")["products"]["nodes"][0]["id"]
    number = id.rpartition("/")[2]
    shop.twice(writes.SetRating(number, 4.25, 4), "metafieldsSet")
    found = shop.read(STARS, id=id)
    assert json.loads(found["product"]["rating"]["value"]) == {
        "value": "4.25", "scale_min": "1.0", "scale_max": "5.0",
    }  # fmt: skip
    assert found["product"]["count"] == {"value": "4", "type": "number_integer"}
    assert {node["key"] for node in found["metafieldDefinitions"]["nodes"]} == {"rating", "rating_count"}
    assert shop.told("products/update")["admin_graphql_api_id"] == id
    assert not shop.write(writes.SetRating(number, 4.0, 5)).already
    shop.write(writes.SetRating(number, 0.0, 0))
    gone = shop.read(STARS, id=id)["product"]
    assert (gone["rating"], gone["count"]["value"]) == (None, "0")
    assert shop.write(writes.SetRating(number, 0.0, 0)).already
    with pytest.raises(StoreRefused):
        shop.write(writes.SetRating(number, 5.5, 1))


def test_an_order_is_cancelled_once_with_its_money_back(shop: Shop) -> None:
    placed = shop.order("HP-GRINDER")
    shop.twice(writes.CancelOrder(placed["id"], writes.CancelReason.INVENTORY, refund=True), "orderCancel")
    told = shop.told("orders/cancelled")
    assert (told["id"], told["cancel_reason"], told["financial_status"]) == (
        int(placed["id"]), "inventory", "refunded",
    )  # fmt: skip
    back = [one.body for one in shop.receiver.of("refunds/create") if one.body["order_id"] == told["id"]]
    assert len(back) == 1


def test_an_order_is_cancelled_and_the_money_stays(shop: Shop) -> None:
    placed = shop.order()
    shop.write(writes.CancelOrder(placed["id"], writes.CancelReason.CUSTOMER, refund=False))
    assert shop.told("orders/cancelled")["financial_status"] == "paid"
    with pytest.raises(NotThere):
        shop.write(writes.CancelOrder("99", writes.CancelReason.CUSTOMER, refund=False))


def test_an_order_goes_elsewhere(shop: Shop) -> None:
    placed = shop.order()
    shop.twice(writes.ChangeAddress(placed["id"], HOME), "orderUpdate")
    address = shop.told("orders/updated")["shipping_address"]
    names = ("name", "address1", "city", "province_code", "zip")
    assert [address[name] for name in names] == ["Kim Vale", "9 Quay Street", "Portland", "OR", "97201"]
    for changed in (
        replace(HOME, country="Germany"),
        replace(HOME, region="Oregon"),
        replace(HOME, line1=""),
    ):
        with pytest.raises(StoreRefused):
            shop.write(writes.ChangeAddress(placed["id"], changed))


def test_an_order_is_edited_to_what_it_shall_be(shop: Shop) -> None:
    placed = shop.order("HP-FERRY-250", "HP-GRINDER")
    ferry, grinder = placed["line_ids"]
    variants = shop.read("{ products(first: 50) { nodes { variants(first: 9) { nodes { id sku } } } } }")
    skus = {one["sku"]: one["id"].rpartition("/")[2] for node in variants["products"]["nodes"]
            for one in node["variants"]["nodes"]}  # fmt: skip
    other = next(id for sku, id in skus.items() if sku not in ("HP-FERRY-250", "HP-GRINDER"))
    edit = writes.EditOrder(
        placed["id"], (LineQuantity(ferry, 3), LineQuantity(grinder, 0)), (LineQuantity(other, 2),), "By mail"
    )
    shop.twice(edit, "orderEditCommit")
    told = shop.told("orders/edited")["order_edit"]
    assert (told["notify_customer"], told["staff_note"]) == (False, "By mail")
    assert [one["delta"] for one in told["line_items"]["additions"]] == [2, 2]
    assert told["line_items"]["removals"] == [{"id": int(grinder), "delta": 1}]
    with pytest.raises(StoreRefused, match="holds 2"):
        shop.write(writes.EditOrder(placed["id"], added=(LineQuantity(other, 3),)))
    with pytest.raises(NotThere):
        shop.write(writes.EditOrder(placed["id"], (LineQuantity("99", 1),)))


def test_an_edit_that_was_not_committed_has_changed_nothing(shop: Shop) -> None:
    placed = shop.order()
    edit = writes.EditOrder(placed["id"], (LineQuantity(placed["line_ids"][0], 2),))
    shop.http.lost.append("orderEditSetQuantity")
    with pytest.raises(StoreUnreachable):
        shop.write(edit)
    assert not shop.write(edit).already
    assert shop.write(edit).already


def test_a_return_is_asked_for_once_and_only_of_what_was_shipped(shop: Shop) -> None:
    placed = shop.order("HP-FERRY-250", "HP-GRINDER")
    ferry, grinder = placed["line_ids"]
    wanted = writes.AskReturn(placed["id"], (LineQuantity(ferry, 1),), "Not my taste")
    with pytest.raises(StoreRefused, match="not so many"):
        shop.write(wanted)
    shop.store.post(f"/sandbox/orders/{placed['id']}/ship", {"lines": [{"line_id": ferry, "quantity": 1}]})
    asked = shop.twice(wanted, "returnRequest")
    assert asked.reference.startswith("gid://shopify/Return/")
    told = shop.told("returns/request")
    assert (told["order"]["id"], told["return_line_items"][0]["customer_note"]) == (
        int(placed["id"]), "Not my taste",
    )  # fmt: skip
    assert len(shop.receiver.of("returns/request")) == 1
    with pytest.raises(StoreRefused, match="not so many"):
        shop.write(writes.AskReturn(placed["id"], (LineQuantity(ferry, 1),), "Another note"))
    with pytest.raises(StoreRefused, match="not so many"):
        shop.write(writes.AskReturn(placed["id"], (LineQuantity(grinder, 1),)))


BALANCE = (
    "query($id: ID!) { customer(id: $id) { storeCreditAccounts(first: 9) { nodes { balance { amount } } } } }"
)


def balances(shop: Shop, one: str) -> list[str]:
    found = shop.read(BALANCE, id=f"gid://shopify/Customer/{one}")
    return [node["balance"]["amount"] for node in found["customer"]["storeCreditAccounts"]["nodes"]]


def test_credit_is_granted_once_for_each_key(shop: Shop) -> None:
    one = customer_id(shop)
    grant = writes.GrantCredit(one, 1250, "USD", "reward:1", NOW + timedelta(days=90))
    shop.twice(grant, "storeCreditAccountCredit")
    assert balances(shop, one) == ["12.5"]
    assert not shop.write(replace(grant, key="reward:2")).already
    assert shop.write(replace(grant, key="reward:2")).already
    assert balances(shop, one) == ["25.0"]


def test_credit_whose_mark_was_set_alone_is_granted_after_all(shop: Shop) -> None:
    one = customer_id(shop)
    grant = writes.GrantCredit(one, 300, "USD", "reward:3")
    shop.http.lost.append("metafieldsSet")
    with pytest.raises(StoreUnreachable):
        shop.write(grant)
    before = balances(shop, one)
    assert not shop.write(grant).already
    assert shop.write(grant).already
    assert float(balances(shop, one)[0]) == float(before[0]) + 3


def test_of_two_that_grant_the_same_at_once_one_is_turned_away(shop: Shop) -> None:
    """Both have read that there is no mark yet: the store lets the first one set it."""
    one = customer_id(shop)
    grant = writes.GrantCredit(one, 100, "USD", "reward:4")
    before = float(balances(shop, one)[0])

    class Late(Losing):
        def request(self, method: str, url: str, **rest: Any) -> Answer:
            if " metafieldsSet(" in json.loads(rest["body"])["query"]:
                shop.write(grant)
            return Losing.request(self, method, url, **rest)

    late = replace(shop.connected, http=Late({f"https://{MAIN}": shop.store.address}))
    with pytest.raises(StoreUnreachable, match="at this moment"):
        DOOR.write(late, grant)
    assert float(balances(shop, one)[0]) == before + 1


def test_a_parcel_points_where_it_shall(shop: Shop) -> None:
    placed = shop.order()
    ship = {"carrier": "Dove Post", "tracking_number": "D1"}
    parcel = shop.store.post(f"/sandbox/orders/{placed['id']}/ship", ship)["parcel_id"]
    point = writes.PointTracking(parcel, "Dove Post", "D1", "https://doorstep.example/t/abc")
    shop.twice(point, "fulfillmentTrackingInfoUpdate")
    told = shop.told("fulfillments/update")
    assert (told["tracking_url"], told["tracking_number"], told["tracking_company"]) == (
        "https://doorstep.example/t/abc", "D1", "Dove Post",
    )  # fmt: skip
    with pytest.raises(NotThere):
        shop.write(replace(point, parcel_id="99"))


ONE_OF_EACH: Mapping[type[Write], Write] = {
    type(one): one
    for one in (
        a_code(code="RIGHTS"),
        writes.SetConsent("1", EMAIL, ConsentState.UNSUBSCRIBED, NOW),
        writes.SetRating("1", 4.0, 1),
        writes.CancelOrder("1", writes.CancelReason.OTHER, refund=False),
        writes.ChangeAddress("1", HOME),
        writes.EditOrder("1"),
        writes.AskReturn("1", (LineQuantity("1", 1),)),
        writes.GrantCredit("1", 100, "USD", "k"),
        writes.PointTracking("1", "c", "n", "https://x.example/"),
    )
}


@pytest.mark.parametrize("kind", VERBS, ids=lambda kind: kind.kind)
def test_nothing_is_called_without_the_right(shop: Shop, kind: type[Write]) -> None:
    nowhere = Losing({f"https://{MAIN}": "http://127.0.0.1:1"})
    without = replace(shop.connected, scopes=("read_orders", "read_customers"), http=nowhere)
    with pytest.raises(RightMissing) as missing:
        DOOR.write(without, ONE_OF_EACH[kind])
    needed = set(VERBS[kind].scopes) - {"read_orders"}
    assert set(missing.value.scopes) == needed


@pytest.mark.parametrize("kind", VERBS, ids=lambda kind: kind.kind)
def test_an_id_that_is_none_is_not_there(shop: Shop, kind: type[Write]) -> None:
    what = ONE_OF_EACH[kind]
    names = [name for name in ("customer_id", "product_id", "order_id", "parcel_id") if hasattr(what, name)]
    changed: dict[str, Any] = dict.fromkeys(names, "1 OR 1=1")
    with pytest.raises(NotThere):
        DOOR.write(shop.connected, replace(what, **changed))


@pytest.mark.parametrize(
    "what",
    [writes.PostReview("1", "1", 5, "Fine", "Kim", EMAIL), writes.NoteOrder("1", "A note", "k")],
    ids=lambda what: what.kind,
)
def test_what_this_platform_has_no_way_for_is_said_before_any_call(shop: Shop, what: Write) -> None:
    nowhere = replace(shop.connected, http=Losing({f"https://{MAIN}": "http://127.0.0.1:1"}))
    with pytest.raises(Unsupported, match="Shopify"):
        DOOR.write(nowhere, what)


def test_every_verb_is_done_or_has_its_reason() -> None:
    assert VERBS.keys() | WHY_NOT.keys() == set(writes.WRITES)
    assert not VERBS.keys() & WHY_NOT.keys()
