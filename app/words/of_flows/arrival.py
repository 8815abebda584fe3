"""Flows around the arrival."""

from app.words.of_flows.base import FlowWords

WORDS: tuple[FlowWords, ...] = (
    FlowWords(
        key="delivered",
        title="Parcel arrived",
        stage="arrival",
        purpose="Says that everything is there and what to do if it is not.",
        effect="1 mail a few hours after the last parcel arrives",
    ),
)
