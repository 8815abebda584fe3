"""The pieces of any mail, however it is damaged.

Written by hand because what comes to a return path is written by anybody: the standard parser walks a mail
that is nested a thousand deep by calling itself. Here the depth, the number of pieces and their size are
bounded, and each level is one pass over its bytes.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header

MOST_BYTES = 1024 * 1024
DEEPEST = 12
MOST_PARTS = 100
MOST_HEADER_BYTES = 64 * 1024
MOST_DECODED = 256 * 1024

_HEADER = re.compile(r"([!-9;-~]{1,80})[ \t]{0,80}:(.*)", re.DOTALL)
_BOUNDARY = re.compile(
    r"boundary[ \t]{0,9}=[ \t]{0,9}(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE
)
_PIECE = re.compile(rb"(?:^|\n)(--[^\s]{1,200})[ \t]{0,9}\nContent-", re.IGNORECASE)
# Python's own notations, which no mail is written in: one takes seconds for a megabyte.
_NOT_OF_MAILS = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape"))
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_CHARSET = re.compile(r"charset[ \t]{0,9}=[ \t]{0,9}\"?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_TYPE = re.compile(r"\s{0,80}([a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,60})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of a mail. `kind`: its content type in small letters. `returned`: it belongs to a mail that
    was sent back. `headers`: of a whole mail those of the mail, names in small letters, values unfolded."""

    kind: str
    headers: Mapping[str, tuple[str, ...]]
    text: str
    returned: bool = False

    def first(self, name: str) -> str:
        return next(iter(self.headers.get(name, ())), "")


def parts_of(raw: bytes) -> list[Part]:
    """The mail's own headers as the first part (kind "mail"), then its leaves in their order. A mail within
    it is told by a part of the kind "message/rfc822" (its headers) and by its own leaves."""
    raw = raw[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    found: list[Part] = []
    for part in _walk(raw, "mail", returned=False, depth=0):
        found.append(part)
        if len(found) >= MOST_PARTS:
            break
    return found


def _walk(raw: bytes, kind: str, *, returned: bool, depth: int) -> Iterator[Part]:
    """A whole mail: its headers, then what it holds."""
    headers, body = _split(raw)
    yield Part(kind, headers, "", returned)
    yield from _leaves(headers, body, returned=returned, depth=depth)


def _leaves(
    headers: Mapping[str, tuple[str, ...]], body: bytes, *, returned: bool, depth: int
) -> Iterator[Part]:
    told = next(iter(headers.get("content-type", ())), "")
    named = _TYPE.match(told)
    kind = named[1].lower() if named else "text/plain"
    boundary = _BOUNDARY.search(told)
    if depth < DEEPEST and kind.startswith("multipart/") and boundary is not None:
        mark = b"--" + (boundary[1] or boundary[2]).encode("utf-8", "replace")
        pieces = _between(body, mark) or _between(body, _mark_in(body))
        if pieces:
            for piece in pieces:
                inner, inside = _split(piece)
                yield from _leaves(inner, inside, returned=returned, depth=depth + 1)
            return
    if kind in ("message/rfc822", "message/global") and depth < DEEPEST:
        yield from _walk(
            _opened(headers, body).lstrip(b"\n"), "message/rfc822", returned=True, depth=depth + 1
        )
        return
    text = _decoded(told, _opened(headers, body))
    if kind in ("text/rfc822-headers", "message/global-headers"):
        yield Part("message/rfc822", _split(text.encode("utf-8", "replace"))[0], "", returned=True)
        return
    yield Part(kind, headers, text, returned)


def _mark_in(body: bytes) -> bytes:
    """The boundary as it stands in the body, where the header tells another: the first line with two dashes
    that headers follow."""
    found = _PIECE.search(body)
    return found[1] if found else b""


def _between(body: bytes, mark: bytes) -> list[bytes]:
    """What stands between the boundary's lines; a last one that never ends counts, too."""
    if not mark:
        return []
    pieces = re.split(rb"(?:^|\n)" + re.escape(mark) + rb"(?:--)?[ \t]{0,80}(?=\n|$)", body)
    return [piece.removeprefix(b"\n") for piece in pieces[1 : MOST_PARTS + 1] if piece.strip()]


def _split(raw: bytes) -> tuple[dict[str, tuple[str, ...]], bytes]:
    if raw.startswith(b"\n"):  # a piece without headers
        return {}, raw[1:]
    head, gap, body = raw.partition(b"\n\n")
    headers = headers_in(_read(head[:MOST_HEADER_BYTES], "utf-8"))
    return (headers, body) if headers or gap else ({}, raw)


def headers_in(text: str) -> dict[str, tuple[str, ...]]:
    """Names in small letters; what does not look like a header is passed over."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.split("\n"):
        # Some do not indent what follows a semicolon.
        goes_on = line[:1] in (" ", "\t") or (lines and lines[-1].endswith(";") and not _HEADER.match(line))
        if goes_on and lines:
            lines[-1] = f"{lines[-1]} {line.strip()}" if len(lines[-1]) < 8_000 else lines[-1]
        else:
            lines.append(line)
    for line in lines:
        named = _HEADER.match(line)
        if named:
            found.setdefault(named[1].lower(), []).append(named[2].strip())
    return {name: tuple(values) for name, values in found.items()}


def _opened(headers: Mapping[str, tuple[str, ...]], body: bytes) -> bytes:
    """Without its transfer encoding; what cannot be read so is left as it is."""
    encoding = next(iter(headers.get("content-transfer-encoding", ())), "").strip().lower()
    try:
        if encoding == "base64":
            letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
            return base64.b64decode(letters + b"=" * (-len(letters) % 4))
        if encoding == "quoted-printable":
            return quopri.decodestring(body)
    except (binascii.Error, ValueError):
        return body
    return body


def _decoded(content_type: str, body: bytes) -> str:
    named = _CHARSET.search(content_type)
    charset = named[1] if named else ""
    if charset.lower() in ("", "us-ascii") and b"\x1b$" in body:
        charset = "iso-2022-jp"
    return _read(body[:MOST_DECODED], charset or "utf-8")


def _read(raw: bytes, charset: str) -> str:
    """NUL and halves of letters are dropped: PostgreSQL cannot keep them."""
    try:
        known = codecs.lookup(charset).name not in _NOT_OF_MAILS
        text = raw.decode(charset if known else "latin-1", "replace")
    except (LookupError, UnicodeError):
        text = raw.decode("latin-1")
    return _UNSTORABLE.sub("", text)


def plain_words(value: str) -> str:
    """A header without its encoded words; left as it is where they are broken."""
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value[:2_000])
        return "".join(
            piece if isinstance(piece, str) else _read(piece, charset or "utf-8") for piece, charset in pieces
        )
    except (HeaderParseError, ValueError, LookupError):
        return value
