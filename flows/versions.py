"""How a journey that began under an older version of its flow goes on with the newest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flows.flow import Flow
from flows.steps import Node


def resumed(flow: Flow, step: str) -> tuple[bool, Node | None]:
    """Where a journey goes on whose wait in `step` is over: (is that known, the node or the end).

    A step that still exists is passed, whatever it is by now; for one that is gone the flow names
    the step to go on with.
    """
    node = flow.nodes.get(step)
    if node is not None:
        return True, node.then
    target = dict(flow.replaced).get(step)
    if target is None:
        return False, None
    return True, flow.nodes.get(target)


def succeeding(old: Flow, new: Flow) -> Flow:
    """`new` as the next version of `old`: for every step that is gone, the next one of the old order
    that is still there takes over. Nothing that was before it is ever reached again by that."""
    gone = {key: _next_kept(old.nodes[key], new.nodes) for key in old.nodes if key not in new.nodes}
    for key, target in old.replaced:
        if key not in new.nodes:
            gone[key] = target if target in new.nodes or not target else gone[target]
    return replace(new, version=old.version + 1, replaced=tuple(sorted(gone.items())))


def _next_kept(node: Node, kept: Mapping[str, Node]) -> str:
    behind = node.then
    while behind is not None and behind.step.key not in kept:
        behind = behind.then
    return "" if behind is None else behind.step.key
