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
    FlowWords(
        key="review_reply",
        title="Answer to a review",
        stage="review",
        purpose="Thanks everybody who writes a review, and helps who was let down.",
        effect="1 mail at once, to everybody who writes a review",
    ),
)
