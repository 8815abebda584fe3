"""What a bulk query may ask for: the platform's own limits."""

from __future__ import annotations

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    get_nullable_type,
    is_list_type,
    visit,
)

MOST_CONNECTIONS = 5
DEEPEST = 2


def bulk_problem(schema: GraphQLSchema, document: DocumentNode) -> str | None:
    """Why the platform refuses the query; None: it does not. The document has been validated."""
    operations = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        return "The bulk query must be one query."
    if operations[0].variable_definitions:
        return "A bulk query takes no variables."
    reader = _Reader(TypeInfo(schema))
    visit(document, TypeInfoVisitor(reader.types, reader))
    return reader.problem(len(operations[0].selection_set.selections))


class _Reader(Visitor):
    """Counts connections and how deep they stand; notes one that stands inside a plain list."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.connections = 0
        self.deepest = 0
        self.inside: list[str] = []
        self.wrong: str | None = None

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        kind = self.types.get_type()
        name = node.name.value
        self.inside.append("")
        if kind is None:
            return
        if get_named_type(kind).name.endswith("Connection"):
            self.connections += 1
            self.inside[-1] = "connection"
            self.deepest = max(self.deepest, self.inside.count("connection"))
            if "list" in self.inside:
                self.wrong = f"A connection field within a list field is not supported: {name}."
        elif is_list_type(get_nullable_type(kind)) and name not in ("edges", "nodes"):
            self.inside[-1] = "list"

    def leave_field(self, *_: Any) -> None:
        self.inside.pop()

    def problem(self, roots: int) -> str | None:
        if not self.connections:
            return "The bulk query must contain at least one connection."
        if roots != 1:
            return "The bulk query must have one field at its top."
        if self.connections > MOST_CONNECTIONS:
            return f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections."
        if self.deepest > DEEPEST:
            return f"Bulk queries cannot contain connections with a nesting depth greater than {DEEPEST}."
        return self.wrong
