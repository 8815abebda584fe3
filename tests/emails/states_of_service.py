"""The states of mails that help and thank: with the merchant's words, and with none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from emails.message import MailContext
from flows.content import Content
from tests.emails.samples import delivered, links_for, shipped

SLOTS = ("story", "prepare", "guide", "course_1", "course_2", "course_3", "care", "gift", "vip")
TEXT = "Charge it fully before the first use.\n\n- Fill in water\n- Press the left key\nThen wait a minute."

State = Callable[[MailContext], MailContext]


def leaving(context: MailContext) -> MailContext:
    """Nothing is written. Whoever gets it may leave."""
    return replace(context, links=links_for(context.brand, unsubscribe=True))


def written(context: MailContext) -> MailContext:
    """Something is written in every slot, for the last product of the order; hostile where the order is."""
    text = context.picture.order.note or TEXT
    product = context.lines[-1].product_id if context.lines else None
    content = Content(text, f"{context.brand.url}/guides/1", text if text != TEXT else "In short", product)
    plain = leaving(context)
    links = replace(plain.links, content={slot: f"{context.brand.url}/l/{slot}-4d1c" for slot in SLOTS})
    return replace(plain, links=links, content=dict.fromkeys(SLOTS, content))


def written_for_all(context: MailContext) -> MailContext:
    """For the whole shop, without heading or link."""
    return replace(
        written(context), content=dict.fromkeys(SLOTS, Content(TEXT)), links=leaving(context).links
    )


def on_its_way(context: MailContext) -> MailContext:
    return shipped(written(context))


def arrived(context: MailContext) -> MailContext:
    return delivered(written(context))


_WRITTEN = (leaving, written, written_for_all)
STATES: Mapping[str, tuple[State, ...]] = {
    "first_buyer_welcome/welcome": _WRITTEN,
    "first_buyer_welcome/thanks": (leaving,),
    "prepare_for_arrival/checklist": (*_WRITTEN, on_its_way),
    "first_use_guide/guide": (*_WRITTEN, arrived),
    "first_use_guide/course_1": _WRITTEN,
    "first_use_guide/course_2": _WRITTEN,
    "first_use_guide/course_3": _WRITTEN,
    "care_warranty/care": _WRITTEN,
    "care_warranty/again": _WRITTEN,
    "vip_thank_you/note": _WRITTEN,
    "gift_guide/tips": _WRITTEN,
    "review_reply/share": (leaving,),
    "review_reply/put_right": (leaving,),
}
