"""What a platform tells us besides orders: demands by law, merged customers, plans."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PrivacyKind(StrEnum):
    EXPORT = "export"
    FORGET_PERSON = "forget_person"
    FORGET_SHOP = "forget_shop"


@dataclass(frozen=True, slots=True)
class PrivacyAsk:
    """A demand by law that a platform passes on. `key` tells it from others of its kind; empty fields are
    not known."""

    kind: PrivacyKind
    key: str
    customer_id: str = ""
    email: str = ""
    phone: str = ""
    order_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """Two customers turned out to be one: `gone` lives on as `kept`."""

    kept: str
    gone: str


@dataclass(frozen=True, slots=True)
class PlanNews:
    """What a message says of the shop's plan. A hint: the plan is read from the platform before it counts."""

    plan: str
    status: str
    subscription_id: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the platform itself says that the shop pays us for. `plan`: the handle of the plan, "" where
    the subscription names none."""

    plan: str
    status: str
    id: str
