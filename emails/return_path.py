"""Addresses of ours that say which mail comes back: where bounces go, and where a mail leaves a list.

Servers may fold the case of a local part and cut it at 64 signs (RFC 5321 4.5.3.1.1), so the token is made
of lower-case letters and digits and stays short.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from enum import StrEnum

_SEAL = 10  # bytes; nobody gets to try often enough to guess 80 bits


class Purpose(StrEnum):
    BOUNCE = "b"
    LEAVE = "l"


@dataclass(frozen=True, slots=True)
class ReturnPath:
    purpose: Purpose
    shop_id: int
    message: int


def written(secret: bytes, path: ReturnPath, domain: str) -> str:
    """Like b+k3x...@bounces.example.com; the same mail always has the same one."""
    return f"{path.purpose}+{_token(secret, path)}@{domain}"


def read(secret: bytes, address: str) -> ReturnPath | None:
    """None for an address that we did not write, at whatever domain."""
    local = address.strip().strip("<>").lower().partition("@")[0]
    purpose, plus, token = local.partition("+")
    if not plus or purpose not in tuple(Purpose) or len(token) > 64:
        return None
    try:
        packed = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        return None
    shop_id, rest = _taken(packed[:-_SEAL])
    message, left = _taken(rest)
    if shop_id is None or message is None or left:
        return None
    found = ReturnPath(Purpose(purpose), shop_id, message)
    return found if hmac.compare_digest(_token(secret, found), token) else None


def _token(secret: bytes, path: ReturnPath) -> str:
    packed = _number(path.shop_id) + _number(path.message)
    seal = hmac.digest(secret, f"return-path\x00{path.purpose}\x00".encode() + packed, "sha256")[:_SEAL]
    return base64.b32encode(packed + seal).decode("ascii").rstrip("=").lower()


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the last byte has its highest bit clear."""
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*written, value))


def _taken(packed: bytes) -> tuple[int | None, bytes]:
    value = 0
    for place, byte in enumerate(packed[:10]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, packed[place + 1 :]
    return None, b""
