"""The `hmac` that Shopify puts on the addresses by which a merchant comes to us."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import quote_plus

from connectors.shopify import official

Pairs = Sequence[tuple[str, str]]


def is_signed(query: Pairs, secrets: Sequence[str]) -> bool:
    """Whether any of `secrets` signed the query, given as decoded pairs in their order.

    Shopify's libraries disagree on the text that is signed: some sign the form-encoded pairs, some
    the decoded ones. They agree for plain values and differ for `=`, `/`, blanks and non-ASCII
    letters, so both are computed and either is accepted.
    """
    given = [value for key, value in query if key == "hmac"]
    if len(given) != 1 or repeated(query):
        return False
    claimed = given[0].encode("utf-8", "surrogateescape")
    signed = [(key, value) for key, value in query if key != "hmac"]
    fits = [
        hmac.compare_digest(own.encode(), claimed)
        for secret in secrets
        if secret
        for own in (form_hmac(signed, secret), decoded_hmac(signed, secret))
    ]
    return any(fits)


def repeated(query: Pairs) -> tuple[str, ...]:
    """Keys that came more than once without being a list (`ids[]`): which value counts is a guess."""
    counts = Counter(key for key, _ in query)
    return tuple(key for key, count in counts.items() if count > 1 and not key.endswith("[]"))


def form_hmac(pairs: Pairs, secret: str) -> str:
    """Hex HMAC-SHA256 over the pairs sorted by key and encoded like an HTML form."""
    text = "&".join(f"{_form(key)}={_form(value)}" for key, value in sorted(pairs, key=lambda pair: pair[0]))
    return hmac.new(secret.encode(), text.encode(), sha256).hexdigest()


def decoded_hmac(pairs: Pairs, secret: str) -> str:
    """Hex HMAC-SHA256 over the decoded pairs, lists as one value."""
    params: dict[str, str | list[str]] = {}
    for key, value in pairs:
        if key.endswith("[]"):
            held = params.setdefault(key, [])
            if isinstance(held, list):
                held.append(value)
        else:
            params[key] = value
    try:
        return official.query_hmac(params, secret)
    except UnicodeEncodeError:  # a lone surrogate: nobody can have signed it
        return ""


def _form(text: str) -> str:
    # The form encoding of the web platform keeps `*` and escapes `~`; Python's does the opposite.
    return quote_plus(text, safe="*", errors="replace").replace("~", "%7E")
