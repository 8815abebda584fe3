"""Every flow that we ship has its words, and they fit the definition."""

from __future__ import annotations

from app.words.flows import CLASS_MEANING, CLASS_WORDS, EVENT_WORDS, FLOW_WORDS
from app.words.of_flows.base import STAGES
from flows.events import EventKind
from flows.facts import MailClass
from flows.presets import PRESETS


def test_every_preset_has_words_and_a_stage() -> None:
    assert set(FLOW_WORDS) == {flow.key for flow in PRESETS}
    assert {words.stage for words in FLOW_WORDS.values()} <= {stage.key for stage in STAGES}
    assert all(key == words.key for key, words in FLOW_WORDS.items())


def test_every_event_and_class_has_words() -> None:
    assert set(EVENT_WORDS) == set(EventKind)
    assert set(CLASS_WORDS) == set(CLASS_MEANING) == set(MailClass)
