"""Answers GraphQL over the platform's real schema: invalid operations are refused, and a field that
nobody wrote an answer for is an error, never a null."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_client_schema,
    execute_sync,
    get_named_type,
    get_operation_ast,
    parse,
    validate,
)

from sandbox.schema import read_schema
from sandbox.shopify.admin_api.asking import Asking, Fields
from sandbox.shopify.admin_api.connections import Rows, page, whole
from sandbox.shopify.admin_api.cost import (
    MOST_PER_QUERY,
    RESTORE,
    Bucket,
    actual_cost,
    report,
    requested_cost,
)
from sandbox.shopify.admin_api.fields import (
    app_subscriptions,
    bulk,
    credits,
    customers,
    discounts,
    edits,
    lines,
    metafields,
    money,
    order_writes,
    orders,
    parcels,
    products,
    refunds,
    returns,
    roots,
    shops,
    subscriptions,
)
from sandbox.shopify.admin_api.idempotent import without_a_key
from sandbox.shopify.admin_api.scalars import check_gid, make_strict
from sandbox.shopify.bulk_rules import bulk_problem

ANSWERS: dict[str, Fields] = {
    **roots.FIELDS, **shops.FIELDS, **orders.FIELDS, **lines.FIELDS, **parcels.FIELDS, **refunds.FIELDS,
    **products.FIELDS, **customers.FIELDS, **subscriptions.FIELDS, **money.FIELDS,
    **app_subscriptions.FIELDS, **bulk.FIELDS, **discounts.FIELDS, **metafields.FIELDS,
    **order_writes.FIELDS, **edits.FIELDS, **returns.FIELDS, **credits.FIELDS,
}  # fmt: skip
# Interfaces and unions of which this store has one kind only.
KIND_OF = {
    "AppPricingDetails": "AppRecurringPricing",
    "Media": "MediaImage",
    "StoreCreditAccountTransaction": "StoreCreditAccountCreditTransaction",
    "ReturnLineItemType": "ReturnLineItem",
}


@cache
def real_schema(file: Path) -> GraphQLSchema:
    """With strict scalars. Built once per file and process. Raises SchemaMissing."""
    introspection: Any = read_schema(file)
    schema = build_client_schema(introspection, assume_valid=True)
    make_strict(schema)
    return schema


class Engine:
    """The schema is read at the first question."""

    def __init__(self, schema_file: Path) -> None:
        self._file = schema_file
        self._lock = threading.Lock()
        self._buckets: dict[str, Bucket] = defaultdict(Bucket)
        self._read = lru_cache(maxsize=256)(self._read_document)

    def schema(self) -> GraphQLSchema:
        with self._lock:
            return real_schema(self._file.resolve())

    def answer(
        self, asking: Asking, text: str, variables: dict[str, Any], operation_name: str | None
    ) -> dict[str, Any]:
        """The JSON answer; refusals are in its `errors`."""
        document, errors = self._read(text)
        if errors or document is None:
            return {"errors": [error.formatted for error in errors]}
        operation = get_operation_ast(document, operation_name)
        if operation is None:
            return {"errors": [{"message": "which operation? give `operationName`"}]}
        requested = requested_cost(self.schema(), document, operation, variables)
        keyless = without_a_key(operation)
        if keyless:
            return {"errors": keyless}
        bucket = self._buckets[asking.shop.domain]
        bucket.resize(asking.shop.quirks().get("points") or RESTORE)
        if requested > MOST_PER_QUERY:
            return _too_dear(requested, bucket)
        if _is_throttled(asking):
            return _throttled(requested, bucket, 0.0)
        if bucket.available() < requested:
            return _throttled(requested, bucket)
        result = execute_sync(
            self.schema(),
            document,
            context_value=asking,
            variable_values=variables,
            operation_name=operation_name,
            field_resolver=_resolve,
            type_resolver=_type_of,
        )
        actual = actual_cost(result.data)
        bucket.take(actual)
        return _formatted(result) | {"extensions": {"cost": report(requested, actual, bucket)}}

    def answer_whole(self, asking: Asking, text: str) -> tuple[Any, str | None, bool]:
        """Of a bulk query: its data, why it is refused, whether a right is missing for it."""
        document, errors = self._read(text)
        problem = errors[0].message if errors or document is None else bulk_problem(self.schema(), document)
        if document is None or problem is not None:
            return None, f"Invalid bulk query: {problem}", False
        result = execute_sync(
            self.schema(),
            document,
            context_value=replace(asking, whole=True),
            field_resolver=_resolve,
            type_resolver=_type_of,
        )
        codes = {(error.extensions or {}).get("code") for error in result.errors or ()}
        if result.errors and "ACCESS_DENIED" not in codes:
            raise GraphQLError(result.errors[0].message)
        return result.data, None, bool(result.errors)

    def _read_document(self, text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
        try:
            document = parse(text)
        except GraphQLError as error:
            return None, (error,)
        return document, tuple(validate(self.schema(), document))


def _resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    parent, name = info.parent_type.name, info.field_name
    for given, definition in info.parent_type.fields[name].args.items():
        if get_named_type(definition.type).name == "ID" and isinstance(arguments.get(given), str):
            check_gid(arguments[given])
    if parent == "PageInfo" or parent.endswith(("Connection", "Edge")):
        return source[name]
    answer = ANSWERS.get(parent, {}).get(name)
    if answer is None and parent.endswith(("Payload", "UserError")):
        return source.get(name) if parent.endswith("UserError") else source[name]
    if answer is None:
        raise GraphQLError(f"{parent}.{name} has no answer in this store")
    try:
        value = answer(source, info.context, arguments)
    except GraphQLError as error:
        raise _denied(error, name) from error
    except (LookupError, TypeError, ValueError) as error:
        raise GraphQLError(f"{parent}.{name}: {type(error).__name__}: {error}") from error
    if isinstance(value, Rows):
        return whole(value) if info.context.whole else page(value, arguments)
    if value is not None and get_named_type(info.return_type).name == "ID":
        check_gid(value)
    return value


def _type_of(value: Any, info: GraphQLResolveInfo[Any], kind: Any) -> str:
    if kind.name == "DiscountCode":
        return str(value["kind"])
    if kind.name in KIND_OF:
        return KIND_OF[kind.name]
    raise GraphQLError(f"{kind.name} has no answer in this store")


def _denied(error: GraphQLError, name: str) -> GraphQLError:
    """A missing right in the platform's words, which name the field."""
    if (error.extensions or {}).get("code") != "ACCESS_DENIED":
        return error
    words = error.message.replace("Access denied.", f"Access denied for {name} field.", 1)
    about = {"documentation": "https://shopify.dev/api/usage/access-scopes"}
    return GraphQLError(words, extensions={**(error.extensions or {}), **about})


def _formatted(result: ExecutionResult) -> dict[str, Any]:
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [error.formatted for error in result.errors]
    return answer


def _is_throttled(asking: Asking) -> bool:
    """Uses up one of the refusals that the quirk `throttle` has ordered."""
    shop = asking.shop
    if not shop.quirks().get("throttle"):
        return False
    with shop.documents.transaction():
        quirks = shop.quirks()
        left = int(quirks.get("throttle") or 0)
        if left:
            shop.write("shop", quirks | {"throttle": left - 1}, "quirks")
    return left > 0


def _throttled(requested: int, bucket: Bucket, left: float | None = None) -> dict[str, Any]:
    error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
    return {"errors": [error], "extensions": {"cost": report(requested, None, bucket, left)}}


def _too_dear(requested: int, bucket: Bucket) -> dict[str, Any]:
    words = f"Query cost is {requested}, which exceeds the single query max cost limit ({MOST_PER_QUERY})."
    more = {"code": "MAX_COST_EXCEEDED", "cost": requested, "maxCost": MOST_PER_QUERY}
    return {
        "errors": [{"message": words, "extensions": more}],
        "extensions": {"cost": report(requested, None, bucket)},
    }
