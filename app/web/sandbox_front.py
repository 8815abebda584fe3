"""In the sandbox a browser reaches a store at its loopback origin, not at its https name."""

from __future__ import annotations

from collections.abc import Mapping


def for_browser(target: str, origins: Mapping[str, str]) -> str:
    """`target` itself, unless its exact origin stands in the sandbox's table."""
    for name, origin in origins.items():
        if target.startswith(f"{name}/"):
            return origin + target.removeprefix(name)
    return target
