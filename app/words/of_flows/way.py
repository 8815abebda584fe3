"""Flows while the parcel travels."""

from app.words.of_flows.base import FlowWords

WORDS: tuple[FlowWords, ...] = (
    FlowWords(
        key="shipped",
        title="On its way",
        stage="way",
        purpose="What is inside the parcel and where it can be followed.",
        effect="1 mail for each parcel that leaves",
    ),
    FlowWords(
        key="prepare_for_arrival",
        title="Before it arrives",
        stage="way",
        purpose="What to charge, install or clear before the parcel comes.",
        effect="1 mail two days before the parcel is expected, where you wrote a checklist",
    ),
)
