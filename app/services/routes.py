"""By whose account each mail of a batch leaves: the shop's own, else ours, else our second one.

The second one takes over while the first is not tried, and only what never left by the first: of a mail that
may have been taken nobody sends another copy elsewhere, but by the account that may have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.keys import BadSeal, Keys
from app.services.ledger import Claimed
from app.services.mail_accounts import MailAccount
from app.services.vendor_health import Health
from emails.providers.api import Reach
from emails.providers.base import REMEMBERED, Provider, Repeats
from emails.providers.smtp_public import shops_provider
from wire.http import HttpClient


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
    vendors: Vendors,
    row: Claimed,
    own: Mapping[int, MailAccount],
    health: Mapping[str, Health],
    tried: bool,
    bound: bool,
) -> Route:
    """`tried`: another mail of this batch tries already whether the first is there again. `bound`: it leaves
    by the first or waits. Raises BadSeal for a shop's account that none of our keys opens."""
    held = own.get(row.shop_id)
    if held is not None:
        return own_route(vendors, held)
    first = Route(vendors.provider, vendors.account)
    if vendors.second is None:
        return first
    second = Route(vendors.second, vendors.second_account)
    if row.may_have_left:
        return second if row.account == second.account else first
    if bound or not _is_down(vendors, health, tried):
        return first
    known, real = health.get(vendors.second_account), vendors.real()
    return first if known is not None and known.breaker.is_open(real) else second


def _is_down(vendors: Vendors, health: Mapping[str, Health], tried: bool) -> bool:
    known = health.get(vendors.account)
    if known is None or known.breaker.is_closed():
        return False
    return tried or known.breaker.is_tried_no_more(vendors.real())


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
