"""One flow as the list of flows shows it, and what its switch says."""

from __future__ import annotations

from dataclasses import dataclass

from app.queries.flow_figures import Periods
from app.web.admin.flow_measure import Measure, measure
from app.web.admin.flow_words import counted, effect_of
from app.words.flows import CLASS_WORDS, FLOW_WORDS
from flows.facts import FlowSetting
from flows.flow import Flow


@dataclass(frozen=True, slots=True)
class Card:
    """`shape`: "card" for a flow that runs, "row" for one that is off; after a press the shape stays
    until the page is loaded anew. `line`: the one sentence of a row."""

    key: str
    title: str
    pill: str
    mail_class: str
    stage: str
    purpose: str
    on: bool
    shape: str
    line: str
    people: int
    measure: Measure | None


def card_of(flow: Flow, setting: FlowSetting, periods: Periods, people: int, shape: str = "") -> Card:
    words = FLOW_WORDS[flow.key]
    return Card(
        key=flow.key,
        title=words.title,
        pill=CLASS_WORDS[flow.mail_class],
        mail_class=flow.mail_class.value,
        stage=words.stage,
        purpose=words.purpose,
        on=setting.enabled,
        shape=shape or ("card" if setting.enabled else "row"),
        line=f"On. {words.effect[:1].upper()}{words.effect[1:]}." if setting.enabled else effect_of(flow),
        people=people,
        measure=measure(flow, periods),
    )


def off_ends(people: int) -> str:
    """What switching off would do, beside the switch."""
    return f"Off ends {counted(people, 'journey', 'journeys')}" if people else "Off: no new mails"


def pressed(flow: Flow, on: bool, people: int, undone: bool) -> tuple[str, str]:
    """Title and sentence of the bar that offers to take it back."""
    title = f"{FLOW_WORDS[flow.key].title} is {'on' if on else 'off'}."
    if undone:
        return title, "As it was before."
    if on:
        return title, effect_of(flow)
    if not people:
        return title, "Nobody is in it, so nothing is cut short."
    ending = "journey ends" if people == 1 else "journeys end"
    return title, f"No mail of it leaves any more. {people:,} {ending} in 10 seconds."
