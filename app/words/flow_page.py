"""docs/flows.md: every flow as a merchant reads it, written from the definitions that run."""

from __future__ import annotations

from collections.abc import Iterator

from app.words.catalogue import PER_WORDS, Entry, bounds, entry_of
from app.words.demands import DEMANDS, Demand, resolved
from app.words.flows import CLASS_MEANING, CLASS_WORDS, FLOW_WORDS
from app.words.of_flows.base import STAGES
from flows.presets import PRESETS

_TOP = """# The flows

<!-- Written by `doorstep flows --doc`. Do not edit: change the flow. -->

Doorstep has {count} flows. {starter} of them are on in a new shop and marked "on from the start"; the
others wait for your word. Days and hours below are those that a flow begins with; the numbers that you may
turn stand at the end of each. Hours are those of the place where the shopper lives, as far as the address
tells it, else those of your shop.

- **Order mail.** {transactional}
- **Service.** {service}
- **Marketing.** {marketing}

No flow writes twice for the same occasion, and none to an order that was cancelled or paid back in full
(except to say just that). Service and marketing mails of all flows share one set of limits, so that nobody
gets too many; what finds no place waits some days and is then left out, with the reason beside the order.
"""


def page() -> str:
    """The whole page, ending in one newline."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    entries = [entry_of(flow) for flow in PRESETS]
    meaning = {kind.name.lower(): words for kind, words in CLASS_MEANING.items()}
    yield _TOP.format(count=len(entries), starter=_number(sum(one.starter for one in entries)), **meaning)
    for stage in STAGES:
        mine = [entry for entry in entries if FLOW_WORDS[entry.key].stage == stage.key]
        if mine:
            yield f"## {stage.title}\n\n{stage.meaning}.\n"
            for entry in mine:
                yield from _flow(entry)
    yield "## What answers which wish\n"
    yield "Each line is one thing that shops ask of mails after the order.\n"
    yield "| | what is asked for | what answers it |\n|---|---|---|"
    yield from (_row(demand) for demand in DEMANDS)


def _flow(entry: Entry) -> Iterator[str]:
    on = ", on from the start" if entry.starter else ""
    topic = f"; people leave it with the topic *{entry.topic}*" if entry.topic else ""
    yield f"### {entry.title}\n"
    yield f"`{entry.key}`: {CLASS_WORDS[entry.mail_class]}{on}{topic}. {entry.purpose}\n"
    yield f"**Starts** when {', or when '.join(entry.starts)}: {PER_WORDS[entry.per]}.\n"
    if entry.enters:
        yield "**For whom:**\n"
        yield from (f"- {words}" for words in entry.enters)
        yield ""
    yield "**What happens:**\n"
    yield from (f"{'  ' * line.depth}- {line.words}" for line in entry.lines)
    yield f"\n**Ends** when {', or '.join(entry.ends)}.\n"
    if entry.knobs:
        yield "| what you may turn | at first (from, to) |\n|---|---|"
        yield from (f"| {knob.meaning} (`{knob.key}`) | {bounds(knob)} |" for knob in entry.knobs)
        yield ""


def _row(demand: Demand) -> str:
    answers = [resolved(name) for name in demand.by] + ([demand.comes] if demand.comes else [])
    return f"| {demand.number} | {demand.said} | {'; '.join(answers)} |"


def _number(count: int) -> str:
    words = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
    return words[count] if count < len(words) else str(count)
