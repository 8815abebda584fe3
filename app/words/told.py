"""A few words to a merchant about their shop's connection, and how facts get into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.woocommerce import findings as found
from connectors.woocommerce.findings import Finding

HOST = "Your hosting company can do this; it takes them minutes."
SECURITY = "Whoever set up your security plugin or firewall can do this."
YOURSELF = "You can do this yourself in WordPress, as an administrator."
BUILDER = "Whoever built your site, or your hosting company, can do this."

# Facts that change the words.
_TELLING = ("wordpress", "name", "writing", "named")


@dataclass(frozen=True, slots=True)
class Told:
    """`do`: steps, one sentence or two each. What is to be typed exactly stands between backticks."""

    title: str
    why: str
    do: tuple[str, ...]
    helps: str


class Facts(dict[str, str]):
    """A fact that is missing leaves a plain word in its gap."""

    def __init__(self, facts: Mapping[str, str]) -> None:
        super().__init__(facts)

    def __missing__(self, name: str) -> str:
        return "unknown"


def variant(finding: Finding) -> tuple[str, str]:
    """Some facts change what is to be said."""
    if finding.key == found.MOVED and "to" not in finding.facts:
        return finding.key, "nowhere"
    return finding.key, next((fact for fact in _TELLING if fact in finding.facts), "")
