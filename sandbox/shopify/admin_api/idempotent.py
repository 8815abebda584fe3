"""Mutations that the platform takes since 2026-04 only with a key in a directive."""

from __future__ import annotations

from typing import Any

from graphql import FieldNode, OperationDefinitionNode

NEED_A_KEY = frozenset(
    {
        "inventoryActivate",
        "inventoryAdjustQuantities",
        "inventoryMoveQuantities",
        "inventorySetOnHandQuantities",
        "inventorySetQuantities",
        "inventoryShipmentAddItems",
        "inventoryShipmentCreate",
        "inventoryShipmentCreateInTransit",
        "inventoryShipmentReceive",
        "inventoryTransferCreate",
        "inventoryTransferCreateAsReadyToShip",
        "inventoryTransferDuplicate",
        "inventoryTransferSetItems",
        "locationActivate",
        "locationDeactivate",
        "refundCreate",
    }
)


def without_a_key(operation: OperationDefinitionNode) -> list[dict[str, Any]]:
    """The errors for root fields that need one; the schema itself does not demand it."""
    words = "The @idempotent directive is required for this mutation but was not provided."
    return [
        {"message": words, "path": [part.name.value], "extensions": {"code": "BAD_REQUEST"}}
        for part in operation.selection_set.selections
        if isinstance(part, FieldNode)
        and part.name.value in NEED_A_KEY
        and not any(directive.name.value == "idempotent" for directive in part.directives or ())
    ]
