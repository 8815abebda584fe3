"""Shipping in your shop: the store's statuses and fields, said by the merchant, kept and then followed."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from app.db import as_json
from app.services.intake import take_in
from app.services.polls import NIGHTLY
from app.services.shipment_words import AREA, LONGEST_KEY
from connectors.woocommerce.statuses import MEANINGS
from flows.commerce import Platform
from tests.app.web.admin.mails import Counter
from tests.app.web.conftest import Site, recording

KNOWN = [
    {"slug": "pending", "name": "Pending payment", "orders": 3},
    {"slug": "processing", "name": "Processing", "orders": 1204},
    {"slug": "completed", "name": "Completed", "orders": 1},
    {"slug": "cancelled", "name": "Cancelled", "orders": 9},
    {"slug": "handed-over", "name": "Handed <over>", "orders": 0},
    {"slug": "delivered", "name": "Delivered", "orders": 2},
]
NONE = {"number_key": "", "carrier_key": "", "link_key": ""}


@dataclass
class Desk(Counter):
    def tell(self, known: list[dict[str, Any]] = KNOWN) -> None:
        """As the daily look leaves it."""
        self.sql(
            "INSERT INTO shipment_words (shop_id, known) VALUES (:shop, CAST(:known AS jsonb))"
            " ON CONFLICT (shop_id) DO UPDATE SET known = excluded.known",
            known=as_json(known),
        )

    def seen(self) -> str:
        return token_in(self.get("/shipping")[1])

    def save(self, seen: str | None = None, **fields: str) -> tuple[int, str]:
        given = {name.replace("status_", "status-").replace("__", "-"): word for name, word in fields.items()}
        token = html.unescape(self.seen() if seen is None else seen)
        return self.post("/shipping", seen=token, **{**NONE, **given})

    def held(self) -> Any:
        (row,) = self.sql("SELECT * FROM shipment_words WHERE shop_id = :shop")
        return row

    def changes(self) -> list[str]:
        rows = self.sql(
            "SELECT words FROM admin_changes WHERE shop_id = :shop AND area = :area ORDER BY id", area=AREA
        )
        return [row.words for row in rows]


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site)


def token_in(page: str) -> str:
    return str(re.findall(r'name="seen" value="([^"]*)"', page)[0])


def chosen(page: str) -> dict[str, str]:
    """By field of the form, what is chosen or typed."""
    found = dict(re.findall(r'<input class="input" id="(\w+)"[^>]*? value="([^"]*)"', page))
    for name, options in re.findall(r'<select class="input" id="([^"]+)".*?>(.*?)</select>', page, re.S):
        found[name] = "".join(re.findall(r'value="(\w*)" selected', options))
    return found


def errors(page: str) -> dict[str, str]:
    told = re.findall(r'class="error" id="([^"]+)-error">.*?<span>(.*?)</span>', page, re.S)
    return {name: html.unescape(words) for name, words in told}


def test_the_shops_own_statuses_are_listed_with_what_we_understand(desk: Desk) -> None:
    status, page = desk.get("/shipping")
    assert status == 200 and "has not told us its statuses yet" in page
    assert [name for name in chosen(page) if name.startswith("status-")] == [
        "status-processing", "status-completed",
    ]  # fmt: skip
    desk.tell()
    page = desk.get("/shipping")[1]
    assert "has not told us" not in page
    listed = [name.removeprefix("status-") for name in chosen(page) if name.startswith("status-")]
    assert listed == [
        "processing",
        "completed",
        "handed-over",
        "delivered",
    ]  # no order waits or is over in it
    ours = re.findall(r"As usual: ([\w ]+)<", page)
    assert ours == ["nothing about shipping", "shipped", "nothing about shipping", "delivered"]
    assert "Handed &lt;over&gt;" in page and "1,204 orders now" in page and "1 order now" in page
    assert set(chosen(page).values()) == {""}


def test_what_is_chosen_is_kept_told_and_followed(desk: Desk) -> None:
    desk.tell()
    status, page = desk.save(
        status_handed__over="shipped", status_completed="nothing", number_key="parcel_no"
    )
    assert status == 200 and "Saved." in page and errors(page) == {}
    held = desk.held()
    assert held.statuses == {"handed-over": "shipped", "completed": "nothing"}
    assert (held.number_key, held.carrier_key, held.link_key) == ("parcel_no", "", "")
    assert desk.changes() == [
        "Changed: Completed means nothing about shipping; Handed <over> means shipped;"
        " the tracking number is in parcel_no."
    ]
    page = desk.get("/shipping")[1]
    assert chosen(page)["status-handed-over"] == "shipped" and chosen(page)["number_key"] == "parcel_no"
    assert "Handed &lt;over&gt; means shipped" in page
    assert (
        "2 order statuses have meanings of their own; tracking numbers are read from parcel_no."
        in (desk.get("/settings")[1])
    )
    status, page = desk.save(status_completed="nothing")
    assert desk.changes()[-1] == (
        "Changed: Handed <over> means what it did at first; the tracking number is in no field any more."
    )
    assert "1 order status has a meaning of its own." in desk.get("/settings")[1]


def test_saving_the_same_changes_nothing(desk: Desk) -> None:
    desk.tell()
    desk.save(status_completed="partly")
    before = desk.held()
    status, page = desk.save(status_completed="partly")
    assert (status, desk.held(), len(desk.changes())) == (200, before, 1)
    assert "Nothing was changed." in page
    assert desk.save(seen="stale", status_completed="partly")[0] == 200  # what somebody else saved is this


def test_a_status_that_is_not_listed_is_added_by_its_short_name(desk: Desk) -> None:
    status, page = desk.save(other_status="WC-Am-Tor ", other_meaning="delivered")
    assert status == 200 and desk.held().statuses == {"am-tor": "delivered"}
    assert chosen(page)["status-am-tor"] == "delivered"
    desk.tell()
    assert "Your shop does not list it" in desk.get("/shipping")[1]
    assert desk.save()[0] == 200 and desk.held().statuses == {}
    assert "status-am-tor" not in desk.get("/shipping")[1]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"other_status": "handed over", "other_meaning": "shipped"}, "other_status"),
        ({"other_status": "<b>", "other_meaning": "shipped"}, "other_status"),
        ({"other_status": "x" * 41, "other_meaning": "shipped"}, "other_status"),
        ({"other_status": "pending", "other_meaning": "shipped"}, "other_status"),
        ({"other_status": "wc-cancelled", "other_meaning": "shipped"}, "other_status"),
        ({"other_status": "ready"}, "other_meaning"),
        ({"other_status": "ready", "other_meaning": "eaten"}, "other_meaning"),
        ({"other_meaning": "shipped"}, "other_status"),
        ({"status_completed": "eaten"}, "status-completed"),
        ({"status_cancelled": "shipped"}, ""),
        ({"number_key": "x" * (LONGEST_KEY + 1)}, "number_key"),
        ({"number_key": "a\x07b"}, "number_key"),
        ({"number_key": "_wc_shipment_tracking_items"}, "number_key"),
        ({"number_key": "n", "carrier_key": "_fulfillment_status"}, "carrier_key"),
        ({"number_key": "n", "link_key": "n"}, "link_key"),
        ({"carrier_key": "c"}, "number_key"),
        ({"link_key": "l"}, "number_key"),
    ],
)
def test_what_cannot_be_is_said_beneath_its_field_and_nothing_is_kept(
    desk: Desk, fields: dict[str, str], wrong: str
) -> None:
    desk.tell()
    before = desk.held()
    status, page = desk.save(**fields)
    assert (status, desk.held(), desk.changes()) == (422, before, [])
    assert "Not saved: 1 field needs another value." in page
    if wrong:
        assert list(errors(page)) == [wrong]
        assert f'aria-describedby="{wrong}' in page or f'{wrong}-error"' in page
        typed = fields.get(wrong.replace("status-", "status_"), "")
        if wrong.endswith("_key") and typed.isprintable():
            assert chosen(page)[wrong] == typed


def test_who_saves_over_another_is_told_and_may_insist(desk: Desk) -> None:
    desk.tell()
    seen = desk.seen()
    desk.save(status_completed="partly", number_key="theirs")
    status, page = desk.save(seen=seen, status_completed="delivered", carrier_key="c", number_key="mine")
    assert status == 409 and "Somebody saved this page meanwhile" in page
    assert (desk.held().statuses, desk.held().number_key) == ({"completed": "partly"}, "theirs")
    assert chosen(page)["status-completed"] == "delivered" and chosen(page)["number_key"] == "mine"
    assert re.findall(r"Saved meanwhile: <b>(.*?)</b>", page) == ["partly shipped", "theirs", "nothing"]
    assert desk.save(seen=token_in(page), status_completed="delivered", number_key="mine")[0] == 200
    assert desk.held().number_key == "mine"


def test_the_daily_look_changes_nothing_that_was_said(desk: Desk) -> None:
    desk.tell()
    seen = desk.seen()
    desk.tell(KNOWN[:3])
    assert desk.save(seen=seen, status_completed="partly")[0] == 200
    desk.tell()
    assert desk.held().statuses == {"completed": "partly"}


def test_three_days_are_read_again_after_a_change_and_only_then(desk: Desk) -> None:
    later = desk.site.runtime.clock.real() + timedelta(hours=20)
    put_off = "UPDATE polls SET next_at = :later, held = true, cursor = 'c', began_at = :later"
    desk.sql(f"{put_off} WHERE shop_id = :shop", later=later)
    desk.tell()

    def due() -> list[str]:
        rows = desk.sql(
            "SELECT noun FROM polls WHERE shop_id = :shop AND next_at < :later AND NOT held"
            " AND cursor IS NULL AND began_at IS NULL",
            later=later,
        )
        return [row.noun for row in rows]

    desk.save()
    assert due() == []
    desk.save(status_completed="eaten")
    assert due() == []
    desk.save(status_completed="partly")
    assert due() == [NIGHTLY]


def test_messages_are_understood_in_the_words_that_were_said(desk: Desk, site: Site) -> None:
    body = json.loads(recording("order.created.paid"))
    body |= {"status": "handed-over", "meta_data": [{"id": 1, "key": "parcel_no", "value": "A1, B2"}]}

    def arrive(second: int) -> list[str]:
        told = {**body, "date_modified_gmt": f"2026-11-21T20:38:{second:02}"}
        assert site.woo("order.updated", json.dumps(told).encode())[0] == 200
        at = site.runtime
        while take_in(at.database, at.connector, at.keys, site.now, at.clock.real()):
            pass
        rows = desk.sql("SELECT id FROM parcels WHERE shop_id = :shop AND body->>'vanished' = 'false'")
        return sorted(row.id for row in rows)

    assert arrive(1) == []
    desk.save(other_status="handed-over", other_meaning="shipped")
    assert arrive(2) == ["13:completed"]
    desk.save(status_handed__over="shipped", number_key="parcel_no")
    assert arrive(3) == ["13:B2", "13:completed"], "the first number is that of the parcel that was told"
    desk.save(status_handed__over="delivered", number_key="parcel_no")
    assert arrive(4) == ["13:B2", "13:completed"]
    events = desk.sql("SELECT kind FROM events WHERE shop_id = :shop AND kind = 'OrderDelivered'")
    assert len(events) == 1


def test_every_meaning_can_be_chosen(desk: Desk) -> None:
    desk.tell()
    for word in MEANINGS:
        assert desk.save(status_completed=word)[0] == 200
        assert chosen(desk.get("/shipping")[1])["status-completed"] == word
    assert len(desk.changes()) == len(MEANINGS)


def test_a_shop_of_the_other_kind_has_no_such_page(site: Site) -> None:
    other = Desk(site, Platform.SHOPIFY)
    assert other.get("/shipping")[0] == 404
    assert other.post("/shipping", seen="", number_key="x")[0] == 404
    assert "/app/shipping" not in other.get("/settings")[1]
