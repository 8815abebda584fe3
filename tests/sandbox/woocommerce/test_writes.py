"""The app writes into this store over HTTP, each verb: what it changes, and what a repeat finds, also where
the first answer was lost on its way or the store's cache tells of before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from connectors import writes
from connectors.base import (
    AccessLost,
    NotThere,
    RightMissing,
    ShipmentWords,
    StoreError,
    StoreRefused,
    StoreUnreachable,
    Unsupported,
)
from connectors.base import Store as Connected
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.writing import VERBS, WHY_NOT
from connectors.writes import DiscountKind, ReviewPlace, Write, Written
from flows.commerce import Address, ConsentState, LineQuantity, Platform
from sandbox.woocommerce.stores import MAIN_SHOP
from tests.sandbox.woocommerce.receiving import receiving
from tests.sandbox.woocommerce.running import Body, Store, recorded, serving, settings_in
from tests.sandbox.woocommerce.shapes import differences, shape_of
from wire.http import Answer, HttpClient

DOOR = WooCommerceConnector()
NOW = datetime.now(UTC).replace(microsecond=0)
EMAIL = "kim.vale@example.com"
HOME = Address("Kim Vale", "", "Uferweg 9", "", "Kiel", "DE-SH", "24103", "DE", "+49 431 5550")
ENDS = NOW + timedelta(days=30)
_numbers = count(1)


class Killed(BaseException):
    """The process dies: nothing of ours runs any more."""


@dataclass(frozen=True, slots=True)
class Line(HttpClient):
    """Counts the calls. After as many as `left` the process dies, before the answer of the last has come."""

    left: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def request(self, method: str, url: str, **rest: Any) -> Answer:
        answer = HttpClient.request(self, method, url, **rest)
        self.asked.append(f"{method} {url.partition('/wc/v3/')[2]}")
        if self.left:
            self.left[0] -= 1
            if self.left[0] == 0:
                self.left.clear()
                raise Killed
        return answer


@dataclass
class Shop:
    """The running store, the app's way in, and what came of it there."""

    store: Store
    connected: Connected
    http: Line

    def write(self, what: Write, **changes: Any) -> Written:
        return DOOR.write(replace(self.connected, **changes), what)

    def quirk(self, **quirks: Any) -> None:
        self.store.post("/sandbox/quirks", quirks)

    def coupon(self, code: str) -> Body:
        (found,) = self.store.read("coupons", code=code)
        return dict(found)

    def reviews(self, product: int, status: str = "all") -> list[Body]:
        return list(self.store.read("products/reviews", product=product, status=status, context="edit"))

    def notes(self, order: Body) -> list[Body]:
        return list(self.store.read(f"orders/{order['id']}/notes"))

    def mails(self) -> list[Body]:
        return self.store.stores.named(MAIN_SHOP).every("own_mail")

    def product(self) -> int:
        made = self.store.rest("POST", "products", json={"name": f"Lamp {next(_numbers)}"}).json()
        return int(made["id"])

    def stars(self, product: int) -> tuple[str, int]:
        found = self.store.read(f"products/{product}")
        return found["average_rating"], found["rating_count"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    settings = settings_in(tmp_path_factory.mktemp("writes"))
    with receiving(settings.port) as receiver, serving(settings, receiver) as store:
        yield store


@pytest.fixture
def shop(running: Store) -> Iterator[Shop]:
    http = Line({f"https://{MAIN_SHOP}": running.address}, pause=lambda seconds: None)
    secrets = {"consumer_key": running.key[0], "consumer_secret": running.key[1]}
    connected = Connected(
        Platform.WOOCOMMERCE, MAIN_SHOP, f"https://{MAIN_SHOP}", http, "EUR", "Europe/Berlin", secrets
    )
    yield Shop(running, connected, http)
    running.stores.named(MAIN_SHOP).forget("shop", "quirks")


def a_code(**changes: Any) -> writes.CreateDiscount:
    values: dict[str, Any] = {
        "code": f"THANKS-{next(_numbers)}",
        "title": 'Thanks for your review of Kim\'s "Alder & Ash" <b>lamp</b>',
        "discount": DiscountKind.PERCENT,
        "value": 15,
        "currency": "EUR",
        "starts_at": NOW - timedelta(days=1),
        "ends_at": ENDS,
    }
    return writes.CreateDiscount(**{**values, **changes})


def a_review(product: int | str, **changes: Any) -> writes.PostReview:
    values: dict[str, Any] = {
        "order_id": "1",
        "stars": 5,
        "text": 'I <3 this lamp & its "glow" \\o/\n\nIt\'s bright.',
        "name": 'Kim "K" Vale',
        "email": EMAIL,
    }
    return writes.PostReview(str(product), **{**values, **changes})


# --- coupons ---


def test_a_code_is_made_once_in_small_letters_and_ends_when_it_shall(shop: Shop) -> None:
    code = a_code(email="Kim.Vale@Example.com", minimum=2000)
    made = shop.write(code)
    assert not made.already and shop.write(code) == Written(made.reference, already=True)
    kept = shop.coupon(code.code)
    assert (kept["code"], kept["id"]) == (code.code.lower(), int(made.reference))
    assert datetime.fromisoformat(kept["date_expires_gmt"]).replace(tzinfo=UTC) == ENDS
    assert (kept["amount"], kept["discount_type"], kept["minimum_amount"]) == ("15.00", "percent", "20.00")
    assert (kept["usage_limit"], kept["usage_limit_per_user"], kept["individual_use"]) == (1, 1, True)
    assert kept["email_restrictions"] == [EMAIL]


def test_a_code_takes_its_part_off_once_and_for_nobody_else(shop: Shop) -> None:
    code = a_code(email=EMAIL)
    shop.write(code)
    lines = [{"sku": "LK-ORBIT", "quantity": 1}]

    def buy(email: str) -> int:
        asked = {"email": email, "lines": lines, "discount_code": code.code}
        return shop.store.call("POST", "/sandbox/orders", json=asked).status_code

    assert [buy("mia@example.com"), buy(EMAIL), buy(EMAIL)] == [400, 200, 400]
    (order,) = [one for one in shop.store.read("orders", per_page=100) if one["coupon_lines"]
                and one["coupon_lines"][0]["code"] == code.code.lower()]  # fmt: skip
    assert float(order["discount_total"]) + float(order["discount_tax"]) == pytest.approx(19.35)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"discount": DiscountKind.AMOUNT, "value": 550}, ("fixed_cart", "5.50", False)),
        ({"discount": DiscountKind.FREE_SHIPPING, "value": 0}, ("fixed_cart", "0.00", True)),
        ({"usage_limit": None, "once_per_customer": False, "combines": True}, ("percent", "15.00", False)),
    ],
)
def test_kinds_of_codes(shop: Shop, changes: dict[str, Any], kept: tuple[str, str, bool]) -> None:
    code = a_code(**changes)
    shop.write(code)
    found = shop.coupon(code.code)
    assert (found["discount_type"], found["amount"], found["free_shipping"]) == kept
    assert (found["usage_limit"] is None) == (code.usage_limit is None)
    assert (found["usage_limit_per_user"] is None) != code.once_per_customer
    assert found["individual_use"] != code.combines
    assert shop.write(code).already


def test_a_code_for_an_account_is_for_its_address(shop: Shop) -> None:
    account = shop.store.read("customers", email="jonna.brandt@example.com")[0]["id"]
    code = a_code(customer_id=str(account))
    shop.write(code)
    assert shop.coupon(code.code)["email_restrictions"] == ["jonna.brandt@example.com"]
    for nobody in ("999999", "1 OR 1=1"):
        with pytest.raises(NotThere):
            shop.write(a_code(customer_id=nobody))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tokyo", "UTC", "no such zone", "America/St_Johns"])
def test_a_code_ends_when_it_shall_whatever_zone_we_think_the_shop_is_in(shop: Shop, zone: str) -> None:
    code = a_code()
    shop.write(code, timezone=zone)
    assert datetime.fromisoformat(shop.coupon(code.code)["date_expires_gmt"]).replace(tzinfo=UTC) == ENDS


def test_a_code_in_a_shop_of_tokyo(shop: Shop) -> None:
    shop.quirk(tokyo=True)
    code = a_code()
    shop.write(code, timezone="Asia/Tokyo")
    kept = shop.coupon(code.code)
    assert datetime.fromisoformat(kept["date_expires_gmt"]).replace(tzinfo=UTC) == ENDS
    assert kept["date_expires"] != kept["date_expires_gmt"]


def test_a_code_that_the_shop_would_keep_for_ever_is_taken_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "connectors.woocommerce.writes.discount._on_the_wall", lambda moment, zone: ""
    )  # as if it did not understand
    code = a_code()
    with pytest.raises(StoreRefused, match="end when it should"):
        shop.write(code)
    assert shop.store.read("coupons", code=code.code.lower()) == []


def test_a_code_without_an_end_stays_without(shop: Shop) -> None:
    code = a_code(ends_at=None)
    shop.write(code)
    assert shop.coupon(code.code)["date_expires_gmt"] is None


@pytest.mark.parametrize(
    "changes",
    [{"title": "Another"}, {"value": 20}, {"discount": DiscountKind.AMOUNT}, {"email": EMAIL},
     {"discount": DiscountKind.FREE_SHIPPING}],
)  # fmt: skip
def test_a_code_of_somebody_else_is_left_alone(shop: Shop, changes: dict[str, Any]) -> None:
    code = a_code()
    shop.write(code)
    with pytest.raises(StoreRefused, match="belongs to another"):
        shop.write(replace(code, **changes))
    assert shop.write(code).already


@pytest.mark.parametrize(
    "changes",
    [{"value": 0}, {"value": 101}, {"discount": DiscountKind.AMOUNT, "value": 0},
     {"discount": DiscountKind.AMOUNT, "currency": "USD"}],
)  # fmt: skip
def test_a_code_that_cannot_be_is_refused_before_any_call(shop: Shop, changes: dict[str, Any]) -> None:
    with pytest.raises(StoreRefused):
        shop.write(a_code(**changes))
    assert shop.http.asked == []


# --- reviews ---


def test_a_review_is_posted_once_and_counts(shop: Shop) -> None:
    product = shop.product()
    review = a_review(product)
    made = shop.write(review)
    assert not made.already and shop.write(review) == Written(made.reference, already=True)
    (kept,) = shop.reviews(product)
    assert (kept["status"], kept["rating"], kept["reviewer_email"]) == ("approved", 5, EMAIL)
    assert "\\" not in kept["review"] and "<" not in kept["review"]
    shop.write(a_review(product, stars=4, email="mia@example.com", name="", text="Fine"))
    assert shop.stars(product) == ("4.50", 2)
    assert shop.reviews(product)[0]["reviewer"] == "Anonymous"


def test_posted_straight_into_sight_it_would_be_in_no_average(shop: Shop) -> None:
    product = shop.product()
    body = {"product_id": product, "review": "Fine", "reviewer": "Kim", "reviewer_email": EMAIL, "rating": 5}
    assert shop.store.rest("POST", "products/reviews", json=body | {"status": "approved"}).status_code == 201
    assert shop.stars(product) == ("0.00", 0)
    again = shop.store.rest("POST", "products/reviews", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "woocommerce_rest_comment_duplicate")


def test_a_review_leaves_the_list_and_comes_back(shop: Shop) -> None:
    product = shop.product()
    review = a_review(product)
    made = shop.write(review)
    for place, status in ((ReviewPlace.HELD, "hold"), (ReviewPlace.REMOVED, "trash")):
        for reference in ("", made.reference, "999999"):
            shop.write(replace(review, place=ReviewPlace.LISTED))
            gone = replace(review, place=place, reference=reference)
            assert shop.write(gone) == Written(made.reference)
            assert shop.write(gone) == Written(made.reference, already=True)
            assert [one["id"] for one in shop.reviews(product, status)] == [int(made.reference)]
            assert shop.stars(product) == ("0.00", 0)
    assert shop.write(review) == Written(made.reference)
    assert shop.stars(product) == ("5.00", 1)


def test_what_the_shop_calls_spam_stays_spam_and_its_own_keep_their_stars(shop: Shop) -> None:
    product = shop.product()
    review = a_review(product, text="Fine", name="Kim")
    body = {
        "product_id": product,
        "review": "Fine",
        "reviewer": "Kim",
        "reviewer_email": EMAIL,
        "rating": 1,
    }
    made = shop.store.rest("POST", "products/reviews", json=body | {"status": "hold"}).json()
    shop.store.rest("PUT", f"products/reviews/{made['id']}", json={"status": "spam"})
    with pytest.raises(StoreRefused, match="spam"):
        shop.write(review)
    assert shop.write(replace(review, place=ReviewPlace.REMOVED)) == Written(str(made["id"]), already=True)
    shop.store.rest("PUT", f"products/reviews/{made['id']}", json={"status": "approved"})
    assert shop.write(review) == Written(str(made["id"]), already=True)
    assert [one["rating"] for one in shop.reviews(product)] == [1]


def test_one_that_was_never_there_is_removed_already(shop: Shop) -> None:
    gone = a_review(shop.product(), place=ReviewPlace.REMOVED)
    assert shop.write(gone) == Written(already=True)


def test_the_same_words_of_another_address_are_not_ours(shop: Shop) -> None:
    """The shop takes one name for one person; we would take somebody else's review for ours."""
    product = shop.product()
    shop.write(a_review(product, name="Kim"))
    with pytest.raises(StoreRefused, match="somebody else"):
        shop.write(a_review(product, name="Kim", email="other@example.com"))


@pytest.mark.parametrize("changes", [{"stars": 0}, {"stars": 6}, {"text": " \n"}, {"email": "none"}])
def test_what_is_no_review_is_refused_before_any_call(shop: Shop, changes: dict[str, Any]) -> None:
    with pytest.raises(StoreRefused):
        shop.write(a_review(1, **changes))
    assert shop.http.asked == []


def test_a_product_that_is_gone_takes_no_review(shop: Shop) -> None:
    for product in (999_999, "p1"):
        with pytest.raises(NotThere):
            shop.write(a_review(product))


# --- notes ---


def test_a_note_is_written_once_and_mails_nobody(shop: Shop) -> None:
    order = shop.store.order()
    note = writes.NoteOrder(order["id"], 'Kim asked: "a < b" & \\o/', "ask:1")
    made = shop.write(note)
    assert not made.already and shop.write(note) == Written(made.reference, already=True)
    assert not shop.write(replace(note, key="ask:2")).already
    assert [one["customer_note"] for one in shop.notes(order)] == [False, False]
    assert not [mail for mail in shop.mails() if mail["id"] == "customer_note"]
    told = {"note": "hello", "customer_note": True}
    shop.store.rest("POST", f"orders/{order['id']}/notes", json=told)
    assert [mail["to"] for mail in shop.mails() if mail["id"] == "customer_note"] == [EMAIL]
    with pytest.raises(NotThere):
        shop.write(replace(note, order_id="999999"))
    with pytest.raises(StoreRefused):
        shop.write(replace(note, text="  "))


# --- orders ---


def a_cancel(order: Body, **changes: Any) -> writes.CancelOrder:
    return writes.CancelOrder(order["id"], writes.CancelReason.CUSTOMER, refund=False, **changes)


def test_an_order_is_cancelled_once(shop: Shop) -> None:
    order = shop.store.order()
    assert shop.write(a_cancel(order, note="They changed their mind")) == Written(order["id"])
    assert shop.store.read(f"orders/{order['id']}")["status"] == "cancelled"
    assert shop.write(a_cancel(order, note="They changed their mind")) == Written(order["id"], already=True)
    assert len(shop.notes(order)) == 1
    assert shop.store.read(f"orders/{order['id']}/refunds") == []


@pytest.mark.parametrize("over", ["cancel", "refund", "trash"])
def test_what_is_over_is_not_cancelled_again(shop: Shop, over: str) -> None:
    order = shop.store.order()
    shop.store.act(order, over)
    before = shop.store.read(f"orders/{order['id']}")
    assert shop.write(a_cancel(order)) == Written(order["id"], already=True)
    assert shop.store.read(f"orders/{order['id']}") == before


def test_money_is_never_given_back(shop: Shop) -> None:
    order = shop.store.order()
    with pytest.raises(Unsupported, match="by the merchant"):
        shop.write(writes.CancelOrder(order["id"], writes.CancelReason.CUSTOMER, refund=True))
    with pytest.raises(Unsupported, match="stock"):
        shop.write(a_cancel(order, restock=False))
    assert shop.http.asked == []


STAY: list[tuple[str, dict[str, Any], str]] = [
    ("completed", {}, "completed"),
    ("shipped", {}, "left"),
    ("partial-shipped", {}, "left"),
    ("delivered", {}, "left"),
    ("processing", {"_fulfillment_status": "partially_fulfilled"}, "left"),
    ("processing", {"_fulfillment_status": "fulfilled"}, "left"),
    ("processing", {"_fulfillment_status": "a word of a plugin"}, "left"),
    ("processing", {"_wc_shipment_tracking_items": [{"tracking_number": "1"}]}, "on its way"),
]


@pytest.mark.parametrize(("status", "meta", "why"), STAY)
def test_what_has_left_is_neither_cancelled_nor_sent_elsewhere(
    shop: Shop, status: str, meta: dict[str, Any], why: str
) -> None:
    order = shop.store.order()
    entries = [{"key": key, "value": value} for key, value in meta.items()]
    shop.store.rest("PUT", f"orders/{order['id']}", json={"status": status, "meta_data": entries})
    before = shop.store.read(f"orders/{order['id']}")
    for what in (a_cancel(order), writes.ChangeAddress(order["id"], HOME)):
        with pytest.raises(StoreRefused, match=why):
            shop.write(what)
    assert shop.store.read(f"orders/{order['id']}") == before


def test_the_merchants_own_words_say_what_has_left(shop: Shop) -> None:
    shop.quirk(custom_statuses=True)
    order = shop.store.order()
    shop.store.rest("PUT", f"orders/{order['id']}", json={"status": "handed-over"})
    with pytest.raises(StoreRefused, match="left"):
        shop.write(a_cancel(order), words=ShipmentWords({"handed-over": "shipped"}))
    assert not shop.write(a_cancel(order)).already


def test_an_order_goes_elsewhere_and_who_pays_stays(shop: Shop) -> None:
    order = shop.store.order()
    before = shop.store.read(f"orders/{order['id']}")
    change = writes.ChangeAddress(order["id"], HOME)
    assert shop.write(change) == Written(order["id"])
    assert shop.write(change) == Written(order["id"], already=True)
    after = shop.store.read(f"orders/{order['id']}")
    assert (after["shipping"]["first_name"], after["shipping"]["city"]) == ("Kim", "Kiel")
    assert after["billing"] == before["billing"]
    for wrong in (
        replace(HOME, country="Germany"), replace(HOME, line1=" "), replace(HOME, city=""),
    ):  # fmt: skip
        with pytest.raises(StoreRefused):
            shop.write(writes.ChangeAddress(order["id"], wrong))
    shop.write(a_cancel(order))
    assert shop.write(change).already
    with pytest.raises(StoreRefused, match="over"):
        shop.write(writes.ChangeAddress(order["id"], replace(HOME, city="Husum")))


# --- what may happen on the way ---


def one_of_each(shop: Shop) -> dict[type[Write], Write]:
    order, other = shop.store.order(), shop.store.order()
    return {
        type(one): one
        for one in (
            a_code(),
            a_review(shop.product()),
            writes.NoteOrder(order["id"], "A note", "k"),
            a_cancel(order, note="Why"),
            writes.ChangeAddress(other["id"], HOME),
        )
    }


def made_of(shop: Shop, what: Write) -> list[Any]:
    """All that such a write could have left in the store."""
    if isinstance(what, writes.CreateDiscount):
        return [one["date_expires_gmt"] for one in shop.store.read("coupons", per_page=100)
                if one["code"] == what.code.lower()]  # fmt: skip
    if isinstance(what, writes.PostReview):
        places = ("all", "trash", "spam")
        return [one["status"] for place in places for one in shop.reviews(int(what.product_id), place)]
    assert isinstance(what, writes.NoteOrder | writes.CancelOrder | writes.ChangeAddress)
    order = shop.store.read(f"orders/{what.order_id}")
    notes = shop.notes(order)
    return [(order["status"], order["shipping"]["city"], len(notes))]


WANTED: dict[type[Write], Any] = {
    writes.CreateDiscount: ENDS.replace(tzinfo=None).isoformat(),
    writes.PostReview: "approved",
    writes.NoteOrder: ("processing", "Berlin", 1),
    writes.CancelOrder: ("cancelled", "Berlin", 1),
    writes.ChangeAddress: ("processing", "Kiel", 0),
}


@pytest.mark.parametrize("cache", [0.0, 600.0], ids=["plain", "cached"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tokyo"])
@pytest.mark.parametrize("kind", WANTED, ids=lambda kind: kind.kind)
def test_killed_at_each_point_it_is_done_once(shop: Shop, kind: type[Write], zone: str, cache: float) -> None:
    """A kill after each call in turn, before its answer is heard; then the same is done again, twice."""
    calls = count(1)
    for point in calls:
        what = one_of_each(shop)[kind]
        shop.quirk(cache_seconds=cache)
        shop.http.left[:] = [point]
        try:
            shop.write(what, timezone=zone)
            finished = True
        except Killed:
            finished = False
        shop.http.left.clear()
        shop.write(what, timezone=zone)
        assert shop.write(what, timezone=zone).already
        shop.quirk(cache_seconds=0.0)
        assert made_of(shop, what) == [WANTED[kind]], f"killed after call {point}"
        if finished:
            break
    print(f"{kind.kind}: killed at {point - 1} points")
    assert point > 2 or (kind, point) == (writes.CreateDiscount, 2)


def test_a_repeat_that_dies_too_is_no_double(shop: Shop) -> None:
    product = shop.product()
    for point in (1, 2, 3, 4, 5, 4, 3, 2, 1):
        shop.http.left[:] = [point]
        with suppress(Killed):
            shop.write(a_review(product))
        shop.http.left.clear()
    shop.write(a_review(product))
    assert [one["status"] for one in shop.reviews(product)] == ["approved"]


@pytest.mark.parametrize("kind", WANTED, ids=lambda kind: kind.kind)
@pytest.mark.parametrize(
    ("quirks", "error"),
    [
        ({"keys_revoked": True}, AccessLost),
        ({"lost_rights": True}, RightMissing),
        ({"read_only": True}, AccessLost),
        ({"html_200": True}, StoreUnreachable),
        ({"html_403": True}, StoreUnreachable),
        ({"redirect": True}, StoreUnreachable),
        ({"redirect_writes": True}, StoreUnreachable),
        ({"plain_permalinks": True}, StoreUnreachable),
        ({"garbage": True}, StoreUnreachable),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_store_that_misbehaves_is_told_apart_and_the_write_is_done_later(
    shop: Shop, kind: type[Write], quirks: dict[str, Any], error: type[StoreError]
) -> None:
    what = one_of_each(shop)[kind]
    shop.quirk(**quirks)
    with pytest.raises(error):
        shop.write(what)
    shop.quirk(**dict.fromkeys(quirks, False))
    shop.write(what)
    assert made_of(shop, what) == [WANTED[kind]]


@pytest.mark.parametrize(
    "what",
    [
        writes.SetConsent("1", EMAIL, ConsentState.UNSUBSCRIBED, NOW),
        writes.SetRating("1", 4.0, 1),
        writes.EditOrder("1"),
        writes.AskReturn("1", (LineQuantity("1", 1),)),
        writes.GrantCredit("1", 100, "EUR", "k"),
        writes.PointTracking("1", "c", "n", "https://x.example/"),
    ],
    ids=lambda what: what.kind,
)
def test_what_this_platform_has_no_way_for_is_said_before_any_call(shop: Shop, what: Write) -> None:
    with pytest.raises(Unsupported, match="WooCommerce"):
        shop.write(what)
    assert shop.http.asked == []
    assert type(what) in WHY_NOT


def test_every_verb_is_done_or_has_its_reason() -> None:
    assert VERBS.keys() | WHY_NOT.keys() == set(writes.WRITES)
    assert not VERBS.keys() & WHY_NOT.keys()


@pytest.mark.parametrize(
    "kind", [writes.NoteOrder, writes.CancelOrder, writes.ChangeAddress], ids=lambda kind: kind.kind
)
def test_an_id_that_is_none_is_not_there(shop: Shop, kind: type[Write]) -> None:
    for id in ("1 OR 1=1", "../customers/1", "", "99999999"):
        changed: dict[str, Any] = {"order_id": id}
        with pytest.raises(NotThere):
            shop.write(replace(one_of_each(shop)[kind], **changed))


# --- as the recordings of a real store ---


def test_answers_are_as_recorded(shop: Shop) -> None:
    code, product = a_code(email=EMAIL), shop.product()
    shop.write(code)
    listed = shop.store.rest("GET", "coupons", params={"code": code.code})
    real = recorded("rest/coupons_by_code")
    shape = shape_of([real["body"], [recorded("coupon.created")["body"]]])
    loose = frozenset({"[].date_expires", "[].date_expires_gmt", "[].used_by"})
    assert differences(listed.json(), shape, loose) == []
    assert {name: listed.headers[name] for name in ("Allow", "X-WP-Total", "X-WP-TotalPages")} == {
        name: real["headers"][name] for name in ("Allow", "X-WP-Total", "X-WP-TotalPages")
    }
    shop.write(a_review(product))
    answer = shop.store.rest("GET", "products/reviews", params={"product": product})
    assert differences(answer.json(), shape_of([recorded("rest/reviews")["body"]])) == []
    assert answer.headers["Allow"] == recorded("rest/reviews")["headers"]["Allow"]
    assert answer.json()[0]["review"].startswith("<p>") and answer.json()[0]["review"].endswith("</p>\n")


def test_date_expires_gmt_alone_is_ignored(shop: Shop) -> None:
    body = {"code": "gmt-only", "discount_type": "percent", "amount": "10"}
    made = shop.store.rest("POST", "coupons", json=body | {"date_expires_gmt": "2030-01-01T00:00:00"})
    assert (made.status_code, made.json()["date_expires_gmt"]) == (201, None)
    again = shop.store.rest("POST", "coupons", json={**body, "code": "GMT-Only"})
    assert (again.status_code, again.json()["code"]) == (400, "woocommerce_rest_coupon_code_already_exists")
    assert shop.store.rest("DELETE", f"coupons/{made.json()['id']}").status_code == 501
    removed = shop.store.rest("DELETE", f"coupons/{made.json()['id']}", params={"force": "true"})
    assert removed.status_code == 200 and shop.store.read("coupons", code="gmt-only") == []


def test_statuses_of_plugins_are_counted_with_the_others(shop: Shop) -> None:
    told = {one["slug"]: one for one in shop.store.read("reports/orders/totals")}
    assert told["processing"]["total"] > 0 and "arrived" not in told
    shop.quirk(custom_statuses=True)
    told = {one["slug"]: one for one in shop.store.read("reports/orders/totals")}
    assert told["arrived"] == {"slug": "arrived", "name": "Arrived", "total": 0}
    assert json.dumps(told)
