"""Bulk operations as the Admin API shows them."""

from __future__ import annotations

from typing import Any

from sandbox.shopify import bulk
from sandbox.shopify.admin_api.asking import Answer, Arguments, Asking, Fields, moment, number_in, plain
from sandbox.shopify.admin_api.connections import Rows, rows
from sandbox.shopify.bulk_lines import as_lines
from sandbox.shopify.webhooks import new_event_id


def _run(source: Any, asking: Asking, arguments: Arguments) -> dict[str, Any]:
    """The right to each thing is asked for while it runs, as on the platform."""
    query, shop = arguments["query"], asking.shop
    if len(bulk.running(shop)) >= bulk.AT_ONCE:
        return _refused("LIMIT_REACHED", "Bulk operations are in progress already.")
    if asking.answer_whole is None:
        raise ValueError("this store cannot work through whole listings")
    data, problem, denied = asking.answer_whole(asking, query)
    if problem is not None:
        return _refused("INVALID", problem)
    lines = as_lines(data, arguments["groupObjects"]) if data and not denied else []
    roots = sum('"__parentId":' not in line for line in lines)
    operation = bulk.begin(shop, query, lines, roots, "ACCESS_DENIED" if denied else None)
    if asking.announcer is not None:
        body = {
            "admin_graphql_api_id": f"gid://shopify/BulkOperation/{operation['id']}",
            "completed_at": operation["created_at"],
            "created_at": operation["created_at"],
            "error_code": (operation["error"] or "").lower() or None,
            "status": bulk.final_status(operation).lower(),
            "type": "query",
        }
        after = operation["seconds"]
        asking.announcer.announce(shop, ("bulk_operations/finish",), body, new_event_id(), after)
    return {"bulkOperation": operation, "userErrors": []}


def _cancel(source: Any, asking: Asking, arguments: Arguments) -> dict[str, Any]:
    operation = bulk.cancel(asking.shop, number_in(arguments["id"], "BulkOperation"))
    problem = {"field": ["id"], "message": "Bulk operation does not exist", "code": None}
    return {"bulkOperation": operation, "userErrors": [] if operation else [problem]}


def _refused(code: str, message: str) -> dict[str, Any]:
    return {
        "bulkOperation": None,
        "userErrors": [{"code": code, "field": ["query"], "message": message}],
    }


def _operation(source: Any, asking: Asking, arguments: Arguments) -> Any:
    return asking.shop.read("bulk_operation", number_in(arguments["id"], "BulkOperation"))


def _operations(source: Any, asking: Asking, arguments: Arguments) -> Rows:
    """Newest first; `operation_type:query` is all that there are."""
    if arguments.get("query") not in (None, "operation_type:query"):
        raise ValueError("this store cannot search among bulk operations")
    return rows(asking.shop.all("bulk_operation"), lambda operation: (-int(operation["id"]),))


def _url(source: dict[str, Any], asking: Asking, arguments: Arguments) -> str | None:
    """Null where nothing was found."""
    done = bulk.status(source) == "COMPLETED" and source["objects"]
    return bulk.address(asking.shop, source) if done else None


def _partial_url(source: dict[str, Any], asking: Asking, arguments: Arguments) -> str | None:
    failed = bulk.status(source) == "FAILED" and bulk.text_of(asking.shop, source)
    return bulk.address(asking.shop, source) if failed else None


def _error(source: dict[str, Any], asking: Asking, arguments: Arguments) -> str | None:
    return source["error"] if bulk.status(source) == "FAILED" else None


def _counted(of: str) -> Answer:
    return lambda source, asking, arguments: bulk.counted(source, of)


ROOTS: Fields = {"bulkOperation": _operation, "bulkOperations": _operations}
MUTATIONS: Fields = {"bulkOperationRunQuery": _run, "bulkOperationCancel": _cancel}
FIELDS: dict[str, Fields] = {
    "BulkOperation": {
        "id": lambda source, asking, arguments: f"gid://shopify/BulkOperation/{source['id']}",
        "status": lambda source, asking, arguments: bulk.status(source),
        "errorCode": _error,
        "type": lambda source, asking, arguments: "QUERY",
        "createdAt": moment("created_at"),
        "query": plain("query"),
        "objectCount": _counted("objects"),
        "rootObjectCount": _counted("roots"),
        "url": _url,
        "partialDataUrl": _partial_url,
    },
    "BulkOperationRunQueryPayload": {
        "bulkOperation": plain("bulkOperation"),
        "userErrors": plain("userErrors"),
    },
    "BulkOperationCancelPayload": {
        "bulkOperation": plain("bulkOperation"),
        "userErrors": plain("userErrors"),
    },
    "BulkOperationUserError": {"code": plain("code"), "field": plain("field"), "message": plain("message")},
}
