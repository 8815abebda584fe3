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
    FlowWords(
        key="arrival_check",
        title="Did it arrive?",
        stage="arrival",
        purpose="Asks when a parcel should be there and nobody has said so. A no opens a case for you.",
        effect="1 mail on the day on which a parcel should have come, where no scan says that it did",
    ),
)
