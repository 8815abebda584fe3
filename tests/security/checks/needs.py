"""Which rights our operations need, as the Admin API's own package tells it for every type and field."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from graphql import TypeInfo, TypeInfoVisitor, Visitor, get_named_type, parse, visit

from connectors.shopify.documents import OPERATIONS, document
from connectors.shopify.topics import TOPICS
from connectors.shopify.version import API_VERSION
from tests.connectors.shopify.samples import SCHEMAS, admin_schema

_RIGHT = re.compile(r"`((?:read|write)_[a-z_]+)`")
# Of the doors: what no operation asks for, and why it is needed.
BY_ITSELF: Mapping[str, str] = {
    "write_app_proxy": "pages on the store's own domain",
    "write_products": "a product's two rating fields: metafieldsSet asks for the right of what it writes to",
    "read_all_orders": "orders that are older than 60 days, with the same operations",
}


def asked_in_configuration(app: Mapping[str, Any]) -> set[str]:
    scopes = app["access_scopes"]
    return {one.strip() for one in scopes["scopes"].split(",")} | set(scopes.get("optional_scopes", ()))


def needed() -> set[str]:
    """Every right that something of ours needs; reading is part of writing."""
    found = set(BY_ITSELF) | {topic.needs for topic in TOPICS if topic.needs}
    for operation in OPERATIONS:
        found |= _of(operation)
    return found


def _of(operation: str) -> set[str]:
    schema = admin_schema(API_VERSION)
    types, found, told = TypeInfo(schema), set[str](), _access()

    class Rights(Visitor):
        def enter_field(self, node: Any, *_: Any) -> None:
            parent, kind = types.get_parent_type(), types.get_type()
            if parent is not None:
                found.update(told.get((parent.name, node.name.value), ()))
            if kind is not None:
                found.update(told.get((get_named_type(kind).name, ""), ()))

    visit(parse(document(operation)), TypeInfoVisitor(types, Rights()))
    return found


@cache
def _access() -> Mapping[tuple[str, str], frozenset[str]]:
    """By type and field ("" for the type itself)."""
    with gzip.open(SCHEMAS / f"admin_{API_VERSION}.json.gz", "rt", encoding="utf-8") as file:
        items = json.load(file)["offline_scopes"]["items"]
    found: dict[tuple[str, str], frozenset[str]] = {}
    for item in items:
        rights = frozenset(item.get("offlineScopes") or ()) | frozenset(
            _RIGHT.findall(item["requiredAccess"])
        )
        if rights:
            found[item["typeName"], item.get("fieldName", "")] = rights
    return found
