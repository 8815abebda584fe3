"""When an order runs out, as it is stored while something happens to the order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.predict.learning import learn
from app.queries.facts import load_fact_base
from connectors.base import Reading
from flows.commerce import LineQuantity, OrderState, ParcelStatus, Shipped
from flows.facts import Facts
from tests.app.desk import START, Desk, a_parcel, a_refund
from tests.app.predict.bought import bought, sold, told
from tests.app.services.statements import counted

DAY = timedelta(days=1)
AT = START + DAY


def now_bought(*products: str, number: int = 900, who: str = "ada", **other: Any) -> Any:
    return bought(number, who, 0, *products, since=AT, **other)


def facts(desk: Desk, order_id: str = "900") -> Facts:
    key = (desk.shop_id, order_id)
    with desk.database.shops(desk.shop_id) as session:
        return load_fact_base(session, [key], desk.keys).facts(key, "replenishment", None)


def run_out(desk: Desk, order_id: str = "900") -> tuple[str | None, datetime, str, int]:
    found = facts(desk, order_id).estimates["run_out"]
    return found.subject, found.at, found.source, found.samples


def said(desk: Desk, scope: str, key: str, **words: Any) -> None:
    columns = "".join(f", {name}" for name in words)
    values = "".join(f", :{name}" for name in words)
    desk.rows(
        f"INSERT INTO product_words (shop_id, scope, key, changed_at{columns})"
        f" VALUES (:shop, :scope, :key, :at{values}) RETURNING key",
        shop=desk.shop_id,
        scope=scope,
        key=key,
        at=START,
        **words,
    )


def test_what_runs_out_first_counts_from_the_day_it_should_be_there(desk: Desk) -> None:
    desk.read(
        told(sold("beans"), sold("soap", "Soap"), sold("lamp", "Lamp"), now_bought("soap", "beans", "lamp"))
    )
    assert run_out(desk) == ("beans", AT + 35 * DAY, "fallback", 0)


def test_it_counts_from_the_delivery_once_that_is_known(desk: Desk) -> None:
    desk.read(told(sold("beans"), now_bought("beans", shipped=Shipped.ALL)))
    arrived = AT + 2 * DAY
    parcel = a_parcel(order_id="900", status=ParcelStatus.DELIVERED, delivered_at=arrived)
    desk.read(Reading(parcels=(parcel,)))
    assert run_out(desk)[1] == arrived + 30 * DAY


def test_nothing_runs_out_of_an_order_of_what_lasts(desk: Desk) -> None:
    desk.read(told(sold("lamp", "Lamp"), now_bought("lamp")))
    assert facts(desk).estimates == {}


def test_what_is_given_back_no_longer_runs_out(desk: Desk) -> None:
    desk.read(told(sold("beans"), sold("soap", "Soap"), now_bought("beans", "soap")))
    assert run_out(desk)[0] == "beans"
    back = a_refund(order_id="900", amount=1000, lines=(LineQuantity("900-beans", 1, 1000),))
    desk.read(Reading(refunds=(back,)))
    assert run_out(desk)[0] == "soap"
    cancelled = now_bought(
        "beans", "soap", state=OrderState.CANCELLED, cancelled_at=AT + DAY, version=AT + DAY
    )
    desk.read(told(cancelled))
    assert facts(desk).estimates == {}


def test_a_person_s_own_rhythm_and_nobody_else_s(desk: Desk) -> None:
    earlier = [bought(n, "ada", -day, "beans", since=AT) for n, day in ((1, 80), (2, 40))]
    others = [bought(n, "bo", -day, "beans", since=AT) for n, day in ((3, 20), (4, 10))]
    desk.read(told(sold("beans"), *earlier, *others, now_bought("beans")))
    assert run_out(desk) == ("beans", AT + 40 * DAY, "personal_cycle", 3)


def test_what_was_learnt_of_the_product(desk: Desk) -> None:
    pairs = [
        bought(10 * place + n, f"p{place}", -200 + day, "beans", since=AT)
        for place in range(8)
        for n, day in ((0, 0), (1, 45))
    ]
    desk.read(told(sold("beans"), *pairs))
    learn(desk.database, desk.now)
    desk.read(told(now_bought("beans")))
    assert run_out(desk) == ("beans", AT + 45 * DAY, "product_interval", 8)


def test_the_merchant_s_word_of_the_product_wins_over_that_of_its_category(desk: Desk) -> None:
    said(desk, "category", "coffee", lasts_days=100)
    desk.read(told(sold("beans"), sold("dark"), now_bought("dark"), now_bought("beans", number=901)))
    assert run_out(desk)[1:3] == (AT + 105 * DAY, "merchant")
    said(desk, "product", "beans", lasts_days=20)
    desk.read(told(now_bought("beans", number=902, quantity=2)))
    assert run_out(desk, "902")[1:3] == (AT + 45 * DAY, "merchant")
    said(desk, "product", "dark", consumable=False)
    desk.read(told(now_bought("dark", number=903)))
    assert facts(desk, "903").estimates == {}


def test_a_batch_costs_the_same_statements(desk: Desk) -> None:
    desk.read(told(sold("beans"), bought(1, "ada", 1, "beans")))
    counts = []
    for first, size in ((1000, 1), (2000, 50), (3000, 500)):
        orders = [now_bought("beans", number=first + n, who=f"p{first + n}") for n in range(size)]
        with counted(desk.database) as seen:
            desk.read(told(*orders))
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], counts
