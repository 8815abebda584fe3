"""What a shop may ask of mails after the order, and which flow, mail, question or number answers it.

One row for each demand, by its number. `by` names what answers: a flow ("review_request"), one of its mails
or waits ("review_request/ask"), one of its knobs ("review_request:ask_hour"), a question that flows ask
("?is_gift"), a limit over all flows ("#gap_hours"). `comes`: what is still to come, and with what.
"""

from __future__ import annotations

from dataclasses import fields

from app.words.flows import FLOW_WORDS
from app.words.rules import RULE_WORDS, lowered
from flows.limits import Limits
from flows.presets import BY_KEY
from flows.rules import RULES

LIMIT_WORDS = {
    "gap_hours": "Hours between two marketing mails",
    "month": "Marketing mails in 30 days",
    "week": "Mails in 7 days",
}


class Demand:
    """`said`: what is asked for, in a few words."""

    __slots__ = ("by", "comes", "number", "said")

    def __init__(self, number: int, said: str, *by: str, comes: str = "") -> None:
        self.number, self.said, self.by, self.comes = number, said, by, comes


_CONFIRMATION = "order_confirmation/confirmation"

DEMANDS: tuple[Demand, ...] = (
    Demand(
        1,
        "Stages from the first day to the win-back",
        "order_confirmation",
        "first_use_guide",
        "review_request",
        "replenishment",
        "win_back",
    ),
    Demand(
        2,
        "A second way to cut the time: prepare, use, buy again, season",
        "prepare_for_arrival",
        "first_use_guide",
        "second_order_offer",
        "milestone_seasonal",
    ),
    Demand(
        3,
        "A series for first buyers",
        "order_confirmation",
        "first_buyer_welcome/welcome",
        "prepare_for_arrival",
        "first_use_guide",
        "review_request",
        "second_order_offer:offer_days",
    ),
    Demand(
        4,
        "As long as the product takes",
        "review_request/try_it",
        "replenishment/use_it",
        "care_warranty/live_with_it",
    ),
    Demand(5, "Some four days between mails", "#gap_hours", "cross_sell_series:gap_days"),
    Demand(6, "Not silent before the parcel comes", "prepare_for_arrival:before_days", "order_progress:days"),
    Demand(
        7, "Each flow with a goal of its own", "review_request", "second_order_offer", "cross_sell_series"
    ),
    Demand(8, "A last mail that closes the series", "second_order_offer/thanks", "win_back/why"),
    Demand(9, "Few flows to begin with", "review_request", "replenishment", "delivered"),
    Demand(10, "Confirmed at once", _CONFIRMATION),
    Demand(
        11,
        "Number in the subject, and the day where it is known",
        _CONFIRMATION,
        comes="the day before a parcel has left comes with learnt delivery times",
    ),
    Demand(12, "Every item with picture, size and price", _CONFIRMATION),
    Demand(13, "Subtotal, shipping, tax, discount, total", _CONFIRMATION),
    Demand(14, "Paid, and by what", _CONFIRMATION),
    Demand(15, "Where it goes and how", _CONFIRMATION, "shipped/parcel"),
    Demand(16, "A strip of stages", _CONFIRMATION),
    Demand(17, "Which mails follow", _CONFIRMATION),
    Demand(18, "Whom to ask, by name", _CONFIRMATION, "vip_thank_you/note"),
    Demand(
        19,
        "How to return something",
        "gift_guide/tips",
        comes="the policy in each confirmation comes with returns",
    ),
    Demand(20, "A page on which the order is followed", _CONFIRMATION, "shipped/parcel"),
    Demand(
        21,
        "Something that goes with it, quietly",
        "cross_sell_series/accessories",
        comes="a row of products in the confirmation comes with measured order mails",
    ),
    Demand(22, "A friend instead of a discount", comes="comes with referral"),
    Demand(
        23,
        "Something more for first buyers",
        "first_buyer_welcome/welcome",
        "?is_first_order",
        comes="a community comes with sharing",
    ),
    Demand(24, "Your brand, and the facts first", _CONFIRMATION),
    Demand(25, "Access with the thanks for what is digital", "digital_access/access", "?has_digital_line"),
    Demand(26, "A welcome to subscribers", comes="comes with subscriptions"),
    Demand(27, "Link, contents and number when it leaves", "shipped/parcel"),
    Demand(28, "Friends and pictures in that mail", comes="comes with referral"),
    Demand(
        29,
        "Delays told first",
        "order_progress/later",
        "delivery_updates/delayed",
        "delivery_updates/stalled",
    ),
    Demand(30, "That it is there", "delivered/arrived", "delivered:wait_hours"),
    Demand(31, "Did it arrive, on its day", "arrival_check/asked", "arrival_check:next_morning"),
    Demand(32, "Links to your own page, not the carrier's", "shipped/parcel", "delivery_updates"),
    Demand(33, "Thanks and who you are", "first_buyer_welcome/welcome", "first_buyer_welcome/thanks"),
    Demand(34, "Your story", "first_buyer_welcome/welcome", "?has_words"),
    Demand(35, "What to do before it comes", "prepare_for_arrival/checklist"),
    Demand(36, "How to use it", "first_use_guide/guide"),
    Demand(37, "How to build it up, when it is there", "first_use_guide/guide", "first_use_guide:wait_days"),
    Demand(38, "Warranty and care", "care_warranty/care", "care_warranty:again_days"),
    Demand(
        39,
        "Three weeks for what takes learning",
        "first_use_guide/course_1",
        "first_use_guide/course_2",
        "first_use_guide/course_3",
        "?kind_is",
    ),
    Demand(
        40,
        "Pictures, a video, somebody to ask",
        "first_use_guide/guide",
        comes="codes to scan come with inserts, a chat with help desks",
    ),
    Demand(41, "A review after use, not after dispatch", "review_request", "review_request:standard_days"),
    Demand(42, "Stars in the mail, a short way and a long one", "review_request/ask", "review_request/nudge"),
    Demand(43, "The subject says what is asked", "review_request/ask", comes="rewards come with loyalty"),
    Demand(44, "A question how it went", comes="comes with surveys"),
    Demand(45, "What goes with it", "cross_sell_series", "?has_picks"),
    Demand(
        46,
        "Something off the second order",
        "second_order_offer/offer",
        "second_order_offer:amount",
        "second_order_offer:minimum",
    ),
    Demand(47, "For a limited time", "second_order_offer:good_days", "?has_picks"),
    Demand(48, "An invitation to the programme", comes="comes with loyalty"),
    Demand(49, "Bring a friend", comes="comes with referral"),
    Demand(50, "Before it runs out", "replenishment/running_low", "replenishment:days_before"),
    Demand(51, "Thanks for a large order", "vip_thank_you/note", "vip_thank_you:least_total"),
    Demand(52, "Help with gifts, and no review", "gift_guide/tips", "?is_gift"),
    Demand(53, "After a month", "care_warranty:care_days", comes="its score and sharing come with surveys"),
    Demand(
        54,
        "How the series ends, for who came back and who did not",
        "second_order_offer/once_more",
        "second_order_offer/thanks",
        "milestone_seasonal/season",
    ),
    Demand(55, "Ordering again", "replenishment/same_again", "replenishment:percent", "replenishment/plan"),
    Demand(56, "A community", comes="comes with sharing"),
    Demand(57, "Long away, anniversaries, surprises", "win_back", "anniversary_birthday", "surprise_delight"),
    Demand(68, "First order: a welcome", "first_buyer_welcome/welcome", "?is_first_order"),
    Demand(
        69,
        "Who comes back: no welcome",
        "first_buyer_welcome/thanks",
        comes="the next step up comes with loyalty",
    ),
    Demand(70, "Large order: personal thanks", "vip_thank_you", "?total_at_least"),
    Demand(71, "What gets used up: a reminder", "replenishment", "?is_consumable"),
    Demand(72, "Gift: no review, a guide", "gift_guide", "review_request", "?is_gift"),
    Demand(73, "Looked and did not order: an offer", "replenishment/same_again", "?has_happened"),
    Demand(74, "Looked at what was shown: once more", "cross_sell_series/upgrade", "?has_happened"),
    Demand(
        75,
        "Started by the order, the parcel, the expected day, days later",
        "order_confirmation",
        "shipped",
        "arrival_check",
        "review_request/try_it",
        "second_order_offer/get_to_know",
    ),
)


def resolved(name: str) -> str:
    """What `by` names, as a merchant reads it. Raises KeyError for what does not exist."""
    if name.startswith("?"):
        return f"only if: {lowered(RULE_WORDS[RULES[name[1:]].name])}"
    if name.startswith("#"):
        return f"limit: {lowered(LIMIT_WORDS[_limit(name[1:])])}"
    if "/" in name:
        key, _, step = name.partition("/")
        return f"{FLOW_WORDS[key].title}, step `{BY_KEY[key].nodes[step].step.key}`"
    if ":" in name:
        key, _, knob = name.partition(":")
        return f"{FLOW_WORDS[key].title}, number `{_knob(key, knob)}`"
    return FLOW_WORDS[BY_KEY[name].key].title


def _limit(name: str) -> str:
    if name not in {field.name for field in fields(Limits)}:
        raise KeyError(name)
    return name


def _knob(key: str, name: str) -> str:
    if name not in {knob.key for knob in BY_KEY[key].knobs}:
        raise KeyError(f"{key}:{name}")
    return name
