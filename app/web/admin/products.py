"""What your products are: guessed by types and tags, and said by the merchant where a guess is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.queries.product_list import LISTED, Listed, find_products, list_categories, one_listed
from app.services.changes import Stale
from app.services.locks import lock_shop
from app.services.product_words import AREA, checked, fields_of, held_said, said_in_words, save_said
from app.web.admin.changed import latest_changes
from app.web.admin.doors import Merchant, merchant
from app.web.admin.flow_words import KINDS
from app.web.guards import runtime
from flows.kinds import NOTHING_SAID, ProductKind

blueprint = Blueprint("products", __name__)

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in the form: as stored, or as typed where it could not be kept."""

    values: Mapping[str, str]
    seen: str
    errors: Mapping[str, str] = field(default_factory=dict)
    stale: bool = False
    said: str = ""


@blueprint.get("/products")
@merchant
def products(seen: Merchant) -> str:
    asked = request.args.get("q", "").replace("\0", "").strip()[:LONGEST]
    with runtime().database.shops(seen.shop_id) as session:
        categories = [] if asked else list_categories(session, seen.shop_id)
        found = find_products(session, seen.shop_id, asked)
        changes = latest_changes(session, seen, AREA)
    return render_template(
        "admin/products.html",
        seen=seen,
        page="settings",
        asked=asked,
        groups=(("Types", _rows(categories)), ("Products", _rows(found))),
        full=len(found) == LISTED,
        changes=changes,
    )


@blueprint.get("/products/one")
@merchant
def product(seen: Merchant) -> str:
    one = _one(seen, request.args)
    with runtime().database.shops(seen.shop_id) as session:
        said, token = held_said(session, seen.shop_id, one.scope, one.key)
    return render_template("admin/product.html", **_drawn(seen, one, Fields(fields_of(said), token)))


@blueprint.post("/products/one")
@merchant
def save(seen: Merchant) -> Response:
    """200 kept, 409 somebody else saved meanwhile, 422 something that cannot be."""
    one, at = _one(seen, request.form), runtime()
    form = {name: value for name, value in request.form.items() if len(value) <= LONGEST}
    wanted, errors = checked(form)
    if errors:
        return _answer(seen, one, Fields(form, form.get("seen", ""), errors), 422)
    try:
        with at.database.shops(seen.shop_id) as session:
            lock_shop(session, seen.shop_id)
            changed = save_said(
                session,
                seen.shop_id,
                one.scope,
                one.key,
                one.name,
                wanted,
                form.get("seen", ""),
                seen.user,
                at.clock.now(),
            )
    except Stale:
        return _answer(seen, one, Fields(form, _token(seen, one), stale=True), 409)
    said = "Saved." if changed else "Nothing was changed."
    return _answer(
        seen, _one(seen, request.form), Fields(fields_of(wanted), _token(seen, one), said=said), 200
    )


def _answer(seen: Merchant, one: Listed, fields: Fields, status: int) -> Response:
    return make_response(render_template("admin/product_fields.html", **_drawn(seen, one, fields)), status)


def _drawn(seen: Merchant, one: Listed, fields: Fields) -> dict[str, object]:
    return {
        "seen": seen,
        "page": "settings",
        "one": one,
        "fields": fields,
        "now": kind_in_words(one.kind),
        "timings": [(kind.value, f"{word}: {example}") for kind, (word, example) in KINDS.items()],
    }


def _one(seen: Merchant, given: Mapping[str, str]) -> Listed:
    with runtime().database.shops(seen.shop_id) as session:
        scope, key = given.get("scope", ""), given.get("key", "").replace("\0", "")
        found = one_listed(session, seen.shop_id, scope, key)
    if found is None:
        abort(404)
    return found


def _token(seen: Merchant, one: Listed) -> str:
    with runtime().database.shops(seen.shop_id) as session:
        return held_said(session, seen.shop_id, one.scope, one.key)[1]


def _rows(found: list[Listed]) -> list[tuple[Listed, str, str]]:
    """With what counts now, and what of it the merchant said."""
    return [
        (one, kind_in_words(one.kind), "" if one.said == NOTHING_SAID else said_in_words(one.said))
        for one in found
    ]


def kind_in_words(kind: ProductKind) -> str:
    parts = [f"{KINDS[kind.timing][0].lower()} to try"]
    if kind.consumable:
        days = kind.lasts_days or kind.usual_days
        parts.append(f"gets used up in about {days} days" if days else "gets used up")
    if kind.durable:
        parts.append("made to last")
    if kind.digital:
        parts.append("digital")
    words = ", ".join(parts)
    return words[:1].upper() + words[1:]
