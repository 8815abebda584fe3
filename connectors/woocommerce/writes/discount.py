"""A coupon. Its code is made of what it is for, so a repeat finds it taken: by us."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.amounts import decimal_text
from connectors.base import NotThere, Store, StoreRefused, StoreUnreachable
from connectors.fields import Body, body, instant, maybe_text
from connectors.woocommerce.rest_api import Complaint, read_list, remove, write
from connectors.woocommerce.writes.looking import anew, look, number, plain, reference
from connectors.writes import CreateDiscount, DiscountKind, Written

_TAKEN = "woocommerce_rest_coupon_code_already_exists"
_MINUTE = timedelta(minutes=1)
# When clocks go back an hour comes twice, and a time on the wall cannot say which of them is meant.
_HOUR = timedelta(hours=1)
# Two zones are no farther apart than this.
_FARTHEST = timedelta(hours=26)
_NOTHING = timedelta()


def create_discount(store: Store, what: CreateDiscount) -> Written:
    """Raises StoreRefused where the code belongs to something else."""
    wanted = _input(store, what)
    try:
        made = body(write(store, "post", "coupons", wanted), "coupon")
    except Complaint as complaint:
        if complaint.code != _TAKEN:
            raise
        found = _ours(store, wanted)
        _end_as_told(store, found, what.ends_at)
        return Written(reference(found), already=True)
    _end_as_told(store, made, what.ends_at)
    return Written(reference(made))


def _ours(store: Store, wanted: dict[str, Any]) -> Body:
    """The coupon with that code, if it is the one that we asked for before."""
    code = wanted["code"]
    items, _ = read_list(store, "coupons", {"code": code, **anew()})
    found = [Body(item, "coupon") for item in items if isinstance(item, dict) and item.get("code") == code]
    if not found:
        raise StoreUnreachable(f"the code {code} was taken and then is not there")
    if not _is_same(found[0], wanted):
        raise StoreRefused(f"the code {code} belongs to another coupon")
    return found[0]


def _is_same(coupon: Body, wanted: dict[str, Any]) -> bool:
    """The words of the description say what it is for; quotes may have come back with a backslash."""
    held = coupon.data
    emails = held.get("email_restrictions")
    return (
        plain(held.get("description")).replace("\\", "") == plain(wanted["description"]).replace("\\", "")
        and held.get("discount_type") == wanted["discount_type"]
        and _decimal(held.get("amount")) == Decimal(wanted["amount"])
        and held.get("free_shipping") is wanted["free_shipping"]
        and (emails if isinstance(emails, list) else []) == wanted.get("email_restrictions", [])
    )


def _decimal(told: Any) -> Decimal | None:
    try:
        return Decimal(told) if isinstance(told, str) else None
    except InvalidOperation:
        return None


def _input(store: Store, what: CreateDiscount) -> dict[str, Any]:
    email = _email(store, what)
    wanted: dict[str, Any] = {
        "code": what.code.lower(),
        "description": what.title,
        "individual_use": not what.combines,
        **_value(store, what),
    }
    if what.usage_limit is not None:
        wanted["usage_limit"] = what.usage_limit
    if what.once_per_customer:
        wanted["usage_limit_per_user"] = 1
    if email:
        wanted["email_restrictions"] = [email]
    if what.minimum is not None:
        wanted["minimum_amount"] = _money(store, what.minimum, what.currency)
    if what.ends_at is not None:
        wanted["date_expires"] = _on_the_wall(what.ends_at, store.timezone)
    return wanted


def _email(store: Store, what: CreateDiscount) -> str:
    """A coupon knows customers by their address alone. Empty: it is for everybody."""
    if what.email or not what.customer_id:
        return (what.email or "").strip().lower()
    try:
        customer = look(store, f"customers/{number(what.customer_id, 'customer')}")
    except NotThere:
        raise NotThere("there is no such customer") from None
    email = maybe_text(customer, "email")
    if email is None:
        raise StoreRefused("a code for one customer needs the customer's address")
    return email.lower()


def _value(store: Store, what: CreateDiscount) -> dict[str, Any]:
    if what.discount is DiscountKind.FREE_SHIPPING:
        return {"discount_type": "fixed_cart", "amount": "0", "free_shipping": True}
    if what.discount is DiscountKind.AMOUNT:
        if what.value <= 0:
            raise StoreRefused("a discount must be more than nothing")
        money = _money(store, what.value, what.currency)
        return {"discount_type": "fixed_cart", "amount": money, "free_shipping": False}
    if not 0 < what.value <= 100:
        raise StoreRefused(f"{what.value} percent cannot be given")
    return {"discount_type": "percent", "amount": str(what.value), "free_shipping": False}


def _money(store: Store, value: int, currency: str) -> str:
    """The API names no currency with it: it is the shop's."""
    if store.currency and currency != store.currency:
        raise StoreRefused(f"the shop's money is {store.currency}, not {currency}")
    return decimal_text(value, currency)


def _on_the_wall(moment: datetime, zone: str) -> str:
    """`date_expires` is read as the shop's own time, and its twin in UTC is not read at all."""
    try:
        there = moment.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        there = moment.astimezone(UTC)
    return there.replace(tzinfo=None, microsecond=0).isoformat()


def _end_as_told(store: Store, coupon: Body, ends_at: datetime | None) -> None:
    """The shop's answer proves when the coupon ends: its clock may stand in another zone than we know. One
    whose end cannot be set is taken back, or it would be good for ever."""
    if ends_at is None:
        return
    id, wanted = reference(coupon), ends_at.replace(microsecond=0)
    told = instant(coupon, "date_expires_gmt")
    if told is not None and abs(told - wanted) < _MINUTE:
        return
    off = told - wanted if told is not None else _NOTHING
    if abs(off) > _FARTHEST:
        off = _NOTHING
    mended = {"date_expires": _on_the_wall(wanted - off, store.timezone)}
    told = instant(body(write(store, "put", f"coupons/{id}", mended), "coupon"), "date_expires_gmt")
    if told is None or abs(told - wanted) > _HOUR:
        remove(store, f"coupons/{id}")
        raise StoreRefused("the shop does not let a coupon end when it should")
