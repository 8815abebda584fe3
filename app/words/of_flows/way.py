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
    FlowWords(
        key="delivery_updates",
        title="News from the way",
        stage="way",
        purpose="Waits to be picked up, could not be handed over, stands still: what to do about it.",
        effect="1 mail when something happens to a parcel that its reader should know",
    ),
)
