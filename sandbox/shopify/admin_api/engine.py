"""Answers GraphQL over the platform's real schema: invalid operations are refused, and a field that
nobody wrote an answer for is an error, never a null."""

from __future__ import annotations

import threading
from collections import defaultdict
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
from sandbox.shopify.admin_api.connections import Rows, page
from sandbox.shopify.admin_api.cost import MOST_PER_QUERY, Bucket, actual_cost, report, requested_cost
from sandbox.shopify.admin_api.fields import (
    app_subscriptions,
    customers,
    lines,
    money,
    orders,
    parcels,
    products,
    refunds,
    roots,
    shops,
    subscriptions,
)
from sandbox.shopify.admin_api.scalars import check_gid, make_strict

ANSWERS: dict[str, Fields] = {
    **roots.FIELDS, **shops.FIELDS, **orders.FIELDS, **lines.FIELDS, **parcels.FIELDS, **refunds.FIELDS,
    **products.FIELDS, **customers.FIELDS, **subscriptions.FIELDS, **money.FIELDS,
    **app_subscriptions.FIELDS,
}  # fmt: skip


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
        bucket = self._buckets[asking.shop.domain]
        if requested > MOST_PER_QUERY:
            return _too_dear(requested, bucket)
        if _is_throttled(asking) or bucket.available() < requested:
            return _throttled(requested, 0.0 if bucket.available() >= requested else bucket.available())
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
        return _formatted(result) | {"extensions": {"cost": report(requested, actual, bucket.available())}}

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
    if answer is None:
        raise GraphQLError(f"{parent}.{name} has no answer in this store")
    try:
        value = answer(source, info.context, arguments)
    except (LookupError, TypeError, ValueError) as error:
        raise GraphQLError(f"{parent}.{name}: {type(error).__name__}: {error}") from error
    if isinstance(value, Rows):
        return page(value, arguments)
    if value is not None and get_named_type(info.return_type).name == "ID":
        check_gid(value)
    return value


def _type_of(value: Any, info: GraphQLResolveInfo[Any], kind: Any) -> str:
    """Interfaces and unions appear for pictures and prices only."""
    if kind.name == "Media":
        return "MediaImage"
    if kind.name == "AppPricingDetails":
        return "AppRecurringPricing"
    raise GraphQLError(f"{kind.name} has no answer in this store")


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


def _throttled(requested: int, available: float) -> dict[str, Any]:
    error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
    return {"errors": [error], "extensions": {"cost": report(requested, None, available)}}


def _too_dear(requested: int, bucket: Bucket) -> dict[str, Any]:
    words = f"Query cost is {requested}, which exceeds the single query max cost limit ({MOST_PER_QUERY})."
    more = {"code": "MAX_COST_EXCEEDED", "cost": requested, "maxCost": MOST_PER_QUERY}
    return {
        "errors": [{"message": words, "extensions": more}],
        "extensions": {"cost": report(requested, None, bucket.available())},
    }
