"""Looking at what is there before or after a write, and knowing one's own words again."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Malformed, NotThere, Store, StoreUnreachable
from connectors.fields import Body, body
from connectors.woocommerce.rest_api import read, read_list

PER_PAGE = 100
_MOST_PAGES = 20
_TAG = re.compile(r"<[^>]*>")


def anew() -> dict[str, str]:
    """What makes an answer one of this moment: newer shops keep theirs for an hour unless they are told not
    to, and caches in front of a shop know an address by every letter of it."""
    return {"_skip_cache": "1", "_": secrets.token_hex(6)}


def look(store: Store, endpoint: str, asked: Mapping[str, str] | None = None) -> Body:
    """One thing as it is by now. Raises StoreError, Malformed."""
    return body(read(store, endpoint, {**(asked or {}), **anew()}), endpoint)


def look_through(store: Store, endpoint: str, asked: Mapping[str, str]) -> Iterator[Body]:
    """A list, page by page; what is no object in it is passed over. A shop ignores filters that it does not
    know, so whoever asks compares for himself. Raises StoreError."""
    for page in range(1, _MOST_PAGES + 1):
        given = {**asked, **anew(), "per_page": str(PER_PAGE), "page": str(page)}
        items, pages = read_list(store, endpoint, given)
        yield from (Body(item, endpoint) for item in items if isinstance(item, Mapping))
        if page >= pages if pages is not None else len(items) < PER_PAGE:
            return
    raise StoreUnreachable(f"the list of {endpoint} does not end")


def number(id: str, of: str) -> str:
    """An id as this platform writes it. Raises NotThere for anything else."""
    if not (id.isascii() and id.isdecimal() and len(id) <= 20):
        raise NotThere(f"there is no such {of}")
    return id


def reference(item: Body) -> str:
    """The id of what came of a write. Raises Malformed."""
    id = item.data.get("id")
    if isinstance(id, bool) or not isinstance(id, int) or id <= 0:
        raise Malformed(f"{item.where('id')}: missing")
    return str(id)


def as_markup(words: str) -> str:
    """Plain words for a field that holds markup. Quotes and backslashes too: the shop takes some away and
    doubles others on their way in."""
    return html.escape(words, quote=True).replace("\\", "&#92;")


def plain(told: Any) -> str:
    """What a reader sees of such a field, however the shop has set it: one line, single blanks."""
    words = html.unescape(_TAG.sub(" ", told)) if isinstance(told, str) else ""
    return " ".join(words.split())
