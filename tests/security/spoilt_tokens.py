"""Tokens that are none any more, and heads that no token of Shopify's has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

SPOILT: Mapping[str, Callable[[str], str]] = {
    "short": lambda token: token[:-7],
    "no signature": lambda token: token.rpartition(".")[0],
    "empty signature": lambda token: f"{token.rpartition('.')[0]}.",
    "four parts": lambda token: f"{token}.x",
    "doubled": lambda token: f"{token}.{token}",
    "a letter of the claims": lambda token: token.replace(".e", ".f", 1),
    "not a token": lambda token: "words",
}


HEADS: Mapping[str, Any] = {
    "alg none": {"alg": "none", "typ": "JWT"},
    "alg None": {"alg": "None"},
    "alg RS256": {"alg": "RS256", "typ": "JWT"},
    "alg HS512": {"alg": "HS512", "typ": "JWT"},
    "no alg": {"typ": "JWT"},
    "alg a list": {"alg": ["HS256"]},
    "critical": {"alg": "HS256", "crit": ["exp"], "exp": 1},
}
