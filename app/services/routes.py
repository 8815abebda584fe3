"""By whose account each mail of a batch leaves: the shop's own, else ours, else our second one.

The second one takes over while the first is not tried, and only what never left by the first: of a mail that
may have been taken nobody sends another copy elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.keys import BadSeal, Keys
from app.services.ledger import Claimed
from app.services.mail_accounts import MailAccount
from app.services.vendor_health import Health
from emails.providers.api import Reach
from emails.providers.base import REMEMBERED, Provider, Repeats
from emails.providers.public_smtp import shops_provider
from wire.http import HttpClient

SEALED = "account_sealed"
"""No key of ours opens the shop's account: the merchant has to give it again."""


class Vendors(Protocol):
    """What the sender knows of our own accounts."""

    @property
    def provider(self) -> Provider: ...

    @property
    def second(self) -> Provider | None: ...

    @property
    def account(self) -> str: ...

    @property
    def second_account(self) -> str: ...

    @property
    def secrets(self) -> Keys: ...

    @property
    def http(self) -> HttpClient: ...

    @property
    def real(self) -> Callable[[], datetime]: ...


@dataclass(frozen=True, slots=True)
class Route:
    """`own`: it is the shop's."""

    provider: Provider
    account: str
    own: MailAccount | None = None


def route_of(
    vendors: Vendors, row: Claimed, own: Mapping[int, MailAccount], health: Mapping[str, Health]
) -> Route:
    """Raises BadSeal for a shop's account that none of our keys opens."""
    held = own.get(row.shop_id)
    if held is not None:
        return own_route(vendors, held)
    first = Route(vendors.provider, vendors.account)
    if vendors.second is None or row.may_have_left:
        return first
    real = vendors.real()
    down = vendors.account in health and not health[vendors.account].breaker.is_closed()
    waits = vendors.second_account in health and health[vendors.second_account].breaker.is_open(real)
    return Route(vendors.second, vendors.second_account) if down and not waits else first


def own_route(vendors: Vendors, held: MailAccount) -> Route:
    """Raises BadSeal."""
    reach = Reach(vendors.http, vendors.real)
    try:
        return Route(shops_provider(held.url(vendors.secrets), reach), held.account, held)
    except ValueError as error:  # written by an earlier version of ours
        raise BadSeal("the account's address cannot be read any more") from error


def may_repeat(row: Claimed, route: Route, real: datetime) -> bool:
    """Whether the vendor drops the second copy of a mail that it may have: the same account, soon enough."""
    return (
        route.provider.repeats is Repeats.IDEMPOTENT
        and row.account == route.account
        and row.first_try_at is not None
        and real - row.first_try_at < REMEMBERED
    )


def in_order(routes: Sequence[Route]) -> dict[str, Route]:
    """Each account once, as it comes first."""
    found: dict[str, Route] = {}
    for route in routes:
        found.setdefault(route.account, route)
    return found
