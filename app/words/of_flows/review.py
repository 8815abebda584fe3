"""Flows that ask for reviews and answer them."""

from app.words.of_flows.base import FlowWords

WORDS: tuple[FlowWords, ...] = (
    FlowWords(
        key="review_request",
        title="Review request",
        stage="review",
        purpose="Asks for a review once the product has been tried, up to three times.",
        effect="up to 3 mails, the first when the product has been tried",
    ),
)
