"""The plugin's secret, and a key of its own for each thing that is signed with it: what was signed as one
thing can then never be shown as another, however much alike their texts are."""

from __future__ import annotations

import hmac
from hashlib import sha256

MESSAGE = "message"
PROXY = "proxy"
ORDER = "order"
PAGE = "page"


def key_for(purpose: str, secret: str) -> str:
    """As letters, like the secret itself; "" where there is no secret."""
    return hmac.new(secret.encode(), purpose.encode(), sha256).hexdigest() if secret else ""
