"""How an account at a vendor is named in the settings: `resend://KEY`, `ses://KEY:SECRET@region`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def parts_of(
    url: str, scheme: str, form: str, options: Collection[str]
) -> tuple[SplitResult, dict[str, str]]:
    """The address and its options. Raises ValueError that says what is wrong and repeats no secret."""
    try:
        parts = urlsplit(url)
        given = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError as error:
        raise ValueError(f"an account is named like {form}") from error
    if parts.scheme != scheme or parts.path not in ("", "/"):
        raise ValueError(f"an account is named like {form}")
    unknown = sorted(given.keys() - set(options))
    if unknown:
        raise ValueError(f"unknown option in the account's address: {', '.join(unknown)}")
    return parts, {name: values[-1] for name, values in given.items()}


def token_of(parts: SplitResult, form: str) -> str:
    """What stands alone behind the scheme, in the case in which it is written. Raises ValueError."""
    token = unquote(parts.netloc)
    if not is_token(token):
        raise ValueError(f"an account is named like {form}")
    return token


def is_token(text: str) -> bool:
    """Printable ASCII without blanks: it travels in a header."""
    return 0 < len(text) <= 512 and text.isascii() and all("!" <= letter <= "~" for letter in text)


def is_name(text: str) -> bool:
    return (
        0 < len(text) <= 64 and text.isascii() and all(letter.isalnum() or letter in "-_" for letter in text)
    )


def named_option(given: Mapping[str, str], name: str) -> str:
    """An option that is a name at the vendor. Raises ValueError."""
    value = given.get(name, "")
    if value and not is_name(value):
        raise ValueError(f"{name} is a name of letters, digits, hyphens and underscores")
    return value
