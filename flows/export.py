"""A flow as plain data and back: what the admin page draws and what a merchant exports as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.conditions import Condition, condition_from_plain, condition_to_plain
from flows.delays import delay_from_plain, delay_to_plain, time_from_plain, time_to_plain, whole_number
from flows.events import EventKind
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.offers import offer_from_plain, offer_to_plain
from flows.plain import from_plain, to_plain
from flows.steps import Branch, Knob, Send, Split, Step, Wait, WaitFor
from flows.variants import Variant


def flow_to_plain(flow: Flow) -> dict[str, Any]:
    entered: dict[str, Any] = {
        "flow": flow.key,
        "version": flow.version,
        "class": flow.mail_class.value,
        "per": flow.per,
        "trigger": flow.trigger.value,
        "also": [kind.value for kind in flow.also],
        "of_loss": flow.of_loss,
    }
    return {
        **_with(entered, "enter_if", flow.enter_if),
        "exit_on": [kind.value for kind in flow.exit_on],
        "goal": flow.goal.value if flow.goal else None,
        "topic": flow.topic.value if flow.topic else None,
        "knobs": to_plain(flow.knobs),
        "tells": list(flow.tells),
        "steps": [_step_to_plain(step) for step in flow.steps],
        "replaced": dict(flow.replaced),
    }


def flow_from_plain(data: Mapping[str, Any]) -> Flow:
    """Raises ValueError that says what is wrong, whatever `data` is."""
    try:
        return Flow(
            key=data["flow"],
            version=whole_number(data["version"]),
            mail_class=MailClass(data["class"]),
            trigger=EventKind(data["trigger"]),
            steps=_steps_from_plain(data["steps"]),
            per=data.get("per", "order"),
            also=tuple(EventKind(kind) for kind in data.get("also", ())),
            of_loss=data.get("of_loss") is True,
            enter_if=_condition(data, "enter_if"),
            exit_on=tuple(EventKind(kind) for kind in data.get("exit_on", ())),
            goal=EventKind(data["goal"]) if data.get("goal") else None,
            topic=Topic(data["topic"]) if data.get("topic") else None,
            knobs=tuple(from_plain(Knob, knob) for knob in data.get("knobs", ())),
            tells=tuple(str(key) for key in data.get("tells", ())),
            replaced=tuple(sorted(data.get("replaced", {}).items())),
        )
    except KeyError as missing:
        raise ValueError(f"{missing} is missing") from missing
    except (TypeError, AttributeError) as wrong:
        raise ValueError(f"this is not a flow: {wrong}") from wrong


def _step_to_plain(step: Step) -> dict[str, Any]:
    plain: dict[str, Any]
    match step:
        case Wait(key, timing, at):
            plain = {"wait": key, "for": delay_to_plain(timing)}
            if at is not None:
                plain["at"] = time_to_plain(at)
        case WaitFor(key, event, timeout):
            plain = {"wait_for": key, "event": event.value, "timeout": delay_to_plain(timeout)}
        case Send(key, template, late_hours, _, offer, variants):
            plain = {"send": key, "template": template, "late_hours": late_hours}
            if offer is not None:
                plain["offer"] = offer_to_plain(offer)
            if variants:
                plain["variants"] = to_plain(variants)
        case Split(key, branches):
            plain = {"split": key, "branches": [_branch_to_plain(branch) for branch in branches]}
    return _with(plain, "when", step.when)


def _branch_to_plain(branch: Branch) -> dict[str, Any]:
    return _with({"steps": [_step_to_plain(step) for step in branch.steps]}, "when", branch.when)


def _with(plain: dict[str, Any], word: str, condition: Condition | None) -> dict[str, Any]:
    return plain if condition is None else {**plain, word: condition_to_plain(condition)}


def _steps_from_plain(data: Any) -> tuple[Step, ...]:
    return tuple(_step_from_plain(step) for step in data)


def _step_from_plain(data: Mapping[str, Any]) -> Step:
    when = _condition(data, "when")
    if "wait" in data:
        at = time_from_plain(data["at"]) if "at" in data else None
        return Wait(data["wait"], delay_from_plain(data["for"]), at, when)
    if "wait_for" in data:
        timeout = delay_from_plain(data["timeout"])
        return WaitFor(data["wait_for"], EventKind(data["event"]), timeout, when)
    if "send" in data:
        offer = offer_from_plain(data["offer"]) if "offer" in data else None
        variants = tuple(from_plain(Variant, one) for one in data.get("variants", ()))
        late_hours = whole_number(data["late_hours"])
        return Send(data["send"], data["template"], late_hours, when, offer, variants)
    if "split" in data:
        branches = tuple(
            Branch(_steps_from_plain(branch["steps"]), _condition(branch, "when"))
            for branch in data["branches"]
        )
        return Split(data["split"], branches, when)
    raise ValueError(f"{data!r} is no step")


def _condition(data: Mapping[str, Any], word: str) -> Condition | None:
    return condition_from_plain(data[word]) if word in data else None
