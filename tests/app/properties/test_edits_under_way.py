"""Flows are edited, deployed, switched, paused and turned while journeys run: nothing is sent twice, nothing
is lost, and whatever ended before its time says why."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from app.db import open_database
from app.words.reasons import REASONS
from flows.presets import PRESETS
from tests.app.desk import START, Desk, connect_shop
from tests.app.properties.edits import Editor
from tests.app.services.a_month import catalogue, month
from tests.conftest import a_database
from tests.proof import FULL, Count, Figure

UNTIL = START + timedelta(days=250)
OVER = "done", "ended", "declined"
NewDesk = Callable[[], AbstractContextManager[Desk]]
FINAL = "sent", "skipped", "cancelled", "expired"
EACH = 50
"""Edits of one month: then it is another one, so that no month is edited to pieces."""
ORDERS = 15 if FULL else 12


def lived(desk: Desk, seed: int, edits: int, harmless: bool = False) -> Editor:
    """A month and what follows from it, with so many edits in the middle."""
    desk.read(catalogue())
    editor = Editor(desk, Random(seed), edits, harmless)
    editor.live(month(Random(seed), ORDERS // 2 if harmless or not edits else ORDERS), UNTIL)
    assert editor.left == 0
    return editor


@pytest.fixture
def new_desk(postgres: Any, request: Any) -> NewDesk:
    """A new shop for each time that it is called, the only one of its database."""
    numbers = itertools.count(1)

    @contextmanager
    def make() -> Iterator[Desk]:
        with a_database(postgres, f"edits_{abs(hash(request.node.name))}_{next(numbers)}") as made:
            opened = open_database(made.app_url)
            try:
                yield connect_shop(opened)
            finally:
                opened.engine.dispose()

    return make


@pytest.mark.timeout(3000)
def test_whatever_is_edited_nothing_is_doubled_or_lost(
    new_desk: NewDesk, count: Count, figure: Figure
) -> None:
    made: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    mails: Counter[str] = Counter()
    for seed in range(count(EACH, 1000) // EACH):
        with new_desk() as desk:
            editor = lived(desk, seed, EACH)
            made += editor.made
            nothing_twice(editor)
            nothing_stands_still(desk)
            every_event_was_answered(editor)
            ends.update(every_end_is_explained(desk))
            mails.update(row.state for row in desk.rows("SELECT state FROM messages"))
    assert mails["sent"] > 2 * ORDERS and made["deploy"] >= EACH / 5
    for found in (made, mails, ends):
        for name, number in sorted(found.items()):
            figure(name, number)


@pytest.mark.timeout(3000)
def test_what_changes_nothing_changes_nothing(new_desk: NewDesk, count: Count, figure: Figure) -> None:
    """The same steps deployed anew, a number turned and turned back, off and on again within ten seconds."""
    mails = 0
    for seed in range(100, 100 + count(EACH, 300) // EACH):
        with new_desk() as desk:
            plain = outcome(lived(desk, seed, 0).desk)
        with new_desk() as desk:
            edited = outcome(lived(desk, seed, EACH, harmless=True).desk)
        assert edited == plain
        mails += plain.total()
    assert mails > 2 * ORDERS
    figure("mails", mails)


def outcome(desk: Desk) -> Counter[tuple[str, ...]]:
    rows = desk.rows("SELECT order_id, flow_key, step, state, coalesce(reason, '') AS why FROM messages")
    return Counter((row.order_id, row.flow_key, row.step, row.state, row.why) for row in rows)


def nothing_twice(editor: Editor) -> None:
    """Each row left once, and no journey sent the same mail under another name."""
    left = Counter(mail.headers["X-Doorstep-Row"] for mail in editor.box.mails)
    rows = editor.desk.rows("SELECT id, journey_id, template FROM messages WHERE state = 'sent'")
    assert left == Counter(str(row.id) for row in rows)
    assert max(Counter((row.journey_id, row.template) for row in rows).values()) == 1


def nothing_stands_still(desk: Desk) -> None:
    """All is over, so far behind the last order."""
    states = {row.state for row in desk.rows("SELECT DISTINCT state FROM messages")}
    assert states <= set(FINAL), states
    journeys = desk.rows("SELECT flow_key, step, status, wake_at FROM journeys")
    assert [row for row in journeys if row.status not in OVER] == []
    assert desk.rows("SELECT FROM timers") == []


def every_event_was_answered(editor: Editor) -> None:
    """By a journey of every flow that it begins, or by why there is none."""
    begun = {
        (row.flow_key, subject)
        for row in editor.desk.rows("SELECT flow_key, subject, event_key, order_id FROM journeys")
        for subject in (row.subject, row.event_key, row.order_id)
    }
    for event in editor.desk.rows("SELECT kind, key, subject, order_id, declined FROM events"):
        for flow in PRESETS:
            if event.kind in {kind.value for kind in flow.triggers} and flow.per != "person":
                wanted = event.key if flow.per == "event" else event.subject
                assert (flow.key, wanted) in begun or flow.key in event.declined, (flow.key, event)


def every_end_is_explained(desk: Desk) -> Iterator[str]:
    """In words that a merchant reads."""
    for row in desk.rows("SELECT flow_key, status, end_reason FROM journeys"):
        reason = row.end_reason or ""
        assert reason == "done" or reason in REASONS, row
        yield f"ended: {reason}"
    for row in desk.rows("SELECT flow_key, step, state, reason FROM messages WHERE state <> 'sent'"):
        assert row.reason in REASONS, row
        yield f"{row.state}: {row.reason}"
