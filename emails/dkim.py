"""DKIM signatures (RFC 6376), relaxed in header and body, by RSA-2048 or Ed25519 (RFC 8463).

Ours to make where we speak SMTP ourselves; a mail vendor with an API signs what it sends.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

LEAST_BITS = 2048
SIGNED = (
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "auto-submitted",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "feedback-id",
)
SEALED = frozenset(
    ("from", "to", "reply-to", "subject", "date", "message-id", "mime-version", "content-type")
)
"""Named once more than they stand there, so that nobody on the way can add another one (RFC 6376 8.15)."""

_SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_BLANKS = re.compile(rb"[ \t]+")
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_PEM = re.compile(r"-----BEGIN [A-Z ]+-----.+?-----END [A-Z ]+-----", re.DOTALL)

_Private = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class DkimKey:
    """`pem`: the private key, unencrypted PKCS 8; its public half stands at `name` in DNS."""

    domain: str
    selector: str
    pem: str = field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"


def new_key(domain: str, selector: str) -> DkimKey:
    """RSA of 2048 bits: what every receiver checks. Takes about 0.1 s of one core."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=LEAST_BITS)
    return DkimKey(domain, selector, _pem_of(made))


def keys_of(domain: str, pems: str, selectors: Sequence[str]) -> tuple[DkimKey, ...]:
    """Keys as they are configured: PEM blocks one after the other, with one selector each. A line end may be
    written as the two signs \\n. Raises ValueError that says what is wrong and repeats no key."""
    blocks = _PEM.findall(pems.replace("\\n", "\n"))
    if not blocks:
        raise ValueError("no PEM block of a private key in it")
    if len(blocks) != len(selectors):
        raise ValueError(f"{len(blocks)} keys need as many selectors, not {len(selectors)}")
    wrong = [selector for selector in selectors if not _SELECTOR.fullmatch(selector)]
    if wrong:
        raise ValueError("a selector is made of lower-case letters, digits and hyphens")
    for block in blocks:
        _private(block)
    return tuple(DkimKey(domain, selector, block) for selector, block in zip(selectors, blocks, strict=True))


def record_of(key: DkimKey) -> str:
    """What stands in the TXT record that belongs to the key."""
    private = _private(key.pem)
    if isinstance(private, ed25519.Ed25519PrivateKey):
        raw = private.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )  # RFC 8463 4.2: the bare 32 bytes
        return f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"
    written = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return f"v=DKIM1; k=rsa; p={base64.b64encode(written).decode()}"


def signed(mail: bytes, keys: Sequence[DkimKey]) -> bytes:
    """The mail with one signature for each key before it. Lines must end in CRLF; the same mail always gets
    the same signatures."""
    if not keys:
        return mail
    head, _, body = mail.partition(b"\r\n\r\n")
    fields = _fields(head + b"\r\n")
    digest = base64.b64encode(hashlib.sha256(relaxed_body(body)).digest()).decode()
    return b"".join((*(_signature(key, fields, digest) for key in keys), mail))


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376 3.4.4: blanks within a line count as one, those at its end and empty lines at the end of the
    mail as none."""
    lines = _BLANKS.sub(b" ", body).replace(b" \r\n", b"\r\n").removesuffix(b" ")
    end = len(lines)
    while lines.endswith(b"\r\n", 0, end):
        end -= 2
    return lines[:end] + b"\r\n" if end else b""


def relaxed_field(name: str, value: bytes) -> bytes:
    """RFC 6376 3.4.2, without its line end."""
    return name.lower().encode() + b":" + _BLANKS.sub(b" ", _FOLD.sub(b"", value)).strip(b" ")


def _fields(head: bytes) -> dict[str, list[bytes]]:
    """By name in lower case, from the top down."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for line in re.split(rb"\r\n(?![ \t])", head):
        name, colon, value = line.partition(b":")
        if colon:
            found[name.decode("ascii", "replace").strip().lower()].append(value)
    return found


def _signature(key: DkimKey, fields: dict[str, list[bytes]], digest: str) -> bytes:
    names, lines = _covered(fields)
    private = _private(key.pem)
    algorithm = "rsa" if isinstance(private, rsa.RSAPrivateKey) else "ed25519"
    unsigned = (
        f" v=1; a={algorithm}-sha256; c=relaxed/relaxed; d={key.domain};\r\n s={key.selector};"
        f" h={_folded_names(names)};\r\n bh={digest};\r\n b="
    )
    lines.append(relaxed_field("dkim-signature", unsigned.encode("ascii")))
    written = base64.b64encode(_sign(private, b"\r\n".join(lines))).decode()
    folded = "\r\n ".join(written[start : start + 72] for start in range(0, len(written), 72))
    return f"DKIM-Signature:{unsigned}{folded}\r\n".encode("ascii")


def _covered(fields: dict[str, list[bytes]]) -> tuple[list[str], list[bytes]]:
    """Names for h=, and what is signed: of several fields of a name the lowest first (RFC 6376 5.4.2)."""
    names: list[str] = []
    lines: list[bytes] = []
    for name in SIGNED:
        values = fields.get(name, [])
        names += [name] * (len(values) + (name in SEALED))
        lines += [relaxed_field(name, value) for value in reversed(values)]
    return names, lines


def _folded_names(names: Sequence[str]) -> str:
    rows = [names[start : start + 4] for start in range(0, len(names), 4)]
    return ":\r\n  ".join(":".join(row) for row in rows)


def _sign(private: _Private, data: bytes) -> bytes:
    if isinstance(private, rsa.RSAPrivateKey):
        return private.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return private.sign(hashlib.sha256(data).digest())  # RFC 8463 3: the hash is what is signed


def _pem_of(private: _Private) -> str:
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@lru_cache(maxsize=1024)
def _private(pem: str) -> _Private:
    """Raises ValueError for a key that is not one of ours."""
    try:
        found = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ValueError("not a private key in PEM that can be read without a password") from error
    if isinstance(found, ed25519.Ed25519PrivateKey):
        return found
    if isinstance(found, rsa.RSAPrivateKey) and found.key_size >= LEAST_BITS:
        return found
    raise ValueError(f"a key is RSA of at least {LEAST_BITS} bits, or Ed25519")
