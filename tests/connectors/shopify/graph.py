"""Answers calls to the Admin API from plain objects, over the official schema.

A query that asks for what the schema does not have, or a test object that gives a wrong type,
answers with an error: the connector and its tests cannot agree on a field that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import graphql_sync

from connectors.shopify.version import API_VERSION
from tests.connectors.shopify.samples import admin_schema
from tests.connectors.shopify.shop_server import Answering, Call, Reply


def answering(root: Mapping[str, Any]) -> Answering:
    """`root`: field of the query or mutation -> object, or function of (info, **arguments)."""

    def answer(call: Call) -> Reply:
        result = graphql_sync(
            admin_schema(API_VERSION),
            call.body["query"],
            root_value=dict(root),
            variable_values=call.body["variables"],
        )
        errors = [{"message": error.message} for error in result.errors or ()]
        return Reply(200, {"data": result.data, **({"errors": errors} if errors else {})})

    return answer


def connection(items: Sequence[Any]) -> Callable[..., dict[str, Any]]:
    """A listing that honours `first` and `after`."""

    def resolve(info: Any, first: int, after: str | None = None, **others: Any) -> dict[str, Any]:
        start = int(after) if after else 0
        end = min(start + first, len(items))
        return {
            "nodes": list(items[start:end]),
            "pageInfo": {"hasNextPage": end < len(items), "endCursor": str(end) if end > start else None},
        }

    return resolve


def first_of(items: Sequence[Any]) -> Callable[..., list[Any]]:
    """A plain list that honours `first`."""
    return lambda info, first, **others: list(items[:first])


def by_id(objects: Sequence[Mapping[str, Any]]) -> Callable[..., Mapping[str, Any] | None]:
    return lambda info, id: next((item for item in objects if item["id"] == id), None)


def money(amount: str) -> dict[str, Any]:
    return {"shopMoney": {"amount": amount, "currencyCode": "USD"}}
