"""What the store answers to writes is what a real one was recorded to answer."""

from __future__ import annotations

import json

from tests.sandbox.woocommerce.running import recorded
from tests.sandbox.woocommerce.shapes import differences, shape_of
from tests.sandbox.woocommerce.writes.writing import (
    EMAIL,
    Shop,
    a_code,
    a_review,
)


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
    shop.store.order()
    told = {one["slug"]: one for one in shop.store.read("reports/orders/totals")}
    assert told["processing"]["total"] > 0 and "arrived" not in told
    shop.quirk(custom_statuses=True)
    told = {one["slug"]: one for one in shop.store.read("reports/orders/totals")}
    assert told["arrived"] == {"slug": "arrived", "name": "Arrived", "total": 0}
    assert json.dumps(told)
