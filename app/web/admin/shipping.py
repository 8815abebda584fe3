"""Shipping in your shop: what the statuses of a WooCommerce shop mean, and where numbers of parcels stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.services.changes import Stale
from app.services.shipment_words import (
    AREA,
    MEANING_WORDS,
    OTHER_MEANING,
    OTHER_STATUS,
    STATUS,
    Held,
    checked,
    fields_of,
    held_words,
    save_words,
)
from app.web.admin.changed import latest_changes
from app.web.admin.doors import Merchant, merchant
from app.web.admin.fields import Fields
from app.web.admin.shipping_words import CHOICES, EXAMPLES, our_meaning
from app.web.guards import runtime
from connectors.base import OrderStatus
from connectors.woocommerce.statuses import may_mean
from flows.commerce import Platform

blueprint = Blueprint("shipping", __name__)

# What every shop has, until the store has told of its own.
_ALWAYS = (OrderStatus("processing", "Processing", 0), OrderStatus("completed", "Completed", 0))


@dataclass(frozen=True, slots=True)
class Row:
    """A status with what it means: by the merchant's `choice`, "" for `ours`. `orders`: how many have it
    now, None where the store has not told."""

    slug: str
    name: str
    orders: int | None
    ours: str
    choice: str


@blueprint.get("/shipping")
@merchant
def page(seen: Merchant) -> str:
    _only_woocommerce(seen)
    held = _held(seen)
    with runtime().database.shops(seen.shop_id) as session:
        changes = latest_changes(session, seen, AREA)
    fields = Fields(fields_of(held.words), held.seen, {}, {})
    return render_template("admin/shipping.html", changes=changes, **_drawn(seen, held, fields))


@blueprint.post("/shipping")
@merchant
def save(seen: Merchant) -> Response:
    """200 kept, 409 somebody else saved meanwhile, 422 something that cannot be."""
    _only_woocommerce(seen)
    at, form = runtime(), {name: value for name, value in request.form.items() if len(value) <= 500}
    wanted, errors = checked(form)
    given = form.get("seen", "")
    if errors:
        return _answer(seen, Fields(form, given, errors, {}), 422)
    try:
        with at.database.shops(seen.shop_id) as session:
            now, real = at.clock.now(), at.clock.real()
            changed = save_words(session, seen.shop_id, given, wanted, seen.user, now, real)
    except Stale as stale:
        held = _held(seen)
        mine, stored = fields_of(wanted), {str(name): str(value) for name, value in stale.present.items()}
        differing = {name for name in {*mine, *stored} if mine.get(name, "") != stored.get(name, "")}
        theirs = {name: stored.get(name, "") for name in differing}
        return _answer(seen, Fields(mine, held.seen, {}, theirs), 409)
    held = _held(seen)
    said = "Saved." if changed else "Nothing was changed."
    return _answer(seen, Fields(fields_of(held.words), held.seen, {}, {}, said), 200)


def _answer(seen: Merchant, fields: Fields, status: int) -> Response:
    """The form's fields again, with whatever was chosen."""
    page = render_template("admin/shipping_fields.html", **_drawn(seen, _held(seen), fields))
    return make_response(page, status)


def _drawn(seen: Merchant, held: Held, fields: Fields) -> dict[str, object]:
    return {
        "seen": seen,
        "page": "settings",
        "fields": fields,
        "rows": _rows(held, fields.values),
        "unread": not held.known,
        "choices": CHOICES,
        "meanings": MEANING_WORDS,
        "examples": EXAMPLES,
        "other": (OTHER_STATUS, OTHER_MEANING),
    }


def _rows(held: Held, values: Mapping[str, str]) -> list[Row]:
    """The store's own order; what has a meaning and is not listed by the store comes last."""
    listed = {one.slug: one for one in held.known or _ALWAYS if may_mean(one.slug)}
    chosen = {name.removeprefix(STATUS): word for name, word in values.items() if name.startswith(STATUS)}
    mapped = {**held.words.statuses, **{slug: word for slug, word in chosen.items() if word}}
    for slug in sorted(mapped):
        listed.setdefault(slug, OrderStatus(slug, slug, 0))
    known = {one.slug for one in held.known}
    return [
        Row(
            one.slug,
            one.name,
            one.orders if one.slug in known else None,
            our_meaning(one.slug),
            chosen.get(one.slug, ""),
        )
        for one in listed.values()
    ]


def _held(seen: Merchant) -> Held:
    with runtime().database.shops(seen.shop_id) as session:
        return held_words(session, seen.shop_id)


def _only_woocommerce(seen: Merchant) -> None:
    """Shopify tells of parcels by itself."""
    if seen.platform is not Platform.WOOCOMMERCE:
        abort(404)
