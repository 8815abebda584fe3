"""Flows after a long silence."""

from app.words.of_flows.base import FlowWords

WORDS: tuple[FlowWords, ...] = ()
