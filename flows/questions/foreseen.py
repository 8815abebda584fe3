"""What a flow may ask about what is foreseen: what is used up when, what goes with it, who stays away."""

from __future__ import annotations

from datetime import datetime

from flows.estimates import RUN_OUT
from flows.facts import Facts
from flows.questions.rule import Arguments, Rule
from flows.stages import days_away, stage_of


def _run_out(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    found = facts.estimates.get(RUN_OUT)
    if found is None:
        return False, "not known"
    return True, f"{found.at:%Y-%m-%d} ({found.source}, {found.samples} samples)"


def _picks(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return bool(facts.picks), f"{len(facts.picks)} products"


def _away(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    away = days_away(facts.person, now)
    return away is not None and away >= int(arguments["days"]), _days(away)


def _beyond_rhythm(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    away, usual = days_away(facts.person, now), facts.person.usual_days
    if away is None or usual is None:
        return False, f"{_days(away)}, no rhythm known"
    return away * 100 >= usual * int(arguments["percent"]), f"{away} days, usually {usual}"


def _stage(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    stage = stage_of(facts.person, now)
    return stage is not None and stage.value == arguments["stage"], stage.value if stage else "not known"


def _days(away: int | None) -> str:
    return "no order" if away is None else f"{away} days"


RULES = (
    Rule("has_run_out", "no_run_out", _run_out, "known", "not known", about_lines=True),
    Rule("has_picks", "no_picks", _picks, "some", "none"),
    Rule("away_for", "not_away_for", _away, "{days} days", "less than {days} days", (("days", int),)),
    Rule(
        "away_beyond_rhythm",
        "within_rhythm",
        _beyond_rhythm,
        "{percent} % of the usual days",
        "less than {percent} % of the usual days",
        (("percent", int),),
    ),
    Rule("stage_is", "stage_is_not", _stage, "{stage}", "not {stage}", (("stage", str),)),
)
