"""Flows for the next purchase."""

from app.words.of_flows.base import FlowWords

WORDS: tuple[FlowWords, ...] = ()
