"""In the sandbox a browser reaches a store at its loopback origin, not at its https name."""

from __future__ import annotations

from collections.abc import Mapping


def for_browser(target: str, origins: Mapping[str, str]) -> str:
    """`target` itself, unless its exact origin stands in the sandbox's table. One loopback store plays
    several shops, so the address keeps the shop's name."""
    for name, origin in origins.items():
        if target.startswith(f"{name}/"):
            shop = name.removeprefix("https://")
            joint = "&" if "?" in target else "?"
            return f"{origin}{target.removeprefix(name)}{joint}shop={shop}"
    return target
