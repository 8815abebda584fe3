"""Which flow sends a mail, and by which of its steps."""

from __future__ import annotations

from flows.flow import Flow
from flows.presets import PRESETS
from flows.steps import Send, steps_within


def flow_of(template: str) -> Flow:
    """The flow that sends it. Raises LookupError."""
    return _sent_by(template)[0]


def step_of(template: str) -> str:
    """The step that sends it. Raises LookupError."""
    return _sent_by(template)[1]


def _sent_by(template: str) -> tuple[Flow, str]:
    for flow in PRESETS:
        for step in steps_within(flow.steps):
            if isinstance(step, Send) and step.template == template:
                return flow, step.key
    raise LookupError(template)
