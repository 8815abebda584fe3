"""Amazon's signature of a call, version 4, made by hand: HMAC-SHA256 over what is asked, by a key of the day.

(docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class AmazonKey:
    """An access key, and what it is used for."""

    id: str
    secret: str = field(repr=False)
    region: str
    service: str


def signed_headers(
    key: AmazonKey, method: str, url: str, headers: Mapping[str, str], body: bytes, real: datetime
) -> dict[str, str]:
    """The headers with the time and the signature. The address has no query."""
    stamp = real.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    parts = urlsplit(url)
    told = {**headers, "Host": parts.netloc, "X-Amz-Date": stamp}
    named = {name.lower(): " ".join(value.split()) for name, value in told.items()}
    listed = ";".join(sorted(named))
    asked = "\n".join(
        (
            method,
            quote(parts.path or "/", safe="/-_.~"),
            "",
            *(f"{name}:{named[name]}" for name in sorted(named)),
            "",
            listed,
            hashlib.sha256(body).hexdigest(),
        )
    )
    scope = f"{stamp[:8]}/{key.region}/{key.service}/aws4_request"
    text = "\n".join((_ALGORITHM, stamp, scope, hashlib.sha256(asked.encode()).hexdigest()))
    signature = hmac.new(_key_of_the_day(key, stamp[:8]), text.encode(), hashlib.sha256).hexdigest()
    told["Authorization"] = (
        f"{_ALGORITHM} Credential={key.id}/{scope}, SignedHeaders={listed}, Signature={signature}"
    )
    return told


def _key_of_the_day(key: AmazonKey, day: str) -> bytes:
    made = f"AWS4{key.secret}".encode()
    for part in (day, key.region, key.service, "aws4_request"):
        made = hmac.digest(made, part.encode(), "sha256")
    return made
