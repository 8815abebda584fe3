"""In which language an order was placed: WooCommerce has no field for it, the plugins that make a shop speak
several note it beside the order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connectors.woocommerce.metas import word

# Our plugin's, WPML's, TranslatePress's, Weglot's, and those of lines that are passed on for a theme.
NOTES = (
    "_doorstep_language",
    "wpml_language",
    "trp_language",
    "weglot_language",
    "_order_language",
    "order_language",
)

_NAME = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def spoken(values: Mapping[str, Any]) -> str | None:
    """As in "fr", "de-DE", "zh_TW"; None where nobody noted one. WordPress names forms of address, too
    ("de_DE_formal"): those are left out."""
    found = word(values, *NOTES)
    if not _NAME.fullmatch(found):
        return None
    return "-".join(part for part in re.split("[-_]", found) if len(part) <= 4)
