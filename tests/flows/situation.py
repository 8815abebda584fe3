"""A situation in which something is asked, and what changing exactly one fact of it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flows.commerce import ConsentState, OrderState
from flows.conditions import Named
from flows.delays import days
from flows.events import WHILE_IT_IS, EventKind
from flows.facts import Facts, MailClass, Topic
from flows.flow import Flow
from flows.steps import Send, Wait
from tests.flows.pictures import ON, SHOP, T0, facts, line, picture

NOW = T0 + timedelta(hours=1)
LONG_AGO = T0 - timedelta(days=15)
GIFT_CARD = line("card", gift_card=True)


@dataclass(frozen=True)
class Situation:
    facts: Facts = field(default_factory=facts)
    flow: Flow = field(default_factory=lambda: flow())
    step: str = "ask"
    due_at: datetime = T0
    expires_at: datetime = T0 + timedelta(days=2)

    def having(self, **changes: Any) -> Situation:
        return replace(self, facts=replace(self.facts, **changes))

    def ordering(self, **changes: Any) -> Situation:
        whole = self.facts.picture
        return self.having(picture=replace(whole, order=replace(whole.order, **changes)))


def flow(**changes: Any) -> Flow:
    when = changes.pop("when", None)
    values: dict[str, Any] = {
        "key": "probe",
        "version": 1,
        "mail_class": MailClass.SERVICE,
        "topic": Topic.TIPS,
        "trigger": EventKind.ORDER_PLACED,
        "steps": (Wait("pause", days(1)), Send("ask", "x/ask", late_hours=48, when=when)),
    }
    return Flow(**{**values, **changes})


def _happening(kind: EventKind) -> Callable[[Situation], Situation]:
    state = WHILE_IT_IS.get(kind)

    def change(it: Situation) -> Situation:
        left = {one: at for one, at in it.facts.happened.items() if one is not kind}
        if state is not None:
            over = it.facts.picture.order.state is state
            return it.ordering(state=OrderState.OPEN if over else state).having(happened=left)
        if kind in it.facts.happened:
            return it.having(happened=left)
        return it.having(happened={**left, kind: NOW - timedelta(hours=1)})

    return change


def _refunds(it: Situation) -> Situation:
    left = {kind: at for kind, at in it.facts.happened.items() if kind is not EventKind.ORDER_REFUNDED}
    it = it.ordering(fully_refunded=False, refunded=0).having(happened=left)
    return it.having(picture=replace(it.facts.picture, refunds=()))


def _lines(it: Situation) -> Situation:
    """Which lines there are to talk of, those given back left out."""
    if it.facts.picture.reviewable_lines():
        return it.ordering(lines=(GIFT_CARD,))
    return it.having(picture=picture(refunds=()))


Change = Mapping[str, Callable[[Situation], Situation]]
Questions = Mapping[str, tuple[Named, str, Situation, Situation]]

# Facts that a rule goes by besides the one that it names.
BESIDES = {
    # One order is in one state.
    "happened[OrderCancelled]": {"happened[OrderDeleted]"},
    "happened[OrderDeleted]": {"happened[OrderCancelled]"},
    "order.refunds": {"order.lines", "happened[OrderRefunded]"},
    "order.lines": {"order.refunds"},
    "parcel.scans": {"parcels", "parcels.left"},
    "estimates.arrival": {"estimates[run_out]"},
    "progress": {"happened[EstimateMoved]"},
    "inferred": {"happened[OrderDelivered]"},
    "order.goods": {"order.lines", "order.digital"},
    "order.digital": {"order.lines", "order.goods", "order.source", "products.digital"},
    "reviewed_products": {"order.lines"},
    # What they said counts by the law of where they live.
    "consent": {"order.country"},
    # An order is an answer, and so is a click.
    "person.answered_at": {"person.last_order_at", "person.clicked_at", "person.visited_at"},
    **{f"lines.{name}": {"order.lines"} for name in ("product", "category", "tag", "vendor")},
    "person.bought_again": {"order.lines"},
    "products.tags": {"order.lines"},
    "person.last_order_at": {"person.usual_days"},
    "parcels": {"parcel.scans", "parcels.left"},
    "products.consumable": {"order.lines", "products.durable"},
    "products.durable": {"order.lines", "products.consumable"},
    "products.digital": {"order.lines", "order.goods", "order.digital"},
    "products.timing": {"order.lines"},
}


CHANGE: Change = {
    "shop.active": lambda it: it.having(shop=replace(it.facts.shop, active=not it.facts.shop.active)),
    "setting.enabled": lambda it: it.having(setting=ON),
    "order.placed_at": lambda it: it.ordering(placed_at=SHOP.connected_at + timedelta(days=1)),
    "order.refunds": _refunds,
    "order.lines": _lines,
    "order.is_gift": lambda it: it.ordering(is_gift=not it.facts.picture.order.is_gift),
    "order.is_test": lambda it: it.ordering(is_test=not it.facts.picture.order.is_test),
    "order.source": lambda it: it.ordering(source="" if it.facts.picture.order.source == "pos" else "pos"),
    "order.shop_wrote": lambda it: it.ordering(
        shop_wrote=() if it.facts.picture.order.shop_wrote else ("customer_processing_order",)
    ),
    "order.is_renewal": lambda it: it.ordering(is_renewal=not it.facts.picture.order.is_renewal),
    "orders_before": lambda it: it.having(orders_before=0 if it.facts.orders_before else 2),
    "open_complaint": lambda it: it.having(open_complaint=not it.facts.open_complaint),
    "reviewed_products": lambda it: it.having(
        reviewed_products={} if it.facts.reviewed_products else {"p-mug": T0 - timedelta(days=9)}
    ),
    "last_score": lambda it: it.having(last_score=2 if it.facts.last_score == 9 else 9),
    "recipient": lambda it: it.having(recipient="ada@example.com", recipient_problem=None),
    "suppressed": lambda it: it.having(suppressed=None),
    "unsubscribed": lambda it: it.having(unsubscribed=frozenset()),
    "left_topics": lambda it: it.having(left_topics=frozenset()),
    "consent": lambda it: it.having(consent=ConsentState.SUBSCRIBED),
    "late": lambda it: it.having(late=()),
    "expires_at": lambda it: replace(it, expires_at=NOW + timedelta(hours=1)),
    "due_at": lambda it: replace(it, due_at=NOW),
    "flow.steps": lambda it: replace(it, step="ask"),
    **{f"happened[{kind.value}]": _happening(kind) for kind in EventKind},
}


PLAIN = Situation()
