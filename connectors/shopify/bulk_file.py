"""The file of a bulk operation, a piece at a time: one JSON object a line, children after their parent.

A piece is cut where a parent begins, so every entry in it is whole and the next one begins at a known
byte. A line that is no JSON, or belongs to another parent than the one before it, is passed over and
told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import StoreUnreachable
from wire.http import Answer, HttpClient, WireError

# Bytes of one piece: some hundred orders. The wire takes answers of up to 5 MB.
PIECE = 4_000_000
# An order of 400 lines is 0.2 MB; what is beyond this is no entry.
LARGEST_ENTRY = 32_000_000
TIMEOUT = 120.0

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class FileGone(StoreUnreachable):
    """The signed address no longer opens the file; the operation knows a newer one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`end`: the byte of the file after it. `unread`: lines in it that could not be read, one reason each.
    `orphans`: ids that lines name as their parent where another one, or none, stands above them."""

    node: Mapping[str, Any] | None
    children: tuple[Mapping[str, Any], ...]
    end: int
    unread: tuple[str, ...] = ()
    orphans: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Piece:
    """`body` lies at byte `at` of the file; `last`: nothing comes after it."""

    body: bytes
    at: int
    last: bool


def read_piece(http: HttpClient, address: str, at: int, size: int | None = None) -> Piece:
    """At least one whole entry, or the rest of the file. Raises StoreUnreachable."""
    size = size or PIECE
    body, last = _part(http, address, at, size)
    while not last and _next_parent(body, body.find(b"\n") + 1) < 0:
        if len(body) > LARGEST_ENTRY:
            raise StoreUnreachable("an entry of the file does not end")
        more, last = _part(http, address, at + len(body), size)
        body += more
    return Piece(body, at, last)


def entries(piece: Piece) -> Iterator[Entry]:
    """Every whole entry of the piece, in its order. The last one of a piece that is not the file's last
    may go on in the next, so it is left to that."""
    begin = 0
    while begin < len(piece.body):
        end = _next_parent(piece.body, piece.body.find(b"\n", begin) + 1)
        if end < 0:
            if not piece.last:
                return
            end = len(piece.body)
        yield _entry(piece.body[begin:end], piece.at + end)
        begin = end


def _part(http: HttpClient, address: str, at: int, size: int) -> tuple[bytes, bool]:
    """Bytes from `at` on, and whether the file ends with them."""
    # As it lies there: bytes of a packed answer could not be counted.
    headers = {"Range": f"bytes={at}-{at + size - 1}", "Accept-Encoding": "identity"}
    try:
        answer = http.request("GET", address, headers=headers, timeout=TIMEOUT, retry=True)
    except WireError as error:
        raise StoreUnreachable(str(error)) from None
    if answer.status == 206:
        return answer.body, _ends(answer, at)
    if answer.status == 200:  # a server that gives all or nothing
        return answer.body[at:], True
    if answer.status == 416:
        return b"", True
    if answer.status in (400, 403, 404, 410):
        raise FileGone(f"the address of the file is no longer valid ({answer.status})")
    raise StoreUnreachable(f"the file could not be read ({answer.status})")


def _ends(answer: Answer, at: int) -> bool:
    told = _RANGE.fullmatch(answer.headers.get("content-range", ""))
    if told is None or int(told[1]) != at or int(told[2]) - at + 1 != len(answer.body):
        raise StoreUnreachable("another part of the file came than was asked for")
    return int(told[2]) + 1 >= int(told[3])


def _next_parent(body: bytes, begin: int) -> int:
    """Where the next line begins that is no child; -1 where none does, or where it cannot be told because
    the body ends inside of it."""
    while 0 < begin < len(body):
        end = body.find(b"\n", begin)
        if end < 0:
            return -1
        if body.find(b'"__parentId"', begin, end) < 0:
            return begin
        begin = end + 1
    return -1


def _entry(lines: bytes, end: int) -> Entry:
    """All lines at once, which is quicker; one by one where that shows that something is wrong."""
    try:
        found = json.loads(b"[%b]" % lines.strip().replace(b"\n", b","))
        node, children = found[0], found[1:]
        whole = type(node) is dict and "__parentId" not in node
        if whole and all(child["__parentId"] == node["id"] for child in children):
            return Entry(node, tuple(children), end)
    except (ValueError, RecursionError, LookupError, TypeError):
        pass
    return _doubtful_entry(lines, end)


def _doubtful_entry(lines: bytes, end: int) -> Entry:
    node: Mapping[str, Any] | None = None
    children: list[Mapping[str, Any]] = []
    unread: list[str] = []
    orphans: set[str] = set()
    for line in lines.splitlines():
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            unread.append(f"a line that is no JSON: {error}")
            continue
        if not isinstance(found, dict):
            unread.append("a line that is no object")
        elif "__parentId" not in found:
            node = found
        elif node is not None and found["__parentId"] == node.get("id"):
            children.append(found)
        else:
            orphans.add(str(found["__parentId"]))
    return Entry(node, tuple(children), end, tuple(unread), frozenset(orphans))
