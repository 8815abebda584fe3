"""What merchants read about a flow that we ship: title, place in the journey, purpose, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of a customer's journey. `meaning` stands beneath its title."""

    key: str
    title: str
    meaning: str


@dataclass(frozen=True, slots=True)
class FlowWords:
    """`stage` is a key of STAGES. `purpose`: what the flow does, one line. `effect` completes the
    sentence at its switch: "From now on, ...". What starts it is in EVENT_WORDS by its trigger."""

    key: str
    title: str
    stage: str
    purpose: str
    effect: str


STAGES = (
    Stage("order", "Order", "From the purchase to the parcel leaving"),
    Stage("way", "Way", "While the parcel travels"),
    Stage("arrival", "Arrival", "Whether it has come"),
    Stage("use", "Use", "Getting it right at home"),
    Stage("review", "Review", "Asking everyone, the same way"),
    Stage("again", "Again", "The next purchase"),
    Stage("win_back", "Win back", "After a long silence"),
)
