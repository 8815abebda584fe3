"""One flow: who is in it, its line of steps, its knobs, who is asked, what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.db import Session
from app.queries.earned import load_earned
from app.queries.facts import ShopRow
from app.queries.flow_figures import Periods, load_figures, load_step_figures
from app.queries.flow_journeys import NextMail, next_mail, people_in
from app.queries.settings import load_settings
from app.services import changes
from app.services.backfill import DAYS, count
from app.services.changes import Stale
from app.services.coupons import needs_leave
from app.services.groups import held_groups
from app.services.knobs import knobs_now, move_now, numbers_in, outlook, turn
from app.services.preview import previews
from app.services.webhook_door import load_doors
from app.web.admin.changed import latest_changes
from app.web.admin.doors import Merchant, merchant
from app.web.admin.flow_card import off_ends
from app.web.admin.flow_mail import still
from app.web.admin.flow_measure import measure
from app.web.admin.flow_timeline import Entry, KnobView, WaitView, by_kind, sends_in, timeline, waits_in
from app.web.admin.flow_words import KINDS, counted, effect_of, moves_in_words
from app.web.admin.flow_written import written
from app.web.admin.knob_fields import settings_of
from app.web.admin.trial_words import languages_named, own_language, trials_shown
from app.web.guards import runtime
from app.words.earned import earned_in_words
from app.words.flows import CLASS_WORDS, EVENT_WORDS, FLOW_WORDS
from app.words.moments import moment
from app.words.rules import rules_in_words
from emails.own_words import our_second
from flows.facts import FlowSetting
from flows.fairness import REVIEW_MAILS
from flows.flow import Flow
from flows.kinds import TimingKind
from flows.presets import BY_KEY

blueprint = Blueprint("flow", __name__)

# Earlier orders are counted so far on this page, and all of them on their own.
EARLIER = 100


@dataclass(frozen=True, slots=True)
class Title:
    """The row with the switch, and the sentence beneath it."""

    key: str
    title: str
    pill: str
    on: bool
    beside: str
    status: str


@dataclass(frozen=True, slots=True)
class Turned:
    """A form of the page as it was sent, when it could not be taken or has just been. `step`: the wait that
    it is of, or "settings" or "trial". `problems`: by field; of a trial by its mail."""

    step: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    stale: Mapping[str, int] = field(default_factory=dict)
    done: str = ""


@blueprint.get("/flows/<key>")
@merchant
def flow(seen: Merchant, key: str) -> str:
    return _page(seen, flow_named(key), Turned(), "admin/flow.html")


@blueprint.get("/flows/<key>/knobs")
@merchant
def ahead(seen: Merchant, key: str) -> str:
    """What the numbers in the form would do, worked out and not done."""
    of, kind = flow_named(key), _kind()
    with runtime().database.shops(seen.shop_id) as session:
        present = knobs_now(session, seen.shop_id, of)
        entries = timeline(of, seen.shop, present, kind)
        wait = _wait(entries, request.args.get("step", ""))
        values, problems = numbers_in(of, request.args, tuple(knob.key for knob in wait.knobs))
        wanted = {name: value for name, value in values.items() if value != present[name]}
        result = None
        if wanted and not problems:
            result = outlook(session, runtime().keys, seen.shop_id, of, wanted, runtime().clock.now())
    moved = timeline(of, seen.shop, {**present, **values}, kind)
    return render_template(
        "admin/flow_ahead.html",
        seen=seen,
        flow=of,
        kind=kind.value,
        wait=wait,
        problems=problems,
        choice=_choice(wait, wanted) if result is not None else None,
        words=moves_in_words(of, result) if result is not None else "",
        marks=[(now, then) for now, then in zip(sends_in(entries), sends_in(moved), strict=True)],
    )


@blueprint.post("/flows/<key>/knobs")
@merchant
def turn_knobs(seen: Merchant, key: str) -> Response:
    """200 turned, 409 somebody else turned it meanwhile, 422 not a number within its bounds."""
    of, kind = flow_named(key), _kind()
    now = runtime().clock.now()
    status, words = 200, ""
    with runtime().database.shops(seen.shop_id) as session:
        present = knobs_now(session, seen.shop_id, of)
        wait = _wait(timeline(of, seen.shop, present, kind), request.form.get("step", ""))
        keys = tuple(knob.key for knob in wait.knobs)
        values, problems = numbers_in(of, request.form, keys)
        was, _ = numbers_in(of, {name: request.form.get(f"was_{name}", "") for name in keys}, keys)
        given = {name: request.form.get(name, "") for name in keys}
        turned = Turned(wait.key, given, problems)
        if problems:
            status = 422
        else:
            try:
                turn(session, seen.shop_id, of, values, {**present, **was}, now)
            except Stale as stale:
                status, turned = 409, Turned(wait.key, given, stale=stale.present)
            else:
                words = _recorded(session, seen, of, wait, values, present, now)
                turned = Turned(wait.key, done="Nothing was changed.")
    if words:
        turned = Turned(wait.key, done=f"{words} {_moved(seen, of, now)}")
    return flow_body(seen, of, turned, status)


def flow_named(key: str) -> Flow:
    """404 for a flow that does not exist."""
    found = BY_KEY.get(key)
    return found if found is not None else abort(404)


def setting_of(session: Session, shop_id: int, flow: Flow) -> FlowSetting:
    return load_settings(session, [shop_id]).get((shop_id, flow.key), FlowSetting())


def title_of(session: Session, shop: ShopRow, flow: Flow, setting: FlowSetting, now: datetime) -> Title:
    people = people_in(session, shop.id).get(flow.key, 0)
    words = FLOW_WORDS[flow.key]
    return Title(
        key=flow.key,
        title=words.title,
        pill=CLASS_WORDS[flow.mail_class],
        on=setting.enabled,
        beside=off_ends(people) if setting.enabled else "",
        status=_status(flow, shop, setting, people, next_mail(session, shop.id, flow.key), now),
    )


def flow_body(seen: Merchant, of: Flow, turned: Turned, status: int = 200) -> Response:
    """The page's inside, with what became of what was sent."""
    return make_response(_page(seen, of, turned, "admin/flow_body.html"), status)


def _page(seen: Merchant, of: Flow, turned: Turned, template: str) -> str:
    at, kind = runtime(), _kind()
    now = at.clock.now()
    with at.database.shops(seen.shop_id) as session:
        knobs = knobs_now(session, seen.shop_id, of)
        entries = timeline(of, seen.shop, knobs, kind)
        sends = sends_in(entries)
        shown = previews(
            session, at.sender(), seen.shop_id, [entry.template for entry in sends], keys=at.keys, now=now
        )
        figures = load_figures(session, seen.shop_id, now, of.key).get(of.key, Periods())
        earned = load_earned(session, seen.shop_id, now, of.key)
        held = held_groups(session, seen.shop_id)
        setting = setting_of(session, seen.shop_id, of)
        return render_template(
            template,
            seen=seen,
            page="flows",
            flow=of,
            title=title_of(session, seen.shop, of, setting, now),
            words=FLOW_WORDS[of.key],
            entries=entries,
            mails={entry.key: mail for entry, mail in zip(sends, shown, strict=True)},
            steps=load_step_figures(session, seen.shop_id, of.key, now),
            measure=measure(of, figures),
            codes_wait=needs_leave(session, seen.shop_id, of, knobs),
            holdout=setting.holdout,
            groups=[(one.group.key, one.group.title) for one in held],
            only_for=next((one.group.key for one in held if of.key in one.used_by), ""),
            earned=[earned_in_words(one.rule, one.currency, one.amount, one.orders) for one in earned],
            earlier=count(
                session, seen.shop_id, of.key, now - timedelta(days=DAYS[-1]), now, at.keys, EARLIER
            ),
            kinds=KINDS if by_kind(of) else {},
            kind=kind,
            trigger=EVENT_WORDS[of.trigger],
            settings=settings_of(of, knobs, seen.shop.currency),
            channel=setting.channel,
            tool=load_doors(session, [seen.shop_id]).get(seen.shop_id),
            trials=trials_shown(session, seen.shop, of),
            languages=languages_named(seen.shop),
            seconds={entry.key: our_second(entry.template, own_language(seen.shop)) for entry in sends},
            written=written(session, seen.shop_id, of.key),
            endings=[EVENT_WORDS[event] for event in of.ends_on],
            rules=rules_in_words(of.enter_if),
            asks_for_review=any(entry.template.startswith(REVIEW_MAILS) for entry in sends),
            changed=latest_changes(session, seen, f"flow:{of.key}"),
            earlier_more=EARLIER,
            still=still,
            turned=turned,
        )


def _status(
    flow: Flow, shop: ShopRow, setting: FlowSetting, people: int, following: NextMail | None, now: datetime
) -> str:
    if not setting.enabled:
        if people:
            return "Off. What is under way ends when the ten seconds are over."
        effect = effect_of(flow)
        return f"Off, so it sends nothing. Switched on: {effect[:1].lower()}{effect[1:]}"
    if following is None:
        return "Nobody is in it yet. The first one enters with the next order that fits."
    inside = f"{counted(people, 'person is', 'people are')} in it. " if people else ""
    to = following.name or f"order {following.number}"
    when = moment(following.at, shop.timezone, now) if following.at > now else "at any moment"
    return f"{inside}The next mail is due {when}, to {to}."


def _kind() -> TimingKind:
    try:
        return TimingKind(request.values.get("kind", "standard"))
    except ValueError:
        return TimingKind.STANDARD


def _wait(entries: tuple[Entry, ...], step: str) -> WaitView:
    """404 for a step that is no wait with a knob."""
    found = next((wait for wait in waits_in(entries) if wait.key == step), None)
    return found if found is not None else abort(404)


def _choice(wait: WaitView, wanted: Mapping[str, int]) -> tuple[str, str]:
    """The words of the two buttons: Use 14 days, Keep 10 days."""
    turned = [knob for knob in wait.knobs if knob.key in wanted]
    if len(turned) == 1:
        knob = turned[0]
        return f"Use {knob.said(wanted[knob.key])}", f"Keep {knob.said(knob.value)}"
    return f"Use all {len(turned)}", "Keep as it was"


def _recorded(
    session: Session,
    seen: Merchant,
    of: Flow,
    wait: WaitView,
    values: Mapping[str, int],
    present: Mapping[str, int],
    now: datetime,
) -> str:
    """What was turned, in words; "" where all stood so already."""
    turned = [knob for knob in wait.knobs if values[knob.key] != present[knob.key]]
    if not turned:
        return ""
    words = f"{'; '.join(_change(knob, values[knob.key]) for knob in turned)}."
    changes.record(session, seen.shop_id, now, seen.user, f"flow:{of.key}", words)
    return words


def _moved(seen: Merchant, of: Flow, now: datetime) -> str:
    """Moves the first who wait, and asks for the rest; the sweep asks too."""
    at = runtime()
    result = move_now(at.database, at.keys, seen.shop_id, of, now)
    if not result.whole:
        at.queue.kick("retime")
    words = moves_in_words(of, result).replace(" move ", " moved ", 1)
    return words if result.whole else f"{words} The others follow within minutes."


def _change(knob: KnobView, value: int) -> str:
    return f"{knob.meaning.partition(':')[0]}: {knob.said(value)}, was {knob.said(knob.value)}"
