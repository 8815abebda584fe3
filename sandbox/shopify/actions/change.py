"""What every action needs: the shop, the voice that tells the world, and whether it is silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.shopify.shop import Shop, not_before, number_of
from sandbox.shopify.webhooks import Announcer, new_event_id, order_message
from sandbox.store import Refusal


@dataclass(frozen=True, slots=True)
class Change:
    """One action of a merchant or buyer. `announcer` None: nothing is told (past orders).

    `moment`: when it happens; None: now.
    """

    shop: Shop
    announcer: Announcer | None
    moment: datetime | None = None
    event_id: str = field(default_factory=new_event_id)

    def now(self) -> datetime:
        return self.moment or self.shop.clock.now()

    def tell(self, body: dict[str, Any], *topics: str) -> None:
        if self.announcer is not None:
            self.announcer.announce(self.shop, topics, body, self.event_id)

    def keep_order(self, order: dict[str, Any], *topics: str) -> None:
        """Writes the order with a new modification time and tells `topics`."""
        order["updated_at"] = self.shop.local(not_before(order["updated_at"], self.now()))
        write_order(self.shop, order)
        self.tell(order_message(order), *topics)


def write_order(shop: Shop, order: dict[str, Any]) -> None:
    """Also notes whose its parcels and refunds are, so that they are found by their own number."""
    number = number_of(order)
    with shop.documents.transaction():
        shop.write("order", order)
        for name in ("fulfillments", "refunds"):
            for part in order[name]:
                shop.write("owner", {"order": number}, f"{name}/{number_of(part)}")


def find_order(shop: Shop, order_id: str) -> dict[str, Any]:
    order = shop.read("order", order_id)
    if order is None:
        raise Refusal(404, f"no order {order_id} in {shop.domain}")
    return order


def chosen_pieces(
    lines: list[tuple[str, int]] | None, available: Mapping[str, int], what: str
) -> dict[str, int]:
    """Line id -> pieces; None: everything available. Raises Refusal 409 for more than there is."""
    if lines is None:
        chosen = {key: pieces for key, pieces in available.items() if pieces > 0}
    else:
        chosen = {}
        for key, pieces in lines:
            chosen[key] = chosen.get(key, 0) + pieces
    for key, pieces in chosen.items():
        if pieces > available.get(key, 0):
            raise Refusal(409, f"line {key}: {pieces} asked for, {available.get(key, 0)} {what}")
    if not chosen:
        raise Refusal(409, f"nothing is {what}")
    return chosen
