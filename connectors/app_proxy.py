"""What a store adds to a visitor's request that it forwards to us: who it is, when, and a signature.

Shopify's app proxy and our companion plugin sign alike. The text that is signed has no separators, so
the store must never let a visitor bring one of the store's own parameters.
"""

from __future__ import annotations

import hmac
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from connectors.base import Refused

WINDOW = 90  # seconds, as the platform's own packages allow

Pairs = Sequence[tuple[str, str]]

_OURS_ONCE = ("shop", "path_prefix", "timestamp", "logged_in_customer_id", "signature")
_PREFIX = re.compile(r"(/[A-Za-z0-9_-]{1,40}){1,4}")
_SECONDS = re.compile(r"[0-9]{1,12}")
# Between names and values nothing stands, so no name may look like several lines.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A request that a store forwarded. `prefix`: where on its own domain the visitor asked."""

    shop: str
    prefix: str


def signature(pairs: Pairs, secret: str) -> str:
    """Hex HMAC-SHA256 over the decoded parameters but `signature` itself."""
    values = defaultdict(list)
    for key, value in pairs:
        if key != "signature":
            values[key].append(value)
    text = "".join(f"{key}={','.join(values[key])}" for key in sorted(values))
    return hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def claimed_shop(pairs: Pairs) -> str:
    """The shop that a request names, to look its secret up. Nothing is proven yet."""
    return next((value for key, value in pairs if key == "shop"), "")


def check(pairs: Pairs, secrets: Sequence[str], now: datetime) -> Forwarded:
    """Any of `secrets` may have signed. Raises Refused (401), for whatever is wrong in one way."""
    given = dict(pairs)
    counts = Counter(key for key, _ in pairs)
    claimed = given.get("signature", "").encode("utf-8", "surrogatepass")
    signed = [hmac.compare_digest(signature(pairs, one).encode(), claimed) for one in secrets if one]
    once = all(counts[name] == 1 for name in _OURS_ONCE)
    plain = not any(_CONTROL.search(name) for name in counts)
    if not (any(signed) and once and plain and _is_fresh(given["timestamp"], now)):
        raise Refused(401, "this request does not come through the store")
    if not _PREFIX.fullmatch(given["path_prefix"]):
        raise Refused(401, "this request does not come through the store")
    return Forwarded(given["shop"], given["path_prefix"])


def _is_fresh(timestamp: str, now: datetime) -> bool:
    return bool(_SECONDS.fullmatch(timestamp)) and abs(int(timestamp) - now.timestamp()) <= WINDOW
