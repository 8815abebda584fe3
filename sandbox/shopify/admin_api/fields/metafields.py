"""Metafields of products and of the app's own installation, and the standard definitions."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sandbox.shopify.admin_api.asking import Arguments, Asking, Fields, plain
from sandbox.shopify.admin_api.connections import Rows, rows
from sandbox.shopify.admin_api.writes import Body, done, refused
from sandbox.shopify.shop import not_before

_STANDARD = {"reviews.rating": "rating", "reviews.rating_count": "number_integer"}
MOST_AT_ONCE = 25


def metafield_of(owner: str) -> Any:
    """`owner`: the kind of a global id."""

    def answer(source: Any, asking: Asking, arguments: Arguments) -> Body | None:
        id = installation_id(asking) if owner == "AppInstallation" else source["admin_graphql_api_id"]
        return asking.shop.read(
            "metafield", _place(id, arguments.get("namespace") or "$app", arguments["key"])
        )

    return answer


def installation_id(asking: Asking) -> str:
    return f"gid://shopify/AppInstallation/{asking.shop.profile()['id']}"


def _set(source: Any, asking: Asking, arguments: Arguments) -> Body:
    """All of them or none."""
    wanted, shop = arguments["metafields"], asking.shop
    if len(wanted) > MOST_AT_ONCE:
        return refused("Exceeded the maximum metafields input limit of 25.", "LESS_THAN_OR_EQUAL_TO")
    with shop.documents.transaction():
        for number, one in enumerate(wanted):
            problem = _problem(asking, one)
            if problem:
                return refused(problem[1], problem[0], ["metafields", str(number)])
        written = [_write(asking, one) for one in wanted]
        for owner in sorted({one["ownerId"] for one in wanted}):
            _touch(asking, owner)
    return done(metafields=written)


def _problem(asking: Asking, one: Arguments) -> tuple[str, str] | None:
    """Code and words; None: it can be set."""
    owner, kind = one["ownerId"], one.get("type")
    if "/Product/" in owner:
        asking.needs("write_products")
        if asking.shop.read("product", owner.rpartition("/")[2]) is None:
            return "INVALID", "Owner does not exist"
    elif owner != installation_id(asking):
        return "INVALID", "Owner does not exist"
    if not 2 <= len(one["key"]) <= 64 or not 3 <= len(one.get("namespace") or "$app") <= 255:
        return "TOO_SHORT", "Key or namespace has a wrong length"
    standard = _STANDARD.get(f"{one.get('namespace')}.{one['key']}")
    if not kind or (standard and kind != standard):
        return "INVALID_TYPE", "Type does not fit the definition"
    if not _fits(kind, one["value"]):
        return "INVALID_VALUE", f"Value is invalid JSON or not a {kind}"
    held = asking.shop.read("metafield", _place(owner, one.get("namespace") or "$app", one["key"]))
    if "compareDigest" in one and one["compareDigest"] != (_digest(held["value"]) if held else None):
        return "STALE_OBJECT", "The resource has been updated since it was loaded."
    return None


def _fits(kind: str, value: str) -> bool:
    try:
        if kind == "number_integer":
            return str(int(value)) == value
        data = json.loads(value)
        if kind == "rating":
            low, high = float(data["scale_min"]), float(data["scale_max"])
            return low <= float(data["value"]) <= high
        return kind == "json"
    except (ValueError, TypeError, KeyError):
        return False


def _write(asking: Asking, one: Arguments) -> Body:
    namespace = one.get("namespace") or "$app"
    place = _place(one["ownerId"], namespace, one["key"])
    held = asking.shop.read("metafield", place)
    id = held["id"] if held else asking.shop.new_id("metafield")
    body = {
        "id": id,
        "owner": one["ownerId"],
        "namespace": namespace,
        "key": one["key"],
        "type": one["type"],
        "value": one["value"],
    }
    asking.shop.write("metafield", body, place)
    return body


def _touch(asking: Asking, owner: str) -> None:
    """A product with another metafield is a changed product."""
    product = asking.shop.read("product", owner.rpartition("/")[2]) if "/Product/" in owner else None
    if product is not None:
        change = asking.change()
        product["updated_at"] = asking.shop.local(not_before(product["updated_at"], change.now()))
        asking.shop.write("product", product)
        change.tell(product, "products/update")


def _delete(source: Any, asking: Asking, arguments: Arguments) -> Body:
    asking.needs("write_products")
    gone = []
    with asking.shop.documents.transaction():
        for one in arguments["metafields"]:
            place = _place(one["ownerId"], one["namespace"], one["key"])
            was_there = asking.shop.forget("metafield", place)
            gone.append(
                {"ownerId": one["ownerId"], "namespace": one["namespace"], "key": one["key"]}
                if was_there
                else None
            )
        for owner in sorted({one["ownerId"] for one in gone if one}):
            _touch(asking, owner)
    return done(deletedMetafields=gone)


def _definitions(source: Any, asking: Asking, arguments: Arguments) -> Rows:
    known = [
        one
        for one in asking.shop.all("metafield_definition")
        if one["owner"] == arguments["ownerType"] and arguments.get("namespace") in (None, one["namespace"])
    ]
    return rows(known, lambda one: (one["id"],))


def _enable(source: Any, asking: Asking, arguments: Arguments) -> Body:
    asking.needs("write_products")
    name = f"{arguments.get('namespace')}.{arguments.get('key')}"
    if name not in _STANDARD:
        return refused(
            "A standard definition wasn't found for the specified owner type.", "TEMPLATE_NOT_FOUND"
        )
    shop = asking.shop
    with shop.documents.transaction():
        if shop.read("metafield_definition", name):
            return refused("Key is in use for Product metafields on the 'reviews' namespace.", "TAKEN")
        if any(f"{one['namespace']}.{one['key']}" == name for one in shop.all("metafield")):
            return refused("Unstructured metafields already exist.", "UNSTRUCTURED_ALREADY_EXISTS")
        body = {
            "id": shop.new_id("metafield"),
            "owner": arguments["ownerType"],
            "namespace": arguments["namespace"],
            "key": arguments["key"],
        }
        shop.write("metafield_definition", body, name)
    return done(createdDefinition=body)


def _place(owner: str, namespace: str, key: str) -> str:
    return f"{owner.removeprefix('gid://shopify/')}/{namespace}/{key}"


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


QUERIES: Fields = {"metafieldDefinitions": _definitions}
MUTATIONS: Fields = {
    "metafieldsSet": _set,
    "metafieldsDelete": _delete,
    "standardMetafieldDefinitionEnable": _enable,
}
FIELDS: dict[str, Fields] = {
    "Metafield": {
        "id": lambda field, asking, arguments: f"gid://shopify/Metafield/{field['id']}",
        "namespace": plain("namespace"),
        "key": plain("key"),
        "type": plain("type"),
        "value": plain("value"),
        "compareDigest": lambda field, asking, arguments: _digest(field["value"]),
    },
    "MetafieldDefinition": {
        "id": lambda one, asking, arguments: f"gid://shopify/MetafieldDefinition/{one['id']}",
        "namespace": plain("namespace"),
        "key": plain("key"),
    },
    "MetafieldIdentifier": {
        "ownerId": plain("ownerId"),
        "namespace": plain("namespace"),
        "key": plain("key"),
    },
}
