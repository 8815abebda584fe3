"""Every mail that we ship, from every kind of order that the gate is asked about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from emails.message import MailContext
from flows.commerce import OrderLine
from flows.facts import MailClass
from flows.presets import PRESETS
from flows.steps import Send, steps_within
from tests.emails import cases

Made = Callable[[], MailContext]

CLASS_OF: Mapping[str, MailClass] = {
    template: flow.mail_class
    for flow in PRESETS
    for step in steps_within(flow.steps)
    if isinstance(step, Send)
    for template in (step.template, *(variant.template for variant in step.variants))
}


def twelve_lines() -> MailContext:
    context = cases.plain()
    picture = context.lines[0].image_url
    lines = tuple(
        OrderLine(f"l{n}", f"Alder Creek no. {n}", n, 1650 * n, f"p{n}", variant="250 g", image_url=picture)
        for n in range(1, 13)
    )
    total = sum(line.total for line in lines)
    order = replace(context.picture.order, lines=lines, subtotal=total, total=total, discount=0, tax=0)
    return replace(context, lines=lines, picture=replace(context.picture, order=order))


def with_a_home(made: Made) -> Made:
    """Whatever a shop is called, it is somewhere."""

    def placed() -> MailContext:
        context = made()
        return replace(context, brand=replace(context.brand, url=cases.plain().brand.url))

    return placed


# In dollars, in euros and in yen.
ORDERS: Mapping[str, Made] = {
    "plain": cases.plain,
    "euros": cases.german,
    "yen": cases.yen,
    "long names": with_a_home(cases.long_names),
    "no pictures": cases.no_pictures,
    "twelve lines": twelve_lines,
    "right to left": with_a_home(cases.right_to_left),
}


def to_whoever_may_leave(context: MailContext, mail_class: MailClass) -> MailContext:
    """What sending adds to the links of all mails that are not about an order alone; it is always ours."""
    if mail_class is MailClass.TRANSACTIONAL:
        return context
    url = "https://doorstep.example/u/9d2f61c0"
    links = replace(context.links, unsubscribe=url, one_click=f"{url}/one-click")
    return replace(context, links=links)
