"""A flow's mail, and what it looks like in a frame of the admin page."""

from __future__ import annotations

from flask import abort

from flows.flow import Flow
from flows.steps import Send


def send_named(flow: Flow, step: str) -> Send:
    """404 for a step that is no mail of the flow."""
    node = flow.nodes.get(step)
    if node is None or not isinstance(node.step, Send):
        abort(404)
    return node.step


def in_light(html: str, *, dark: bool) -> str:
    """The mail as it looks in the light or the dark, whatever the merchant's own screen is set to."""
    wanted = "@media all" if dark else "@media not all"
    return html.replace("@media (prefers-color-scheme: dark)", wanted).replace(
        "color-scheme: light dark", f"color-scheme: {'dark' if dark else 'light'}"
    )


def still(html: str) -> str:
    """A small picture of the mail: in the light, and nothing in it can be reached with the keyboard."""
    return in_light(html, dark=False).replace("<body ", "<body inert ", 1)
