"""What writing fields share: complaints with HTTP 200, and finding what shall be changed."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]


def refused(message: str, code: str | None = None, field: list[str] | None = None, **others: Any) -> Body:
    """The payload of a mutation that did nothing. `others`: its other fields, if they are not null."""
    return Payload(userErrors=[{"field": field, "message": message, "code": code}], **others)


def done(**fields: Any) -> Body:
    return Payload(userErrors=[], **fields)


class Payload(dict[str, Any]):
    """Fields that a payload has and nobody filled are null."""

    def __missing__(self, name: str) -> None:
        return None
