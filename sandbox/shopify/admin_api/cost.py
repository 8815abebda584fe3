"""What a query costs and how much a shop has left: the platform's leaky bucket, in real time.

An object costs 1, a leaf nothing, a mutation 10. A listing costs 2 and its content times a factor
that grows with the logarithm of the page size. The platform does not publish that factor; this one
is fitted to a figure that it showed (250 variants with one object each: 25 points).
"""

from __future__ import annotations

import math
import threading
import time
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

MOST_PER_QUERY = 1_000
# Points that come back each second. The sandbox is a shop of a large plan; 100 is the smallest.
RESTORE = 1_000.0
_SECONDS = 20.0  # of coming back, that a bucket holds
_MUTATION = 10


class Bucket:
    """Points of one shop, for one app."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.restore = RESTORE
        self._left = self.most
        self._at = time.monotonic()

    @property
    def most(self) -> float:
        return self.restore * _SECONDS

    def resize(self, restore: float) -> None:
        """Another plan: the bucket is full again."""
        with self._lock:
            if restore != self.restore:
                self.restore = float(restore)
                self._left = self.most

    def available(self) -> float:
        with self._lock:
            return self._refill()

    def take(self, points: float) -> None:
        with self._lock:
            self._left = max(0.0, self._refill() - points)

    def _refill(self) -> float:
        now = time.monotonic()
        self._left = min(self.most, self._left + (now - self._at) * self.restore)
        self._at = now
        return self._left


def report(requested: int, actual: int | None, bucket: Bucket, left: float | None = None) -> dict[str, Any]:
    """The `cost` part of an answer's extensions. `left`: instead of what is in the bucket."""
    return {
        "requestedQueryCost": requested,
        "actualQueryCost": actual,
        "throttleStatus": {
            "maximumAvailable": bucket.most,
            "currentlyAvailable": int(bucket.available() if left is None else left),
            "restoreRate": bucket.restore,
        },
    }


def actual_cost(data: Any) -> int:
    """One point for each object that came back; what only wraps a page is free."""
    return sum(_objects(part) for part in data.values()) if data else 0


def _objects(value: Any) -> int:
    if isinstance(value, dict):
        wraps = {"nodes", "edges", "pageInfo", "node", "hasNextPage"} & set(value)
        return (0 if wraps else 1) + sum(_objects(part) for part in value.values())
    return sum(_objects(part) for part in value) if isinstance(value, list) else 0


def requested_cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: dict[str, Any],
) -> int:
    """Of a document that has been validated."""
    fragments = {
        part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)
    }
    reader = _Reader(schema, fragments, variables)
    root = schema.get_root_type(operation.operation)
    cost = reader.selections(operation.selection_set, root)
    return math.floor(cost) + (_MUTATION if operation.operation is OperationType.MUTATION else 0)


class _Reader:
    def __init__(
        self, schema: GraphQLSchema, fragments: dict[str, FragmentDefinitionNode], variables: dict[str, Any]
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.variables = variables

    def selections(self, chosen: SelectionSetNode | None, parent: Any) -> float:
        if chosen is None:
            return 0.0
        total = 0.0
        for part in chosen.selections:
            if isinstance(part, FieldNode):
                total += self.field(part, parent)
            elif isinstance(part, InlineFragmentNode):
                kind = part.type_condition
                inner = parent if kind is None else self.schema.get_type(kind.name.value)
                total += self.selections(part.selection_set, inner)
            else:
                # A spread: there is no fourth kind of selection.
                fragment = self.fragments[part.name.value]  # type: ignore[attr-defined]
                inner = self.schema.get_type(fragment.type_condition.name.value)
                total += self.selections(fragment.selection_set, inner)
        return total

    def field(self, node: FieldNode, parent: Any) -> float:
        definition = getattr(parent, "fields", {}).get(node.name.value)
        kind = get_named_type(definition.type) if definition else None
        if kind is None or is_leaf_type(kind) or kind.name == "PageInfo":
            return 0.0
        inside = self.selections(node.selection_set, kind)
        if parent.name.endswith("Connection") and kind.name.endswith("Edge"):
            return inside
        size = self._size(node)
        if kind.name.endswith("Connection"):
            return 2 + inside * _factor(size or 1)
        return (1 + inside) * (_factor(size) if size else 1)

    def _size(self, node: FieldNode) -> int | None:
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                value = argument.value
                if isinstance(value, IntValueNode):
                    return int(value.value)
                if isinstance(value, VariableNode):
                    given = self.variables.get(value.name.value)
                    return given if isinstance(given, int) else None
        return None


def _factor(size: int) -> float:
    return max(1.0, 2 * math.log(size)) if size > 1 else 1.0
