"""Where a shop is: the address that it was connected by, and whether what a call says of itself is that very
place. A copy of a shop, for trying things out, says everything as the shop does but for its address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import idna

# A home address without its scheme, in a folder or not. The plugin has the same text.
FOLDERS = r"(?:/[A-Za-z0-9_~][A-Za-z0-9._~-]{0,99}){0,8}"
SHOP_NAME = rf"[a-z0-9][a-z0-9.-]{{0,252}}{FOLDERS}"
# What a plugin for languages may put behind the home address: /de, /pt-br.
LANGUAGE_FOLDER = r"/[a-z]{2}(?:-[a-z]{2,4})?$"


def place(address: str) -> str:
    """`https://www.Shop.example/Store/` and `shop.example/store` are one place; "" for what is none."""
    try:
        parts = urlsplit("https://" + re.sub(r"\Ahttps?://", "", address.strip(), flags=re.I))
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    host = in_ascii(name).removeprefix("www.")
    beside = "" if port in (None, 80, 443) else f":{port}"
    return f"{host}{beside}{parts.path.rstrip('/').lower()}" if host else ""


def without_language(spot: str) -> str:
    return re.sub(LANGUAGE_FOLDER, "", spot)


def is_same_place(one: str, other: str) -> bool:
    """A folder that may be a language counts for neither."""
    here, there = place(one), place(other)
    alike = here == there or without_language(here) == there or here == without_language(there)
    return bool(here) and alike


def in_ascii(name: str) -> str:
    """A name with letters of any script, in the form that names travel in; "" where there is none."""
    try:
        return name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""
