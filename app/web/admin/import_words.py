"""What the first page says of a shop's past while it is read, and when it is."""

from __future__ import annotations

from collections.abc import Mapping

from app.queries.imports import Import

# Noun of a poll -> what is read, one and many.
_THINGS = {
    "history": ("order", "orders"),
    "catalogue": ("product", "products"),
    "customers": ("customer", "customers"),
}


def reading_lines(imports: Mapping[str, Import]) -> list[str]:
    """One sentence for each thing that is still being read."""
    return [
        _line(imports[noun], *words)
        for noun, words in _THINGS.items()
        if noun in imports and not imports[noun].over
    ]


def read_line(imports: Mapping[str, Import]) -> str:
    """What has been read, once everything has; nothing before."""
    if not imports or not all(one.over for one in imports.values()):
        return ""
    counts = [
        _counted(done, *words)
        for noun, words in _THINGS.items()
        if noun in imports and (done := imports[noun].done) is not None
    ]
    return f"Your past is read: {', '.join(counts)}." if counts else ""


def _line(one: Import, thing: str, things: str) -> str:
    if one.error:
        return f"Reading {things} has stopped: {_plain(one.error)}. It goes on by itself at the next try."
    if one.done and one.total:
        whole = "history" if thing == "order" else things
        return f"Reading your {whole}: {one.done:,} of {one.total:,} {things}"
    if one.done:
        return f"{_counted(one.done, thing, things)} read so far"
    if one.total:
        return f"Your shop puts its {things} together for us: {one.total:,} so far"
    return f"Asking your shop for its {things}"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _plain(error: str) -> str:
    """Without the name that programs give it."""
    name, _, told = error.partition(": ")
    return (told if told and " " not in name else error).rstrip(".")
