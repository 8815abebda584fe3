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
    print_ast,
    validate,
)

from connectors.shopify.bulk import AT_ONCE
from connectors.shopify.documents import OPERATIONS, REPEATABLE, document, is_mutation
from connectors.shopify.reading import CUSTOMERS_PER_PAGE, PRODUCTS_PER_PAGE
from connectors.shopify.subscriptions import PER_PAGE
from connectors.shopify.version import API_VERSION
from connectors.shopify.whole_orders import (
    LINES_PER_PAGE,
    LISTED,
    ORDERS_PER_PAGE,
    PARTS_PER_PAGE,
    SINGLE,
)
from connectors.shopify.writes.credit import ACCOUNTS, GRANTS_PER_PAGE
from connectors.shopify.writes.edit import PIECES_PER_PAGE
from connectors.shopify.writes.return_ask import LINES, PARCEL_LINES, REASONS, RETURNS
from sandbox.shopify.admin_api.idempotent import NEED_A_KEY
from tests.connectors.shopify.samples import ROOT, admin_schema

FOLDER = ROOT / "connectors" / "shopify" / "queries"
MOST_POINTS = 1000
WRITES = {
    "discount_code_basic_create",
    "discount_code_free_shipping_create",
    "customer_consent_set",
    "metafield_definition_enable",
    "metafields_set",
    "metafields_delete",
    "order_cancel",
    "order_update",
    "order_edit_begin",
    "order_edit_set_quantity",
    "order_edit_add_variant",
    "order_edit_commit",
    "return_request",
    "credit_grant",
    "tracking_set",
}
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
    "customers": {"first": CUSTOMERS_PER_PAGE},
    # Bulk queries are worked on in the background and cost nothing of these points.
    "bulk_orders": {},
    "bulk_customers": {},
    "bulk_products": {},
    "bulk_operation": {},
    "bulk_operations": {"first": 4 * AT_ONCE},
    "webhook_subscriptions": {"first": PER_PAGE},
    "app_subscriptions": {},
    "api_versions": {},
    "access_scopes": {},
    "discount_by_code": {},
    "customer_consent": {},
    "product_rating": {},
    "order_state": {},
    "order_pieces": {"first": PIECES_PER_PAGE},
    "returnable": {"lines": PARCEL_LINES},
    "returns_asked": {"returns": RETURNS, "lines": LINES},
    "return_reasons": {"first": REASONS},
    "credit_accounts": {"first": ACCOUNTS},
    "credit_grants": {"first": GRANTS_PER_PAGE},
    "tracking": {},
}
# What an operation selects although it is deprecated, by version. Each entry is a debt with a date on it:
# such a field is gone some versions later.
DEPRECATED: Mapping[tuple[str, str], frozenset[str]] = {}


@pytest.mark.parametrize("version", [API_VERSION, "2026-07"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_is_valid(operation: str, version: str) -> None:
    assert _problems(document(operation), version) == []
    warnings = _warnings(document(operation), version)
    for warning in warnings:
        print(f"deprecated in {version}: {operation}: {warning}")
    assert set(warnings) == DEPRECATED.get((version, operation), frozenset())


def test_a_field_that_does_not_exist_is_found_and_a_deprecated_one_is_a_warning() -> None:
    assert _problems("{ shop { nam } }", API_VERSION)
    old = "query Q($id: ID!) { customer(id: $id) { email } }"
    assert _problems(old, API_VERSION) == []
    assert "deprecated" in _warnings(old, API_VERSION)[0]


def test_what_the_platform_takes_with_a_key_only_is_sent_with_one() -> None:
    """The schema does not demand the directive, its words do: the answer would be an error at run time."""
    needs = _need_a_key()
    print(f"{len(needs)} mutations need a key: {', '.join(sorted(needs))}")
    assert "refundCreate" in needs and needs == NEED_A_KEY
    for operation in filter(is_mutation, OPERATIONS):
        for field in _roots(operation):
            keyed = any(directive.name.value == "idempotent" for directive in field.directives or ())
            assert keyed or field.name.value not in needs, operation


def test_what_may_be_sent_twice_is_written_down() -> None:
    """Whatever adds something is looked for first and never sent again blindly."""
    assert {name for name in OPERATIONS if is_mutation(name)} - REPEATABLE == {
        "bulk_run",
        "credit_grant",
        "order_cancel",
        "order_edit_set_quantity",
        "order_edit_add_variant",
        "order_edit_commit",
        "return_request",
        "webhook_subscription_create",
        "webhook_subscription_delete",
    }
    assert all(is_mutation(name) for name in REPEATABLE)


def test_no_write_mails_the_shopper() -> None:
    """Whatever can be told to stay silent is."""
    schema = admin_schema(API_VERSION)
    for operation in filter(is_mutation, OPERATIONS):
        for field in _roots(operation):
            known = schema.mutation_type.fields[field.name.value].args if schema.mutation_type else {}
            if "notifyCustomer" in known:
                told = [print_ast(given) for given in field.arguments or ()]
                assert "notifyCustomer: false" in told, operation


def _problems(text: str, version: str) -> list[str]:
    return [error.message for error in validate(admin_schema(version), parse(text))]


def _warnings(text: str, version: str) -> list[str]:
    schema = admin_schema(version)
    return [warning.message for warning in validate(schema, parse(text), [NoDeprecatedCustomRule])]


def _roots(operation: str) -> list[FieldNode]:
    """What a mutation calls."""
    (asked,) = [
        part for part in parse(document(operation)).definitions if isinstance(part, OperationDefinitionNode)
    ]
    return [part for part in asked.selection_set.selections if isinstance(part, FieldNode)]


def _need_a_key() -> set[str]:
    """By the platform's own description of each mutation."""
    mutation = admin_schema(API_VERSION).mutation_type
    fields = mutation.fields.items() if mutation else ()
    said = {name: " ".join((field.description or "").split()) for name, field in fields}
    return {name for name, words in said.items() if "idempotency key is required" in words}


def test_every_written_file_is_part_of_an_operation() -> None:
    used = set(OPERATIONS) | {fragment for fragments in OPERATIONS.values() for fragment in fragments}
    assert {path.stem for path in FOLDER.glob("*.graphql")} == used


def test_only_mutations_are_mutations() -> None:
    assert {name for name in OPERATIONS if is_mutation(name)} == {
        "bulk_run",
        "webhook_subscription_create",
        "webhook_subscription_delete",
        *WRITES,
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
        # What is no variable is written out as a number here.
        pieces = sizes[value.name.value] if isinstance(value, VariableNode) else int(value.value)  # type: ignore[attr-defined]
        return 1 + pieces * (1 + inside)

    return sum(
        count(part.selection_set) for part in parsed.definitions if isinstance(part, OperationDefinitionNode)
    )
