"""How a call shows the shop's key: in the header, or, to a shop whose server removes that, in the address."""

from __future__ import annotations

import base64
from collections.abc import Mapping

# Kept with the keys. Addresses are written into logs, so it is the second choice.
BY_QUERY = {"shown_in": "query"}


def shown_by_query(secrets: Mapping[str, str]) -> bool:
    return BY_QUERY.items() <= secrets.items()


def in_header(secrets: Mapping[str, str]) -> dict[str, str]:
    """The same keys, shown in the usual way."""
    return {name: value for name, value in secrets.items() if name not in BY_QUERY}


def shown(secrets: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Headers and parameters of a call."""
    pair = {name: secrets.get(name, "") for name in ("consumer_key", "consumer_secret")}
    if shown_by_query(secrets):
        return {}, pair
    return {"Authorization": f"Basic {base64.b64encode(':'.join(pair.values()).encode()).decode()}"}, {}
