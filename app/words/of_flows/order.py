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
    FlowWords(
        key="digital_access",
        title="Access at once",
        stage="order",
        purpose="How to get at what is not sent: a download, a course, a booking.",
        effect="1 mail as soon as it is paid, for each order with something like that",
    ),
    FlowWords(
        key="order_progress",
        title="Still being prepared",
        stage="order",
        purpose="Says before anybody asks that an order takes longer, or that its day has moved.",
        effect="1 mail when an order waits too long, 1 for each later day",
    ),
    FlowWords(
        key="cancel_refund_exchange",
        title="Cancelled and refunded",
        stage="order",
        purpose="What was called off, what was given back and when it is there.",
        effect="1 mail for a cancellation, 1 for each refund",
    ),
)
