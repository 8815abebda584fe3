"""The fake shop's bulk operations: what it refuses, how they go on, and what their file looks like."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.shopify.running import MAIN, Api, Receiver, Store

RUN = (
    "mutation($asked: String!, $grouped: Boolean!)"
    " { bulkOperationRunQuery(query: $asked, groupObjects: $grouped)"
    " { bulkOperation { id status } userErrors { code message } } }"
)
STATE = "query($id: ID!) { bulkOperation(id: $id) { status objectCount rootObjectCount url errorCode } }"
ORDERS = "{ orders { edges { node { id name lineItems { edges { node { id quantity } } } } } } }"


def run(api: Api, asked: str, grouped: bool = True) -> Any:
    return api.data(RUN, asked=asked, grouped=grouped)["bulkOperationRunQuery"]


def file_of(api: Api, store: Store, id: str, **headers: str) -> Any:
    url = api.data(STATE, id=id)["bulkOperation"]["url"]
    return store.call("GET", url.removeprefix(f"https://{MAIN}"), headers=headers)


@pytest.mark.parametrize(
    "asked",
    [
        "{ shop { name } }",
        "{ orders { edges { node { id nothing } } } }",
        "{ orders { edges { node { id fulfillments { id events(first: 1) { edges { node { id } } } } } } } }",
        "{ orders { edges { node { id } } } products { edges { node { id } } } }",
        "mutation { bulkOperationCancel(id: \"gid://shopify/BulkOperation/1\") { userErrors { field } } }",
        "query($n: Int) { orders(first: $n) { edges { node { id } } } }",
    ],
)  # fmt: skip
def test_what_no_bulk_query_may_be(api: Api, asked: str) -> None:
    told = run(api, asked)
    assert told["bulkOperation"] is None
    assert [problem["code"] for problem in told["userErrors"]] == ["INVALID"]


@pytest.mark.parametrize("grouped", [True, False])
def test_the_file(api: Api, store: Store, grouped: bool) -> None:
    store.post("/sandbox/quirks", {"bulk_seconds": 0.0})
    operation = run(api, ORDERS, grouped)["bulkOperation"]
    state = api.data(STATE, id=operation["id"])["bulkOperation"]
    answer = file_of(api, store, operation["id"])
    lines = [json.loads(line) for line in answer.text.splitlines()]
    parents = [line["id"] for line in lines if "__parentId" not in line]
    assert (
        (state["status"], int(state["rootObjectCount"])) == ("COMPLETED", len(parents)) == ("COMPLETED", 12)
    )
    assert int(state["objectCount"]) == len(lines) > 12
    above = ""
    for line in lines:
        above = above if "__parentId" in line else line["id"]
        assert line.get("__parentId") in ((None, above) if grouped else (None, *parents))
    assert grouped is ("__parentId" in lines[1])


def test_a_part_of_it_and_an_address_that_is_not_signed(api: Api, store: Store) -> None:
    store.post("/sandbox/quirks", {"bulk_seconds": 0.0})
    id = run(api, ORDERS)["bulkOperation"]["id"]
    whole = file_of(api, store, id).content
    part = file_of(api, store, id, Range="bytes=10-29")
    assert (part.status_code, part.content) == (206, whole[10:30])
    assert part.headers["Content-Range"] == f"bytes 10-29/{len(whole)}"
    url = api.data(STATE, id=id)["bulkOperation"]["url"].removeprefix(f"https://{MAIN}")
    assert store.call("GET", url[:-1]).status_code == 403
    store.post("/sandbox/quirks", {"bulk_url_seconds": 0.0})
    assert file_of(api, store, id).status_code == 403


def test_five_at_once_and_a_message_at_the_end(api: Api, store: Store, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "bulk_operations/finish")
    store.post("/sandbox/quirks", {"bulk_seconds": 1.5})
    begun = [run(api, ORDERS)["bulkOperation"]["id"] for _ in range(5)]
    assert run(api, ORDERS)["userErrors"][0]["code"] == "LIMIT_REACHED"
    assert api.data(STATE, id=begun[0])["bulkOperation"]["status"] in ("CREATED", "RUNNING")
    assert api.data(STATE, id=begun[0])["bulkOperation"]["url"] is None
    store.settle()
    told = [one.body["admin_graphql_api_id"] for one in receiver.of("bulk_operations/finish")]
    assert sorted(told) == sorted(begun)
    assert api.data(STATE, id=begun[0])["bulkOperation"]["status"] == "COMPLETED"


def test_messages_may_come_the_other_way_round_or_when_they_are_let_go(
    api: Api, store: Store, receiver: Receiver
) -> None:
    api.subscribe(receiver.address, "orders/create")
    store.post("/sandbox/quirks", {"reorder": 4})
    placed = [store.order()["id"] for _ in range(3)]
    store.settle()
    came = [str(one.body["id"]) for one in receiver.got]
    assert sorted(came) == sorted(placed) and came != placed
    store.post("/sandbox/quirks", {"reorder": 0, "hold": True})
    later = store.order()["id"]
    store.settle()
    assert len(receiver.got) == 3
    assert store.post("/sandbox/release") == {"released": 1}
    store.settle()
    assert str(receiver.got[-1].body["id"]) == later
