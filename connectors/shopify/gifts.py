"""Whether somebody else will unpack the order: then its buyer is not asked for a review."""

from __future__ import annotations

import re
from collections.abc import Iterable

from connectors.shopify.fields import Body, children, text

_TAGS = frozenset({"gift", "is-gift", "gift-order", "gift-wrap", "gift order", "gift wrap"})
_NAMES = re.compile(r"_*(?:is_|this_is_a_|as_a_|for_)?(?:a_)?gift(?:_(?!card).*)?")
_NO = frozenset({"", "0", "no", "false", "none", "off"})


def is_gift(order: Body, lines: Iterable[Body]) -> bool:
    """By tag, by an attribute of the cart (`gift_note`) or of a line (`Gift message`). A gift card
    as a product, or paying with one, does not make a gift."""
    tags = {tag.strip().lower() for tag in text(order, "tags").split(",")}
    attributes = children(order, "note_attributes")
    properties = (part for line in lines for part in children(line, "properties"))
    return bool(tags & _TAGS) or any(_says_gift(part) for part in (*attributes, *properties))


def _says_gift(attribute: Body) -> bool:
    name = re.sub(r"[^a-z]+", "_", text(attribute, "name").lower()).rstrip("_")
    value = attribute.data.get("value")
    said = value is not None and str(value).strip().lower() not in _NO
    return said and _NAMES.fullmatch(name) is not None
