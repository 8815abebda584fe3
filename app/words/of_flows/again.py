"""Flows for the next purchase."""

from app.words.of_flows.base import FlowWords

WORDS: tuple[FlowWords, ...] = (
    FlowWords(
        key="cross_sell_series",
        title="Goes well with it",
        stage="again",
        purpose="Shows what goes with the order, up to three times, until they order again.",
        effect="up to 3 mails, the first a week after the last parcel arrives",
    ),
    FlowWords(
        key="second_order_offer",
        title="Second order",
        stage="again",
        purpose="Gives first buyers an amount off their second order. Set the amount first.",
        effect="2 mails in the weeks after a first order, with a code where you set an amount",
    ),
    FlowWords(
        key="replenishment",
        title="Running low",
        stage="again",
        purpose="Reminds them before something runs out, until they buy it again.",
        effect="1 to 3 mails around the day on which it runs out",
    ),
    FlowWords(
        key="milestone_seasonal",
        title="Age and season",
        stage="again",
        purpose='When something has grown old; before your season, to buyers of what is tagged "seasonal".',
        effect="1 mail when something has grown old, and 1 before each season",
    ),
    FlowWords(
        key="anniversary_birthday",
        title="Anniversary and birthday",
        stage="again",
        purpose="Thanks them on the day of their first order, every year, and on a birthday that is known.",
        effect="1 mail on the morning of the day",
    ),
    FlowWords(
        key="surprise_delight",
        title="Surprise",
        stage="again",
        purpose="Draws a few regular customers a month and gives them something for no reason.",
        effect="1 mail to whoever is drawn, within your budget",
    ),
)
