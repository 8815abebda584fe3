"""The flows along the customer's journey: what runs, what came of it, and the switches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, render_template, request

from app.db import Session
from app.queries.flow_figures import Periods, load_figures
from app.queries.flow_journeys import people_in
from app.queries.settings import load_settings
from app.services import changes
from app.services.switches import may_be_undone, switch
from app.web.admin.doors import Merchant, merchant
from app.web.admin.flow import setting_of, title_of
from app.web.admin.flow_card import Card, card_of, pressed
from app.web.admin.flow_words import counted
from app.web.guards import runtime
from app.words.flows import CLASS_MEANING, CLASS_WORDS, FLOW_WORDS
from app.words.of_flows.base import STAGES, Stage
from flows.facts import FlowSetting
from flows.flow import Flow
from flows.presets import BY_KEY, PRESETS

blueprint = Blueprint("flows", __name__)

SHAPES = ("card", "row", "title")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stage of the journey with the flows that are shown of it. `on`: of all that it has."""

    stage: Stage
    cards: tuple[Card, ...]
    runs: bool
    on: str

    @property
    def alone(self) -> bool:
        """One running flow takes the whole width, so that no hole appears beside it."""
        return sum(card.on for card in self.cards) == 1


@dataclass(frozen=True, slots=True)
class Filter:
    key: str
    words: str
    count: int


@blueprint.get("/flows")
@merchant
def flows(seen: Merchant) -> str:
    with runtime().database.shops(seen.shop_id) as session:
        cards = _cards(session, seen.shop_id, runtime().clock.now())
    filters = _filters(cards)
    chosen = request.args.get("show", "all")
    if chosen not in {one.key for one in filters}:
        chosen = "all"
    return render_template(
        "admin/flows.html",
        seen=seen,
        page="flows",
        stretches=_stretches(cards, chosen),
        filters=filters,
        chosen=chosen,
        status=_status(cards),
        needs=[card for card in cards if card.on and card.measure and card.measure.tone == "bad"],
        meanings=[CLASS_MEANING[kind] for kind in CLASS_MEANING if any(c.mail_class == kind for c in cards)],
        on=_of(cards),
        all=len(cards),
    )


@blueprint.post("/flows/<key>/switch")
@merchant
def throw(seen: Merchant, key: str) -> str:
    """Acts at once. A second press of the same kind changes nothing; the undo is the opposite press. The
    answer is made when the switch has committed: while it is counted nobody waits for the shop."""
    flow = BY_KEY.get(key)
    on, shape = request.form.get("on"), request.form.get("shape", "card")
    if flow is None:
        abort(404)
    if on not in ("0", "1") or shape not in SHAPES:
        abort(400, "a switch goes on or off")
    undo = request.form.get("undo") == "1"
    now = runtime().clock.now()
    with runtime().database.shops(seen.shop_id) as session:
        people = people_in(session, seen.shop_id).get(key, 0)
        if on == "1":
            undo = may_be_undone(session, seen.shop_id, key, now)
        if switch(session, seen.shop_id, key, on == "1", now):
            words = _recorded(on == "1", people, undo)
            changes.record(session, seen.shop_id, now, seen.user, f"flow:{key}", words)
    shown, counts = None, {}
    with runtime().database.shops(seen.shop_id) as session:
        cards = _cards(session, seen.shop_id, now, flow, shape)
        if shape == "title":
            shown = title_of(session, seen.shop, flow, setting_of(session, seen.shop_id, flow), now)
        else:
            counts = _counts(cards, flow)
    return render_template(
        "admin/flow_pressed.html",
        seen=seen,
        card=next(card for card in cards if card.key == key),
        title=shown,
        bar=None if undo else pressed(flow, on == "1", people, undo),
        back="0" if on == "1" else "1",
        shape=shape,
        counts=counts,
    )


def _counts(cards: Sequence[Card], flow: Flow) -> dict[str, str]:
    """By element, the numbers of the list that a press of this flow's switch changes."""
    stage = FLOW_WORDS[flow.key].stage
    mine = [card for card in cards if card.stage == stage]
    return {
        "flows-on": _of(cards),
        f"stage-{stage}": _of(mine),
        **{f"chip-{one.key}": str(one.count) for one in _filters(cards)},
    }


def _of(cards: Sequence[Card]) -> str:
    return f"{sum(card.on for card in cards)} of {len(cards)} on"


def _cards(
    session: Session, shop_id: int, now: datetime, only: Flow | None = None, shape: str = ""
) -> list[Card]:
    """Three statements, however many flows there are. `only`: the one whose figures are wanted, drawn
    in this shape."""
    settings = load_settings(session, [shop_id])
    figures = {} if shape == "title" else load_figures(session, shop_id, now, only.key if only else None)
    people = people_in(session, shop_id)

    def one(flow: Flow) -> Card:
        setting = settings.get((shop_id, flow.key), FlowSetting())
        drawn = shape if flow is only else ""
        return card_of(flow, setting, figures.get(flow.key, Periods()), people.get(flow.key, 0), drawn)

    return [one(flow) for flow in PRESETS]


def _filters(cards: Sequence[Card]) -> list[Filter]:
    classes = [
        Filter(kind.value.lower(), words, sum(card.mail_class == kind for card in cards))
        for kind, words in CLASS_WORDS.items()
    ]
    on = sum(card.on for card in cards)
    return [
        Filter("all", "All", len(cards)),
        Filter("on", "On", on),
        Filter("off", "Off", len(cards) - on),
        *(one for one in classes if one.count),
    ]


def _stretches(cards: Sequence[Card], chosen: str) -> list[Stretch]:
    """Stages that have a flow to show, in the order of the journey; running flows before the others."""
    found = []
    for stage in STAGES:
        mine = [card for card in cards if card.stage == stage.key]
        shown = sorted((card for card in mine if _is_shown(card, chosen)), key=lambda card: not card.on)
        if shown:
            found.append(Stretch(stage, tuple(shown), any(card.on for card in mine), _of(mine)))
    return found


def _is_shown(card: Card, chosen: str) -> bool:
    return chosen in ("all", "on" if card.on else "off", card.mail_class.lower())


def _status(cards: Sequence[Card]) -> str:
    mails = sum(card.measure.mails for card in cards if card.measure)
    people = sum(card.people for card in cards)
    if not any(card.on for card in cards):
        return "Every flow is off, so Doorstep sends nothing. Each row says what its switch would start."
    waiting = f"{counted(people, 'journey is', 'journeys are')} under way."
    if not mails:
        return f"No mail in the last 30 days. {waiting}"
    return f"{counted(mails, 'mail', 'mails')} in the last 30 days. {waiting}"


def _recorded(on: bool, people: int, undo: bool) -> str:
    if undo:
        return "Switched on again, within the undo." if on else "Switched off again."
    if on:
        return "Switched on."
    return (
        f"Switched off with {counted(people, 'journey', 'journeys')} under way."
        if people
        else "Switched off."
    )
