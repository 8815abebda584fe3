"""Everybody is asked for a review in the same way, at the same time, as often, whatever they think.

16 CFR 465 (United States), UCPD annex I 23b and 23c (European Union) and the rules of the search engines
agree: to ask those alone who will say something kind is to deceive whoever reads it. So a flow that asks
knows nothing of contentment anywhere: not at its door, not before a wait, not on a way that a split takes
long before the question. And what somebody gets for a review is the same for one star and for five.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flows.conditions import Condition
from flows.events import EventKind
from flows.questions.rule import Rule
from flows.steps import Send, Split, Step, WaitFor

REVIEW_MAILS = "review_request/"
"""Only these mails carry links to where a review is written, so only they can ask for one."""

ARRIVALS = frozenset({EventKind.ORDER_DELIVERED, EventKind.PARCEL_DELIVERED})

NEUTRAL = frozenset(
    {"bought_category", "bought_product", "bought_tag", "bought_vendor", "country_is", "region_is"}
    | {"has_digital_line", "has_goods", "is_consumable", "is_digital", "is_durable", "kind_is"}
)
"""Rules by which a merchant may choose whose reviews are asked for: what was bought, and where it went. Who
comes back, spends much or follows links is pleased more often than others."""

Asked = tuple[str, Condition]


def unfair(
    triggers: Iterable[EventKind], enter_if: Condition | None, steps: tuple[Step, ...]
) -> Iterator[str]:
    """What is wrong, in words that name the place. `steps`: all, those in branches too."""
    felt = tuple(_sentiments(asked_in(enter_if, steps)))
    if any(asks_for_review(step) for step in steps):
        for place, rule in felt:
            yield f"{place}: {rule.name!r} would choose by sentiment who is asked for a review"
        for step in steps:
            if asks_for_review(step) and isinstance(step, Send) and not _asks_always(step):
                yield f"step {step.key!r} leaves to chance who is asked for a review"
        for kind in triggers:
            if kind not in ARRIVALS:
                yield f"a review is asked for because something arrived, not because of {kind}"
    elif felt and _hears_of_reviews(triggers, steps):
        for step in steps:
            if isinstance(step, Send) and step.offer is not None:
                yield f"step {step.key!r} would reward a review by what it says ({felt[0][1].name!r})"


def partial(steps: Iterable[Step], group: Condition) -> str | None:
    """The first rule of `group` to which a flow with these steps may not be narrowed; None: it may be."""
    if not any(asks_for_review(step) for step in steps):
        return None
    return next((rule.name for rule in group.rules() if rule.name not in NEUTRAL), None)


def asks_for_review(step: Step) -> bool:
    """Whatever it draws of its variants: of a review ask the wording may vary, never whether it asks."""
    return isinstance(step, Send) and any(map(_is_ask, _templates(step)))


def _asks_always(step: Send) -> bool:
    return all(map(_is_ask, _templates(step)))


def _templates(step: Send) -> tuple[str, ...]:
    return (step.template, *(one.template for one in step.variants))


def _is_ask(template: str) -> bool:
    return template.startswith(REVIEW_MAILS)


def _sentiments(asked: Iterable[Asked]) -> Iterator[tuple[str, Rule]]:
    for place, condition in asked:
        for rule in condition.rules():
            if rule.sentiment:
                yield place, rule


def asked_in(enter_if: Condition | None, steps: tuple[Step, ...]) -> Iterator[Asked]:
    """Where a condition of the flow stands, and the condition: each of them."""
    if enter_if is not None:
        yield "on entering", enter_if
    for step in steps:
        if step.when is not None:
            yield f"step {step.key!r}", step.when
        if isinstance(step, Split):
            for place, branch in enumerate(step.branches, start=1):
                if branch.when is not None:
                    yield f"branch {place} of {step.key!r}", branch.when


def _hears_of_reviews(triggers: Iterable[EventKind], steps: tuple[Step, ...]) -> bool:
    heard = {*triggers, *(step.event for step in steps if isinstance(step, WaitFor))}
    return EventKind.REVIEW_SUBMITTED in heard
