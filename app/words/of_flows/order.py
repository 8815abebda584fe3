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
    FlowWords(
        key="first_buyer_welcome",
        title="Welcome",
        stage="order",
        purpose="Tells new buyers who you are, and thanks those who come back.",
        effect="1 mail the day after each order, about you or with thanks",
    ),
    FlowWords(
        key="vip_thank_you",
        title="Personal thank-you",
        stage="order",
        purpose="Thanks for a large order in a few personal lines, in place of the welcome.",
        effect="1 mail the day after each order that reaches your threshold",
    ),
)
