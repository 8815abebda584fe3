"""The first page: is it connected, what runs, what goes out next, what is left to set up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from flask import Blueprint, abort, render_template

from app.db import Session
from app.models.shop import NEEDS_RECONNECT
from app.queries import home as found
from app.queries.brand import Kit, load_kits
from app.queries.earned import load_earned
from app.queries.facts import ShopRow
from app.queries.imports import load_imports
from app.queries.plan import load_usage
from app.queries.settings import load_settings
from app.services.letter import brand_of
from app.services.mail_accounts import load_accounts
from app.services.upcoming import NextMail, next_mails
from app.web.admin import home_words as words
from app.web.admin.chart import NARROW, chart
from app.web.admin.doors import Merchant, merchant
from app.web.admin.held import account_lines, held_lines
from app.web.admin.import_words import read_line, reading_lines
from app.web.admin.missed import missed_lines
from app.web.admin.plan_words import Warned, warned
from app.web.admin.reconnect import reconnect_at
from app.web.admin.returned_words import brake_lines
from app.web.guards import runtime
from app.words.earned import earned_in_words
from app.words.flows import FLOW_WORDS
from app.words.of_flows.base import STAGES, FlowWords, Stage
from flows.presets import BY_KEY
from flows.steps import Send, Split, steps_within
from flows.wallclock import instant_of, wall_of, zone_named

blueprint = Blueprint("home", __name__)

DAYS = 30


@dataclass(frozen=True, slots=True)
class Days:
    """The days on the shop's clock: the 30 that end today, and the 30 before."""

    zone: str
    today: date
    now: datetime

    def starts(self, days_ago: int) -> datetime:
        wall = datetime.combine(self.today - timedelta(days=days_ago), time())
        return instant_of(wall, zone_named(self.zone))

    def all(self) -> dict[date, tuple[datetime, datetime]]:
        """Both stretches, each day with its beginning and its end."""
        return {
            self.today - timedelta(days=ago): (self.starts(ago), self.starts(ago - 1))
            for ago in range(2 * DAYS)
        }

    def last(self, first: int) -> list[date]:
        return [self.today - timedelta(days=first - at) for at in range(DAYS)]


@dataclass(frozen=True, slots=True)
class StageRow:
    stage: Stage
    flows: tuple[FlowWords, ...]
    running: tuple[FlowWords, ...]
    mails: int


@dataclass(frozen=True, slots=True)
class Moment:
    """The mails of one minute. `day` is "" for today."""

    clock: str
    day: str
    mails: tuple[NextMail, ...]


@blueprint.get("")
@blueprint.get("/")
@merchant
def home(seen: Merchant) -> str:
    at = runtime()
    now, real = at.clock.now(), at.clock.real()
    days = _days(seen.shop, now)
    with at.database.shops(seen.shop_id) as session:
        connection = found.load_connection(session, seen.shop_id)
        imports = load_imports(session, seen.shop_id)
        settings = load_settings(session, [seen.shop_id])
        kit = load_kits(session, [seen.shop_id]).get(seen.shop_id, Kit())
        sent = found.load_sent(session, seen.shop_id, days.all())
        unsent = found.load_unsent(
            session, seen.shop_id, days.starts(DAYS - 1), days.starts(1), days.starts(0)
        )
        waiting = found.load_waiting(session, seen.shop_id, now, days.starts(-1))
        counts = found.load_counts(session, seen.shop_id, days.starts(DAYS - 1), days.starts(2 * DAYS - 1))
        earned = load_earned(session, seen.shop_id, now)
        plan_warned = _plan_warned(session, seen.shop, now)
        held = [
            *account_lines(session, seen.shop_id),
            *brake_lines(seen.shop),
            *held_lines(session, seen.shop_id),
        ]
        missed = missed_lines(session, seen.shop_id, days.zone, now)
        account = load_accounts(session, [seen.shop_id]).get(seen.shop_id)
        coming = next_mails(session, at.sender(), at.keys, seen.shop_id, now)
    running = {key for (_, key), setting in settings.items() if setting.enabled and key in BY_KEY}
    by_day = _by_day(sent)
    now_series = [by_day[day] for day in days.last(DAYS - 1)]
    before_series = [by_day[day] for day in days.last(2 * DAYS - 1)]
    sender = brand_of(seen.shop, kit, at.sender())
    if account is not None:
        sender = replace(sender, sender=account.sender)
    steps = words.set_up(seen.shop, kit, len(running), sender.sender, at.config.address)
    return render_template(
        "admin/home.html",
        seen=seen,
        page="home",
        connection=connection,
        reading=reading_lines(imports),
        was_read=read_line(imports),
        reconnect=connection.state == NEEDS_RECONNECT,
        reconnect_at=reconnect_at(seen.platform, seen.shop.domain, at.config),
        lead=words.lead_of(
            connection, len(running), by_day[days.today - timedelta(days=1)], unsent, waiting, days.zone
        ),
        connection_cell=words.connection_cell(connection, real),
        doubt_cell=words.doubt_cell(sum(now_series), unsent),
        brand=sender,
        stages=_stages(running, sent, days),
        flow_count=len(BY_KEY),
        waiting=waiting,
        coming=_moments(coming, days),
        missed=missed,
        held=held,
        sends={key: _sends(key) for key in BY_KEY},
        flow_words=FLOW_WORDS,
        steps=steps,
        steps_done=words.steps_done(steps),
        next_step=next((step for step in steps if not step.done and step.path), None),
        counts=counts,
        earned=[earned_in_words(one.rule, one.currency, one.amount, one.orders) for one in earned],
        series=now_series,
        before=before_series,
        labels=[f"{day.day} {day:%b}" for day in days.last(DAYS - 1)],
        chart=chart(now_series, before_series),
        narrow_chart=chart(now_series, before_series, NARROW),
        plan_warned=plan_warned,
        put_right=words.put_right(connection, unsent, days.zone),
        counted=words.counted,
        share=words.share,
    )


@blueprint.get("/<path:missing>")
@merchant
def nothing(seen: Merchant, missing: str) -> str:
    """Any address that no page has: told inside the frame, where a bare error would be blocked."""
    abort(404)


def _plan_warned(session: Session, shop: ShopRow, now: datetime) -> Warned | None:
    if not shop.billed:
        return None
    usage = load_usage(session, {shop.id: shop.timezone}, now)[shop.id]
    return warned(usage, shop.timezone)


def _days(shop: ShopRow, now: datetime) -> Days:
    zone = zone_named(shop.timezone)
    return Days(zone.key, wall_of(now, zone).date(), now)


def _by_day(sent: Mapping[tuple[str, date], int]) -> Counter[date]:
    mails: Counter[date] = Counter()
    for (_, day), count in sent.items():
        mails[day] += count
    return mails


def _stages(running: set[str], sent: Mapping[tuple[str, date], int], days: Days) -> list[StageRow]:
    """`sent` reaches back 60 days; the rail counts the last 30."""
    first = days.today - timedelta(days=DAYS - 1)
    mails: Counter[str] = Counter()
    for (key, day), count in sent.items():
        mails[FLOW_WORDS[key].stage] += count if day >= first else 0
    return [_stage(stage, running, mails[stage.key]) for stage in STAGES]


def _stage(stage: Stage, running: set[str], mails: int) -> StageRow:
    flows = tuple(flow for flow in FLOW_WORDS.values() if flow.stage == stage.key)
    return StageRow(stage, flows, tuple(flow for flow in flows if flow.key in running), mails)


def _moments(coming: Sequence[NextMail], days: Days) -> list[Moment]:
    """What leaves at the same minute stands beneath one time."""
    zone = zone_named(days.zone)

    def minute(mail: NextMail) -> datetime:
        return wall_of(max(mail.at, days.now), zone).replace(second=0, microsecond=0)

    return [
        Moment(f"{wall:%H:%M}", _day(wall.date(), days), tuple(mails))
        for wall, mails in groupby(coming, key=minute)
    ]


def _day(day: date, days: Days) -> str:
    ahead = (day - days.today).days
    if ahead <= 0:
        return ""
    return "tomorrow" if ahead == 1 else f"{day:%a} {day.day} {day:%b}"


def _sends(key: str) -> list[str]:
    """The flow's mails in their order; none of a flow in which one goes instead of another."""
    steps = list(steps_within(BY_KEY[key].steps))
    if any(isinstance(step, Split) for step in steps):
        return []
    return [step.key for step in steps if isinstance(step, Send)]
