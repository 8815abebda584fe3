"""Reading what vendors tell us: JSON from outside, in which anything may be missing or be something else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from emails.providers.base import Unreadable

DETAIL = 300
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL keeps no NUL and no half of a letter


def told_object(body: bytes) -> Mapping[str, Any]:
    """Raises Unreadable."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("this is no JSON") from error
    if not isinstance(told, dict):
        raise Unreadable("this is no JSON object")
    return told


def inner(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def objects(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = told.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def words(told: Mapping[str, Any], name: str) -> str:
    """One line of at most 300 characters; numbers as they are written; "" for anything else."""
    found = told.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return " ".join(_UNSTORABLE.sub("", found).split())[:DETAIL] if isinstance(found, str) else ""


def first_of(told: Mapping[str, Any], name: str) -> str:
    """The first of a list of words, or the only one."""
    found = told.get(name)
    listed = found if isinstance(found, list) else [found]
    return words({"it": listed[0]}, "it") if listed else ""


def instant(told: Mapping[str, Any], name: str) -> datetime:
    """Raises Unreadable for what is no instant; without an offset it is UTC."""
    text = words(told, name)
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"{name} is no instant") from error


def header_told(headers: list[Mapping[str, Any]], wanted: str) -> str:
    """The value of a mail's header in a list of {"name", "value"}, in whatever case it is written."""
    for header in headers:
        if words(header, "name").lower() == wanted:
            return words(header, "value")
    return ""


def in_brackets(message_id: str) -> str:
    bare = message_id.strip().strip("<>")
    return f"<{bare}>" if bare else ""
