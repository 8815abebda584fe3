"""An envelope as the bytes that travel: RFC 5322, two alternative parts, CRLF.

Written by hand, because the standard builder parses and folds each header anew and costs more than all the
rest of a mail; `tests/emails/test_mime.py` reads what is written with the standard parser.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import b64encode
from functools import lru_cache

from emails.address import valid_address
from emails.clean import single_spaced
from emails.message import Envelope
from emails.providers.base import SendFailed

_FOLDED_AT = 78
_LONGEST_LINE = 900  # RFC 5322 2.1.1 allows 998
_ROOM = 72  # an encoded word has 75 signs at most (RFC 2047 2)
_NAME = re.compile(r"[!-9;-~]{1,76}")
_TOKENS = re.compile(r"[!-~]{1,900}|<[!-;=?-~]{1,900}>(?:, <[!-;=?-~]{1,900}>){1,3}")
# As a reference, HTML takes these for other characters than they are.
_MISREAD = re.compile(rb"&#1(?:2[89]|[345][0-9]);")


def mail_bytes(envelope: Envelope) -> bytes:
    """The same envelope always gives the same bytes.

    Raises SendFailed("invalid_email", permanent) for a recipient, SendFailed("invalid_sender") for a
    sender that is no address.
    """
    boundary = "=_" + hashlib.sha256(envelope.message_id.encode()).hexdigest()[:40]
    heads = [
        _from(envelope.sender_name, envelope.sender),
        f"To: {_mailbox(envelope.recipient, SendFailed('invalid_email', permanent=True))}\r\n",
    ]
    if envelope.reply_to:
        heads.append(f"Reply-To: {_mailbox(envelope.reply_to, SendFailed('invalid_sender'))}\r\n")
    heads.append(_header("Subject", envelope.subject))
    heads.append(_header("Message-ID", envelope.message_id))
    heads.extend([_header(name, value) for name, value in envelope.headers.items()])
    heads.append(f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n')
    head = "".join(heads)
    if not head.count("\r") == head.count("\n") == head.count("\r\n"):
        # A server that takes a bare LF for a line end could be made to see a second mail in this one. In the
        # parts there is none: they are put together from their lines.
        raise ValueError("a line end that is not CRLF")
    start = f"\r\n--{boundary}\r\n".encode()
    text, html = _text(envelope.text), _html(envelope.html)
    return b"".join((head.encode("ascii"), start, text, start, html, start[:-2], b"--\r\n"))


def _text(text: str) -> bytes:
    return _part(b"plain", "\n".join(text.splitlines()) + "\n", text.isascii())


def _html(html: str) -> bytes:
    """In ASCII, where each reader understands a character by its number."""
    numbered = html.encode("ascii", "xmlcharrefreplace")
    if _MISREAD.search(numbered) and not html.isascii():
        return _part(b"html", "\n".join(html.splitlines()) + "\n", False)
    return _part(b"html", numbered, True)


def _part(subtype: bytes, content: str | bytes, is_ascii: bool) -> bytes:
    """As it is where it is ASCII in short lines, else quoted-printable."""
    octets = content if isinstance(content, bytes) else content.encode()
    if b"\r" in octets:
        octets = b"\n".join(octets.splitlines())
    if not octets.endswith(b"\n"):
        octets += b"\n"
    if is_ascii and _in_short_lines(octets):
        encoding, body = b"7bit", octets
    else:
        encoding, body = b"quoted-printable", binascii.b2a_qp(octets)
    return b"".join(
        (
            b"Content-Type: text/",
            subtype,
            b'; charset="utf-8"\r\nContent-Transfer-Encoding: ',
            encoding,
            b"\r\n\r\n",
            body.replace(b"\n", b"\r\n"),
        )
    )


def _in_short_lines(octets: bytes) -> bool:
    """Leaping from line end to line end as far as one line may reach, which looks at a few of all."""
    begins = 0
    while len(octets) - begins > _LONGEST_LINE + 1:
        ends = octets.rfind(b"\n", begins, begins + _LONGEST_LINE + 1)
        if ends < 0:
            return False
        begins = ends + 1
    return True


@lru_cache(maxsize=1024)
def _from(name: str, address: str) -> str:
    """Raises SendFailed("invalid_sender")."""
    mailbox = _mailbox(address, SendFailed("invalid_sender"))
    shown = single_spaced(name)
    if not shown:
        return f"From: {mailbox}\r\n"
    if not _is_plain(shown):
        phrase = _encoded(shown, len("From: "))
    elif shown.replace(" ", "").isalnum():
        phrase = shown
    else:
        phrase = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"From: {phrase}\r\n <{mailbox}>\r\n"


def _mailbox(text: str, failure: SendFailed) -> str:
    found = valid_address(text)
    if found is None:
        raise failure
    return found


def _header(name: str, value: str) -> str:
    """One header, folded. What is one token stays whole on its line, of several in angle brackets each has
    its own: mail programs read no address out of encoded words.

    Raises ValueError for a name that is none.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a header: {name!r}")
    if _TOKENS.fullmatch(value) and (value[0] == "<" or "=?" not in value):
        return f"{name}: {value}\r\n".replace(">, <", ">,\r\n <")
    shown = single_spaced(value)
    if not _is_plain(shown):
        return f"{name}: {_encoded(shown, len(name) + 2)}\r\n"
    if len(name) + 2 + len(shown) <= _FOLDED_AT:
        return f"{name}: {shown}\r\n"
    return _folded(f"{name}:", shown.split(" "))


def _is_plain(text: str) -> bool:
    """Printable ASCII, with no word that is too long for a line or would be read as an encoded one."""
    if not text.isascii() or not text.isprintable() or "=?" in text:
        return False
    return len(text) <= _FOLDED_AT or max(map(len, text.split(" "))) <= _LONGEST_LINE


def _folded(line: str, words: list[str]) -> str:
    lines = [line]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > _FOLDED_AT and len(lines[-1]) > 1 and lines[-1] != line:
            lines.append("")
        lines[-1] += " " + word
    return "\r\n".join(lines) + "\r\n"


def _encoded(text: str, before: int) -> str:
    """RFC 2047, each word with whole characters. `before`: how many signs stand on the first line already."""
    words, room = [""], _octets_in(min(_ROOM, _FOLDED_AT - before))
    for char in text:
        needs = len(char.encode())
        if needs > room:
            words.append("")
            room = _octets_in(_ROOM)
        words[-1] += char
        room -= needs
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word.encode()).decode()}?=" for word in words)


def _octets_in(signs: int) -> int:
    """Of text in an encoded word of so many signs, twelve of which are its frame."""
    return max((signs - 12) // 4 * 3, 4)
