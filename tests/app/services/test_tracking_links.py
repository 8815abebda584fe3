"""Our link in the store's own mails: asked for once, only where it is wanted, and never because of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from graphql import GraphQLObjectType
from sqlalchemy import text

from app.services.features import TRACKING_LINKS
from app.services.tracking_links import is_own_link
from connectors.base import Reading
from connectors.shopify.carriers import is_known
from flows.commerce import Parcel, ParcelStatus, Tracking
from tests.app.desk import START, Desk, a_parcel, an_order
from tests.connectors.shopify.samples import admin_schema

CARRIERS = "https://harbour.example/look?number=HC1"


def on(desk: Desk, enabled: bool = True) -> None:
    with desk.database.shops(desk.shop_id) as session:
        session.execute(
            text("INSERT INTO features VALUES (:shop, :key, :on, :at)"),
            {"shop": desk.shop_id, "key": TRACKING_LINKS.key, "on": enabled, "at": START},
        )


def parcel(**changes: Any) -> Parcel:
    values = {
        "carrier": "Harbour Couriers",
        "tracking_number": "HC1",
        "tracking_url": CARRIERS,
        "followed": False,
    }
    return a_parcel(**{**values, **changes})


def tell(desk: Desk, *parcels: Parcel) -> None:
    desk.read(Reading(orders=(an_order(),), parcels=parcels))


def owed(desk: Desk) -> list[Any]:
    return desk.rows("SELECT key, kind, body, state, asked_at FROM store_writes ORDER BY key")


def link(desk: Desk, order: str = "13", base: str = "https://pine.example/apps/doorstep") -> str:
    return f"{base}/t/{desk.keys.sign('tracking', [desk.shop_id, order])}"


def carriers_link(desk: Desk) -> str | None:
    (row,) = desk.rows("SELECT body->>'tracking_url' AS url FROM parcels")
    url: str | None = row.url
    return url


def test_a_parcel_that_nobody_follows_is_owed_our_link(desk: Desk) -> None:
    on(desk)
    tell(desk, parcel())
    (row,) = owed(desk)
    assert (row.key, row.kind, row.state) == ("track:t1", "point_tracking", "open")
    path = link(desk, base="").removeprefix("/")
    assert row.body == {"parcel_id": "t1", "carrier": "Harbour Couriers", "number": "HC1", "url": path}


@pytest.mark.parametrize(
    "changes",
    [
        {"followed": True},
        {"tracking_number": ""},
        {"also": (Tracking("HC2"),)},
        {"vanished": True},
        {"status": ParcelStatus.PENDING},
        {"status": ParcelStatus.DELIVERED},
        {"status": ParcelStatus.CANCELLED},
    ],
)
def test_any_other_parcel_is_left_alone(desk: Desk, changes: dict[str, Any]) -> None:
    on(desk)
    tell(desk, parcel(**changes))
    assert owed(desk) == []


def test_it_is_off_unless_the_merchant_wants_it(desk: Desk) -> None:
    tell(desk, parcel())
    on(desk, enabled=False)
    tell(desk, parcel(at=START + timedelta(days=2)))
    assert owed(desk) == []


def test_our_own_link_comes_back_and_nothing_follows(desk: Desk) -> None:
    """The loop: our write is the store's news. Whatever comes in which order, one write is all."""
    on(desk)
    tell(desk, parcel())
    before = owed(desk)
    for hours, url in (
        (1, link(desk)),
        (2, CARRIERS),
        (3, link(desk, base="https://app.example")),
        (4, None),
    ):
        tell(desk, parcel(at=START + timedelta(days=1, hours=hours), tracking_url=url))
        assert owed(desk) == before
        assert carriers_link(desk) == CARRIERS, "the carrier's own link is kept"


def test_a_parcel_that_is_ours_already_is_not_owed_again(desk: Desk) -> None:
    on(desk)
    tell(desk, parcel(tracking_url=link(desk, base="https://elsewhere.example/a/b")))
    assert owed(desk) == [] and carriers_link(desk) is None


def test_a_corrected_number_is_written_anew(desk: Desk) -> None:
    on(desk)
    tell(desk, parcel())
    tell(desk, parcel(at=START + timedelta(days=2), tracking_number="HC9"))
    (row,) = owed(desk)
    assert row.body["number"] == "HC9"


def test_only_our_own_signature_makes_a_link_ours(desk: Desk) -> None:
    good = link(desk)
    other = f"https://pine.example/t/{desk.keys.sign('tracking', [desk.shop_id + 1, '13'])}"
    forged = f"{good[:-1]}{'A' if good[-1] != 'A' else 'B'}"
    review = f"https://pine.example/t/{desk.keys.sign('review', [desk.shop_id, 1, '13'])}"
    assert is_own_link(good, desk.shop_id, desk.keys)
    assert is_own_link(f"{good}?from=mail", desk.shop_id, desk.keys)
    for url in (other, forged, review, f"{good}/more", CARRIERS, "https://x.example/t/", "", None):
        assert not is_own_link(url, desk.shop_id, desk.keys), url


def test_many_parcels_cost_no_more_statements_than_one(desk: Desk) -> None:
    on(desk)
    many = [replace(parcel(), id=f"t{number}") for number in range(50)]
    tell(desk, *many)
    assert len(owed(desk)) == 50


def test_the_store_s_own_names_are_known() -> None:
    """Those of the schema, whatever their case; an empty name is left to the store's guess."""
    told = admin_schema("2026-10").get_type("FulfillmentTrackingInfo")
    assert isinstance(told, GraphQLObjectType)
    text_of_schema = told.fields["company"].description or ""
    listed = text_of_schema.partition("### Supported tracking companies")[2]
    names = [line.strip(" *") for line in listed.splitlines() if line.startswith("  * ") and "**" not in line]
    assert len(names) > 100
    assert [name for name in names if not is_known(name)] == []
    for name in (
        "Bluedart",
        "GLS Italy",
        "PTT",
        "R+L Carriers",
        "Skynet",
        "福山通運",
        "dhl  EXPRESS",
        "",
        " ",
    ):
        assert is_known(name), name
    for name in ("Other", "Harbour Couriers", "DHL of somewhere"):
        assert not is_known(name), name
