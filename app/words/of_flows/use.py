"""Flows that help to use what came."""

from app.words.of_flows.base import FlowWords

WORDS: tuple[FlowWords, ...] = ()
