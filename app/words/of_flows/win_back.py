"""Flows after a long silence."""

from app.words.of_flows.base import FlowWords

WORDS: tuple[FlowWords, ...] = (
    FlowWords(
        key="win_back",
        title="Win back",
        stage="win_back",
        purpose="Writes after two, three and four months without an order, and then leaves them in peace.",
        effect="up to 3 mails, the first after 60 days without an order",
    ),
)
