"""Flows from the purchase to the parcel leaving."""

from app.words.of_flows.base import FlowWords

WORDS: tuple[FlowWords, ...] = (
    FlowWords(
        key="order_confirmation",
        title="Order confirmation",
        stage="order",
        purpose="What was ordered, what it cost and where it goes.",
        effect="1 mail at once, for each order",
    ),
)
