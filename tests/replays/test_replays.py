"""The replay itself, on a few invented rows in the form of the real sets; and promises that are broken on
purpose are seen to be."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks.real_rows import Row, folder_named, rows
from flows.memory import Past
from flows.rehearsal import rehearse
from flows.rehearsed import Rehearsed
from tests.proof import Figure
from tests.replays import olist, uci
from tests.replays.promises import keep
from tests.replays.shoppers import rules
from tests.replays.test_real_orders import replayed, silent

PLACED = datetime(2017, 3, 6, 14, 30)
DAY = timedelta(days=1)


def written(folder: Path, **tables: Sequence[Row]) -> Path:
    for name, found in tables.items():
        text = "".join(json.dumps(row, default=str) + "\n" for row in found)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    return folder


def a_marketplace(folder: Path, orders: int = 20) -> Path:
    """Of a few people; one order is cancelled, one is never paid, some come late, some never."""
    random = Random(4)
    found, items, reviews = [], [], []
    for number in range(orders):
        placed = PLACED + random.random() * 90 * DAY
        left = placed + random.randint(1, 4) * DAY
        came = left + random.randint(2, 25) * DAY if random.random() < 0.9 else None
        over = number == 3
        found.append(
            {
                "order_id": f"o{number}",
                "order_status": "canceled" if over else "delivered",
                "order_purchase_timestamp": placed,
                "order_approved_at": None if number == 5 else placed + timedelta(hours=1),
                "order_delivered_carrier_date": None if over else left,
                "order_delivered_customer_date": None if over else came,
                "order_estimated_delivery_date": datetime(placed.year, placed.month, placed.day) + 14 * DAY,
                "customer_unique_id": f"person{random.randrange(orders // 3)}",
                "customer_city": "sao paulo",
                "customer_state": "SP",
            }
        )
        item = {"order_id": f"o{number}", "order_item_id": 1, "product_id": f"p{number % 4}"}
        items.append({**item, "price": 49.9, "freight_value": 10.0})
        if came is not None and number % 4 == 0:
            review = {"order_id": f"o{number}", "review_score": random.randint(1, 5)}
            reviews.append({**review, "review_answer_timestamp": came + 2 * DAY})
    kinds = ("toys", "perfumery", "electronics", "furniture_decor")
    products = [{"product_id": f"p{n}", "category_en": kind} for n, kind in enumerate(kinds)]
    return written(
        folder,
        orders_dev=found,
        order_items_dev=items,
        order_reviews_dev=reviews,
        products_dev=products,
    )


def a_gift_shop(folder: Path) -> Path:
    random = Random(5)
    lines: list[Row] = []
    for number in range(30):
        at = PLACED + random.random() * 120 * DAY
        row = {"invoice": f"i{number}", "customer": random.randrange(6), "ts": at, "kind": "sale"}
        for sku in random.sample(("MUG", "LAMP", "SOAP"), 2):
            lines.append({**row, "sku": sku, "qty": 4, "price_pence": 350, "is_product": True})
        lines.append({**row, "sku": "POST", "qty": 1, "price_pence": 500, "is_product": False})
        if number % 5 == 0:
            back = {**row, "invoice": f"C{number}", "kind": "cancel", "ts": at + 9 * DAY}
            taken = [dict(one) for one in lines[-3:]] if number % 10 == 0 else [dict(lines[-3], qty=2)]
            lines += [{**one, **back, "qty": -one["qty"]} for one in taken]
    return written(
        folder,
        lines_dev=lines,
        products=[{"sku": sku, "description": sku} for sku in ("MUG", "LAMP", "SOAP")],
        customers_dev=[{"customer": n, "country": ("United Kingdom", "Mars")[n % 2]} for n in range(6)],
    )


def test_a_marketplace_is_replayed(tmp_path: Path, figure: Figure) -> None:
    folder = a_marketplace(tmp_path)
    answered = replayed(olist.people(folder), olist.SINCE, figure)
    unanswered = replayed(silent(olist.people(folder)), olist.SINCE, figure)
    assert unanswered["review_request"] > answered["review_request"] > 0 == unanswered["review_reply"]
    assert unanswered["arrival_check"] > 0
    found = {past.facts.picture.order.id for theirs in olist.people(folder) for past in theirs}
    assert found == {f"o{number}" for number in range(20)}


def test_a_gift_shop_is_replayed(tmp_path: Path, figure: Figure) -> None:
    folder = a_gift_shop(tmp_path)
    flows = replayed(uci.people(folder), uci.SINCE, figure)
    pictures = [past.facts.picture for theirs in uci.people(folder) for past in theirs]
    refunds = [refund for picture in pictures for refund in picture.refunds]
    assert flows["cancel_refund_exchange"] == len(refunds) >= 6 and flows["review_request"] > 0
    assert sum(refund.amount for refund in refunds) == 3 * 3300 + 3 * 700
    assert any(picture.order.fully_refunded for picture in pictures)
    assert all(picture.order.fees == 500 for picture in pictures)


def test_a_table_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds neither"):
        list(rows(tmp_path, "orders_dev"))


@pytest.mark.parametrize("told", [None, "", "/nothing/is/here"])
def test_a_folder_that_is_missing_is_said(told: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOORSTEP_OLIST", raising=False)
    if told is not None:
        monkeypatch.setenv("DOORSTEP_OLIST", told)
    with pytest.raises(FileNotFoundError, match="DOORSTEP_OLIST names no folder"):
        folder_named("DOORSTEP_OLIST")


def _again(mails: list[Rehearsed], asks: Rehearsed, theirs: list[Past]) -> None:
    mails.append(replace(asks, journey=99))


def _twice(mails: list[Rehearsed], asks: Rehearsed, theirs: list[Past]) -> None:
    mails.append(replace(asks))


def _early(mails: list[Rehearsed], asks: Rehearsed, theirs: list[Past]) -> None:
    came = theirs[0].facts.picture.parcels[0].delivered_at
    assert came is not None
    asks.due_at = asks.sent_at = came


def _soon(mails: list[Rehearsed], asks: Rehearsed, theirs: list[Past]) -> None:
    asks.sent_at = asks.due_at - timedelta(seconds=1)


def _crowd(mails: list[Rehearsed], asks: Rehearsed, theirs: list[Past]) -> None:
    mails += [replace(asks, flow="care_warranty", order_id=f"x{n}", journey=50 + n) for n in range(3)]


def _over(mails: list[Rehearsed], asks: Rehearsed, theirs: list[Past]) -> None:
    facts = theirs[0].facts
    order = replace(facts.picture.order, fully_refunded=True)
    refund: Any = type("Given", (), {"created_at": asks.due_at})
    theirs[0] = replace(
        theirs[0], facts=replace(facts, picture=replace(facts.picture, order=order, refunds=(refund,)))
    )


def _late(mails: list[Rehearsed], asks: Rehearsed, theirs: list[Past]) -> None:
    """Another parcel should have come on that day, and has not."""
    facts, sent_at = theirs[0].facts, asks.due_at
    parcel = replace(
        facts.picture.parcels[0],
        id="other",
        shipped_at=sent_at - 3 * DAY,
        estimated_at=sent_at,
        promised_at=sent_at,
        delivered_at=sent_at + 3 * DAY,
    )
    order = replace(facts.picture.order, id="other")
    other = replace(facts.picture, order=order, parcels=(parcel,), parcel_events=())
    theirs.append(replace(theirs[0], facts=replace(facts, picture=other)))


Break = Callable[[list[Rehearsed], Rehearsed, list[Past]], None]


@pytest.mark.parametrize("broken", [None, _again, _twice, _early, _soon, _crowd, _over, _late])
def test_a_broken_promise_is_seen(broken: Break | None, tmp_path: Path) -> None:
    row: Row = {
        "order_id": "o1", "order_status": "delivered", "order_purchase_timestamp": PLACED,
        "order_approved_at": PLACED, "order_delivered_carrier_date": PLACED + DAY,
        "order_delivered_customer_date": PLACED + 4 * DAY, "order_estimated_delivery_date": PLACED + 9 * DAY,
        "customer_unique_id": "ada", "customer_city": "", "customer_state": "SP",
    }  # fmt: skip
    item = {"order_id": "o1", "order_item_id": 1, "product_id": "p1", "price": 9.5, "freight_value": 0.5}
    folder = written(
        tmp_path,
        orders_dev=[row],
        order_items_dev=[item],
        order_reviews_dev=[],
        products_dev=[{"product_id": "p1", "category_en": "toys"}],
    )
    (theirs,) = olist.people(folder)
    (flow,) = (flow for flow in rules(olist.SINCE).flows if flow.key == "review_request")
    only = replace(rules(olist.SINCE), flows=(flow,))
    mails = rehearse(only, theirs, theirs[0].facts.picture.order.placed_at + 60 * DAY).mails
    if broken is None:
        keep(theirs, mails)
        assert [mail.step for mail in mails] == ["ask", "nudge", "last"]
        return
    broken(mails, mails[0], theirs)
    with pytest.raises(AssertionError):
        keep(theirs, mails)
