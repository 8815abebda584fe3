"""The written operations against the official schemas, and what they may cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    NoDeprecatedCustomRule,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    parse,
    validate,
)

from connectors.shopify.documents import OPERATIONS, document, is_mutation
from connectors.shopify.reading import PRODUCTS_PER_PAGE
from connectors.shopify.subscriptions import PER_PAGE
from connectors.shopify.version import API_VERSION
from connectors.shopify.whole_orders import (
    LINES_PER_PAGE,
    LISTED,
    ORDERS_PER_PAGE,
    PARTS_PER_PAGE,
    SINGLE,
)
from tests.connectors.shopify.samples import ROOT, admin_schema

FOLDER = ROOT / "connectors" / "shopify" / "queries"
MOST_POINTS = 1000
SIZES: Mapping[str, Mapping[str, int]] = {
    "shop": {},
    "order": SINGLE,
    "orders": {"first": ORDERS_PER_PAGE, **LISTED},
    "order_lines": {"first": LINES_PER_PAGE},
    "order_parts": {"first": 250},
    "parcel": {"parcelLines": PARTS_PER_PAGE, "scans": PARTS_PER_PAGE},
    "refund": {"refundLines": PARTS_PER_PAGE},
    "return": {"returnLines": PARTS_PER_PAGE},
    "customer": {},
    "product": {},
    "products": {"first": PRODUCTS_PER_PAGE},
    "webhook_subscriptions": {"first": PER_PAGE},
    "app_subscriptions": {},
}


@pytest.mark.parametrize("version", [API_VERSION, "2026-07"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_is_valid(operation: str, version: str) -> None:
    schema, parsed = admin_schema(version), parse(document(operation))
    assert [error.message for error in validate(schema, parsed)] == []
    for warning in validate(schema, parsed, [NoDeprecatedCustomRule]):
        print(f"deprecated in {version}: {operation}: {warning.message}")


def test_every_written_file_is_part_of_an_operation() -> None:
    used = set(OPERATIONS) | {fragment for fragments in OPERATIONS.values() for fragment in fragments}
    assert {path.stem for path in FOLDER.glob("*.graphql")} == used


def test_only_mutations_are_mutations() -> None:
    assert {name for name in OPERATIONS if is_mutation(name)} == {
        "webhook_subscription_create",
        "webhook_subscription_delete",
    }


@pytest.mark.parametrize("operation", SIZES)
def test_no_query_can_cost_more_than_shopify_allows(operation: str) -> None:
    """Counted dearer than Shopify does: one point for each object of every full page (what tells
    of a next page is free)."""
    points = _points(parse(document(operation)), SIZES[operation])
    print(f"{operation}: {points} points")
    assert 0 < points <= MOST_POINTS


def test_all_queries_are_counted() -> None:
    assert set(SIZES) == {name for name in OPERATIONS if not is_mutation(name)}


def _points(parsed: DocumentNode, sizes: Mapping[str, int]) -> int:
    fragments = {
        part.name.value: part for part in parsed.definitions if isinstance(part, FragmentDefinitionNode)
    }

    def count(chosen: SelectionSetNode | None) -> int:
        return sum(of(part) for part in chosen.selections) if chosen else 0

    def of(part: Any) -> int:
        if isinstance(part, InlineFragmentNode):
            return count(part.selection_set)
        if not isinstance(part, FieldNode):
            return count(fragments[part.name.value].selection_set)
        if part.selection_set is None or part.name.value == "pageInfo":
            return 0
        inside = count(part.selection_set)
        size = next((argument for argument in part.arguments or () if argument.name.value == "first"), None)
        if size is None:
            return 1 + inside
        value = size.value
        pieces = sizes[value.name.value] if isinstance(value, VariableNode) else int(value.value)  # type: ignore[attr-defined]
        return 1 + pieces * (1 + inside)

    return sum(
        count(part.selection_set) for part in parsed.definitions if isinstance(part, OperationDefinitionNode)
    )
