"""All rules, and what they have against a set of files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.plugin.rules import doors, incoming, names, outgoing, stored, ways_out, words
from tests.plugin.rules.sources import Sources
from tests.plugin.rules.tree import Node, trees

RULES: dict[str, Callable[[Sources], Iterator[tuple[Node, str]]]] = {
    "assets": ways_out.assets,
    "capability": doors.capability,
    "forbidden": ways_out.forbidden,
    "guard": doors.guard,
    "includes": ways_out.includes,
    "incoming": incoming.incoming,
    "markup": outgoing.markup,
    "nonce": doors.nonce,
    "output": outgoing.output,
    "prefixes": names.prefixes,
    "queries": stored.queries,
    "redirects": ways_out.redirects,
    "remote": ways_out.remote,
    "rest": doors.rest,
    "secrets": names.secrets,
    "text_domain": words.text_domain,
    "translatable": words.translatable,
}


@dataclass(frozen=True, order=True)
class Finding:
    """`where`: the function around it, or nothing."""

    rule: str
    file: str
    where: str
    line: int
    what: str


def findings(files: Sequence[Path]) -> list[Finding]:
    return against(Sources(trees(files)))


def against(sources: Sources) -> list[Finding]:
    return sorted(
        {
            Finding(rule, node.file.name, _where(node), node.line, what)
            for rule, look in RULES.items()
            for node, what in look(sources)
        }
    )


def _where(node: Node) -> str:
    """The name of the function that it stands in, or that it is."""
    for one in (node, *node.ways_up()):
        if one.kind in ("function", "method"):
            return str(one["name"]["name"])
    return ""
