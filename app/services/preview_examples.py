"""What a preview shows where an order has nothing to show yet, and links that lead nowhere in particular."""

from __future__ import annotations

from dataclasses import replace

from app.words.slots import SLOTS
from emails.message import Links, MailContext
from flows.commerce import LineQuantity, Refund
from flows.content import Content
from flows.facts import Facts, MailClass
from flows.flow import Flow

EXAMPLE = "(An example. Your own words will stand here.)"


def with_examples(context: MailContext, flow: Flow) -> MailContext:
    """What is not written yet is shown by an example, so that the mail looks as it would. It never leaves."""
    missing = [slot for slot in SLOTS.get(flow.key, ()) if slot.needed and slot.key not in context.content]
    examples = {slot.key: Content(f"{slot.example}\n{EXAMPLE}", title=slot.title) for slot in missing}
    content, refund = {**examples, **context.content}, _a_refund(context, flow)
    if refund is None or context.picture.refunds:
        return replace(context, content=content, refund=refund)
    return replace(
        context, content=content, refund=refund, picture=replace(context.picture, refunds=(refund,))
    )


def _a_refund(context: MailContext, flow: Flow) -> Refund | None:
    """The order's own; where nothing was given back, as if its first line were."""
    picture, lines = context.picture, context.picture.order.lines
    if not flow.of_loss or not lines:
        return None
    line = lines[0]
    given = Refund("sample", picture.order.id, picture.order.version, line.total)
    example = replace(given, lines=(LineQuantity(line.id, line.quantity, line.total),))
    return max(picture.refunds, key=lambda one: one.created_at, default=example)


def dead_links(domain: str, flow: Flow, facts: Facts) -> Links:
    """Addresses of the shop that look as links do and lead to its front page."""
    home = f"https://{domain.partition('/')[0]}/"
    asked = [line.product_id for line in facts.picture.reviewable_lines() if line.product_id]
    return Links(
        tracking=home,
        shop=home,
        reviews=dict.fromkeys(asked, home),
        stars=dict.fromkeys(asked, (home,) * 5),
        products=dict.fromkeys(facts.products, home),
        content={slot: home for slot, one in facts.content.items() if one.url},
        again=home,
        arrived=home,
        missed=home,
        unsubscribe=None if flow.mail_class is MailClass.TRANSACTIONAL else home,
    )
