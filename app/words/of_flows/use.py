"""Flows that help to use what came."""

from app.words.of_flows.base import FlowWords

WORDS: tuple[FlowWords, ...] = (
    FlowWords(
        key="first_use_guide",
        title="First steps",
        stage="use",
        purpose="How to begin with it, and a weekly tip for what takes learning.",
        effect="1 mail the day after the arrival, up to 4 for what takes learning",
    ),
    FlowWords(
        key="care_warranty",
        title="Care and warranty",
        stage="use",
        purpose="How to keep it well and what the warranty covers, twice a year.",
        effect="1 mail a month after the arrival, then up to 4 reminders, for what is made to last",
    ),
    FlowWords(
        key="gift_guide",
        title="For gifts",
        stage="use",
        purpose="Helps whoever gave it, instead of asking them for a review.",
        effect="1 mail two days after a gift has arrived",
    ),
)
