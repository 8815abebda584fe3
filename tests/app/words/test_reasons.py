"""Every name under which a mail is held back, put off, withdrawn or given up has a merchant's sentence.

The names are read from the source, so that a new one fails here first.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app.models.permission import ALL_CLASSES
from app.words.clauses import RULES_SAID, if_otherwise, said
from app.words.events_said import EVENTS_SAID
from app.words.reasons import REASONS, Kind, why
from emails.providers.smtp_answers import Stage
from flows.consent import ALLOWS, Ground
from flows.counterfactual import FACTS, fact_of
from flows.events import EventKind
from flows.facts import Reason
from flows.guards import no_sign_of
from flows.rules import RULES

ROOT = Path(__file__).parents[3]
NAME = re.compile(r"[a-z][a-z_]+")
IN_SQL = re.compile(r"(?:end_)?reason = '(\w+)'")
# By file: the functions whose plain strings, returned or put first into a tuple, are names of reasons.
GIVING = {
    "flows/engine.py": {"entry_rules", "_ending"},
    "app/queries/facts.py": {"_recipient"},
    "app/services/outcomes.py": {"missing"},
    "emails/providers/smtp_answers.py": {"_permanent_refusal"},
}
# By called name: which argument is the reason.
CALLS = {"Settled": 3, "_Check": 0, "SendFailed": 0, "_closed": 3, "suppress": 4}
CONSTANTS = {
    "BEFORE_CONNECT",
    "FLOW_OFF",
    "SHOP_INACTIVE",
    "PLAN_LIMIT",
    "RECIPIENT_REFUSED",
    "DONE",
    "NOT_THERE",
    "TAKEN_BACK",
    "FREQUENCY_CAP",
    "QUIET_HOURS",
    "READER_PACE",
    "BEING_READ",
}


def source() -> Iterator[tuple[str, ast.Module]]:
    for room in ("flows", "emails", "app/services", "app/queries", "app/jobs"):
        for path in (ROOT / room).rglob("*.py"):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def names_in_source() -> set[str]:
    found: set[str] = set()
    for path, tree in source():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found |= set(_of_call(node))
            elif isinstance(node, ast.Assign) and _target(node) in CONSTANTS:
                found |= set(_strings(node.value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(IN_SQL.findall(node.value))
            elif isinstance(node, ast.keyword) and node.arg == "reason" and _is_text(node.value):
                found |= set(_strings(node.value))
            elif isinstance(node, ast.FunctionDef) and node.name in GIVING.get(path, ()):
                found |= set(_given(node))
    return {name for name in found if NAME.fullmatch(name)}


def _of_call(node: ast.Call) -> Iterator[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    place = CALLS.get(name)
    if place is not None and len(node.args) > place:
        yield from _strings(node.args[place])


def _given(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            value = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for one in value:
                yield from _strings(one)
        elif isinstance(node, ast.Tuple) and node.elts:
            yield from _strings(node.elts[0])


def _strings(node: ast.expr) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _target(node: ast.Assign) -> str:
    return node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""


def over_in_guards() -> set[str]:
    """What the guards call the events that end a journey."""
    tree = ast.parse((ROOT / "flows/guards.py").read_text("utf-8"))
    table = next(node for node in tree.body if isinstance(node, ast.Assign) and _target(node) == "_OVER")
    return set(_strings(table.value))


def test_the_source_is_read() -> None:
    """The names that are known to be there are found, each by another way of giving one."""
    known = {"shop_inactive", "flow_off", "step_removed", "nothing_left", "expired", "no_email"}
    known |= {"placed_before_connect", "order_not_stored", "old_generation", "flow_unknown", "uninstalled"}
    known |= {"plan_limit"}
    known |= {"unsubscribed", "died_after_hand_over", "hard_bounce", "mailbox_full", "answer_lost", "done"}
    assert known - names_in_source() == set()
    assert over_in_guards() == {"order_cancelled", "order_refunded", "order_gone", "unsubscribed"}


def test_every_name_has_a_sentence() -> None:
    names = names_in_source() | over_in_guards()
    names |= {name for rule in RULES.values() for name in (rule.name, rule.opposite)}
    names |= {kind.value for kind in EventKind}
    names |= {f"{stage}_deferred" for stage in Stage}
    names |= {ground.value for ground in Ground if ground not in ALLOWS}
    names |= {"not_written", "complaint", "no_recipient"}
    assert names - set(REASONS) == set()
    assert ALL_CLASSES not in REASONS


def test_sentences_go_on_after_because() -> None:
    for name, words in REASONS.items():
        assert words.because[0].islower() or words.because.startswith("Doorstep"), name
        assert not words.because.endswith((".", "!")), name
        assert "{" not in words.because


def test_what_only_left_a_name_says_which_fact_it_was() -> None:
    """Of what SQL withdraws and what the ledger itself skips, no tree of rules is kept."""
    for name in ("flow_off", "unsubscribed", "Unsubscribed", "uninstalled", "shop_inactive"):
        assert REASONS[name].leaf is not None
    for name in ("placed_before_connect", "old_generation", "order_not_stored", "flow_unknown"):
        leaf = REASONS[name].leaf
        assert leaf is not None
        assert not leaf.passed
        assert fact_of(leaf)


def test_a_failure_is_no_decision() -> None:
    assert why("not_written: KeyError: 'x'").kind is Kind.FAILURE
    assert why("answer_lost").kind is Kind.DOUBT
    assert why("flow_off").kind is Kind.RULE
    assert why("a name of another version").because == "of 'a name of another version'"


def test_every_rule_can_be_said_both_ways() -> None:
    told = set(FACTS) - {"is_active", "timer_is_due", "moment_moved", "waits_for_it", "has_not_happened"}
    assert told <= set(RULES_SAID)
    for rule in told:
        for passed in (False, True):
            leaf = Reason(rule, passed, "x", "y")
            assert said(leaf)
            assert if_otherwise(leaf) != if_otherwise(Reason(rule, not passed, "x", "y"))


def test_every_event_can_be_said_both_ways() -> None:
    for kind in EventKind:
        assert said(no_sign_of(kind, True)) == EVENTS_SAID[kind].came
        assert if_otherwise(no_sign_of(kind, True)) == EVENTS_SAID[kind].if_it_had_not
        assert if_otherwise(no_sign_of(kind, False)) == EVENTS_SAID[kind].if_it_came
