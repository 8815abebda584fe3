"""Coupons that a key has made: as the platform keeps them, and whether a shopper may use one now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sandbox.store import UnknownCode
from sandbox.woocommerce.announcements import announce
from sandbox.woocommerce.catalogue import COUPONS, Coupon, coupon_of
from sandbox.woocommerce.shop import Shop, moment_of

Body = dict[str, Any]

TYPES = ("percent", "fixed_cart", "fixed_product")
_FLAGS = ("individual_use", "free_shipping", "exclude_sale_items")
_LIMITS = ("usage_limit", "usage_limit_per_user", "limit_usage_to_x_items")
_LISTS = ("product_ids", "excluded_product_ids", "product_categories", "excluded_product_categories")


def blank(shop: Shop, id: int, code: str, now: datetime) -> Body:
    return {
        "id": id, "code": code, "amount": "0.00", "status": "publish",
        **shop.stamps("date_created", now), **shop.stamps("date_modified", now),
        "discount_type": "fixed_cart", "description": "", **shop.stamps("date_expires", None),
        "usage_count": 0, "individual_use": False, "product_ids": [], "excluded_product_ids": [],
        "usage_limit": None, "usage_limit_per_user": None, "limit_usage_to_x_items": None,
        "free_shipping": False, "product_categories": [], "excluded_product_categories": [],
        "exclude_sale_items": False, "minimum_amount": "0.00", "maximum_amount": "0.00",
        "email_restrictions": [], "used_by": [], "meta_data": [], "_links": shop.links("coupons", id),
    }  # fmt: skip


def edit(shop: Shop, coupon: Body, wanted: Body) -> None:
    """`date_expires` is in the shop's own time unless it says otherwise; `date_expires_gmt` is not looked at
    at all, as in the real platform. Raises ValueError for what cannot be."""
    if wanted.get("discount_type", "percent") not in TYPES:
        raise ValueError("discount_type")
    for name in ("description", "discount_type"):
        if name in wanted:
            coupon[name] = str(wanted[name])
    for name in ("amount", "minimum_amount", "maximum_amount"):
        if name in wanted:
            coupon[name] = f"{float(wanted[name]):.2f}"
    for name in _FLAGS:
        if name in wanted:
            coupon[name] = bool(wanted[name])
    for name in _LIMITS:
        if name in wanted:
            coupon[name] = int(wanted[name]) or None
    for name in _LISTS:
        if name in wanted:
            coupon[name] = [int(id) for id in wanted[name]]
    if "email_restrictions" in wanted:
        coupon["email_restrictions"] = [str(email).lower() for email in wanted["email_restrictions"]]
    if wanted.get("date_expires"):
        ends = datetime.fromisoformat(str(wanted["date_expires"]))
        local = ends if ends.tzinfo else ends.replace(tzinfo=shop.zone)
        coupon |= shop.stamps("date_expires", local.astimezone(UTC))


def with_code(shop: Shop, code: str) -> Body | None:
    return next((one for one in shop.every("coupon") if one["code"] == code.lower()), None)


def is_taken(shop: Shop, code: str) -> bool:
    return with_code(shop, code) is not None or any(one.code == code.lower() for one in COUPONS)


def save(shop: Shop, coupon: Body, now: datetime, event: str) -> None:
    """`event`: created or updated."""
    with shop.documents.transaction():
        coupon |= shop.stamps("date_modified", now)
        shop.write("coupon", coupon["id"], coupon)
        announce(shop, f"coupon.{event}", coupon["id"])


def usable(shop: Shop, code: str, email: str, now: datetime) -> Coupon:
    """What the checkout takes off. Raises UnknownCode with the platform's reason."""
    made = with_code(shop, code)
    if made is None:
        found = coupon_of(code)
        if found is None:
            raise UnknownCode(f"The code “{code}” is not known here.")
        return found
    ends, limit = moment_of(made["date_expires_gmt"]), made["usage_limit"]
    mine = [one for one in made["used_by"] if one == email.lower()]
    each = made["usage_limit_per_user"]
    if ends is not None and ends < now:
        raise UnknownCode(f"The code “{code}” has expired.")
    if (limit is not None and made["usage_count"] >= limit) or (each is not None and len(mine) >= each):
        raise UnknownCode(f"The code “{code}” was used up.")
    if made["email_restrictions"] and email.lower() not in made["email_restrictions"]:
        raise UnknownCode(f"The code “{code}” is for somebody else.")
    if made["discount_type"] != "percent":
        raise UnknownCode("The checkout of this sandbox takes percents off and no sums.")
    return Coupon(made["id"], made["code"], int(float(made["amount"])))


def use(shop: Shop, code: str, email: str) -> None:
    made = with_code(shop, code)
    if made is not None:
        made["usage_count"] += 1
        made["used_by"].append(email.lower())
        shop.write("coupon", made["id"], made)
