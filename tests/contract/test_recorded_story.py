"""What a real WooCommerce store once told of an order, held against the same told by Shopify's."""

from __future__ import annotations

from sqlalchemy import text

from flows.events import EventKind
from tests.contract.twins import FAST, STANDARD, Twins
from tests.quirks.recorded_bytes import recorded, tell

STORY = ("order.created.paid", "order.updated.on_creation", "order.updated.partial_refund",
         "order.updated.full_refund")  # fmt: skip


def _known(pair: Twins, domain: str) -> tuple[list[str], set[str]]:
    """What happened, and which journeys began of it."""
    events = pair.home.rows(
        "SELECT e.kind FROM events e JOIN shops s ON s.id = e.shop_id WHERE s.domain = :domain"
        " ORDER BY e.happened_at, array_position(CAST(:natural AS text[]), e.kind), e.id",
        domain=domain, natural=[str(kind) for kind in EventKind],
    )  # fmt: skip
    journeys = pair.home.rows(
        "SELECT j.flow_key || ' ' || coalesce(j.end_reason, j.status) AS journey FROM journeys j"
        " JOIN shops s ON s.id = j.shop_id WHERE s.domain = :domain",
        domain=domain,
    )
    return [row.kind for row in events], {row.journey for row in journeys}


def test_paid_sent_and_taken_back_in_two_steps(pair: Twins) -> None:
    woo, refunds = pair.woocommerce, recorded("rest/order_refunds")["body"]
    with pair.home.runtime.database.shops(woo.shop_id()) as session:
        for statement in (
            "UPDATE shops SET connected_at = '2026-11-20' WHERE id = :shop",
            "UPDATE flow_switches SET since = '2026-11-20' WHERE shop_id = :shop",
        ):
            session.execute(text(statement), {"shop": woo.shop_id()})
    for name in STORY:
        listed = {part["id"] for part in recorded(name)["body"]["refunds"]}
        told = [one for one in refunds if one["id"] in listed]
        if told:
            woo.call("/sandbox/put", {"noun": "refunds", "body": {"refunds": told, "order_id": 13}})
        tell(pair.home, name)

    shopify = pair.shopify
    shopify.place(STANDARD, FAST)
    for action, line in (("ship", None), ("refund", 0), ("refund", None)):
        pair.home.later(minutes=1)
        shopify.act(action, line=line)
        pair.rest()

    events, journeys = _known(pair, woo.domain)
    assert events == [
        "OrderPlaced", "OrderPaid", "ParcelShipped", "LinesRefunded", "LinesRefunded", "OrderRefunded",
    ]  # fmt: skip
    assert events == _known(pair, shopify.domain)[0]
    begun = {journey.partition(" ")[0] for journey in journeys}
    assert begun == {journey.partition(" ")[0] for journey in _known(pair, shopify.domain)[1]}
