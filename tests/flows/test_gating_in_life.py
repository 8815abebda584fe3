"""Shoppers with every score there is live through the same months: what they are asked, and when, differs by
nothing. Only how they are answered does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from flows.events import Event, EventKind, delivered_at, is_delivered
from flows.memory import Past
from flows.presets import preset
from flows.rehearsal import rehearse
from flows.rehearsed import Rehearsed, Rules
from tests.app.desk import START
from tests.flows.past_orders import SETTINGS, people
from tests.proof import Count, Figure

UNTIL = START + timedelta(days=200)
REQUEST, REPLY = "review_request", "review_reply"
BOTH = (preset(REQUEST), preset(REPLY))
RULES = Rules(BOTH, {flow.key: SETTINGS[flow.key] for flow in BOTH})
ASKED = ("ask", "nudge", "last")
Seen = list[tuple[object, ...]]


def test_scores_decide_nothing_but_the_answer(count: Count, figure: Figure) -> None:
    random = Random(5)
    asked: Counter[tuple[int, str]] = Counter()
    answered: Counter[int] = Counter()
    differences = shoppers = 0
    for theirs in people(random, count(150, 20_000)):
        written = [_reviewed(random, past) for past in theirs]
        lives = {}
        for stars in range(1, 6):
            lives[stars] = rehearse(RULES, [_scored(past, stars, 2 * stars) for past in written], UNTIL).mails
            asked.update((stars, mail.step) for mail in lives[stars] if mail.sent_at and mail.flow == REQUEST)
            answered[stars] += sum(mail.flow == REPLY and mail.sent_at is not None for mail in lives[stars])
        seen = [_without_words(mails) for mails in lives.values()]
        differences += sum(one != seen[0] for one in seen)
        shoppers += 1
    figure("shoppers", shoppers)
    for step in ASKED:
        figure(step, asked[1, step])
        assert asked[1, step] > 0
        assert {asked[stars, step] for stars in range(1, 6)} == {asked[1, step]}
    figure("answers", answered[1])
    figure("differences", differences)
    assert differences == 0 and answered[1] > 0 and len(set(answered.values())) == 1


def test_who_is_let_down_is_answered_otherwise() -> None:
    """So the scores do reach the flows."""
    answers = Counter[tuple[bool, str]]()
    random = Random(5)
    for theirs in people(random, 60):
        written = [_reviewed(random, past) for past in theirs]
        for stars in (1, 5):
            for mail in rehearse(RULES, [_scored(past, stars, stars) for past in written], UNTIL).mails:
                if mail.flow == REPLY:
                    answers[stars > 3, mail.step] += 1
    assert {key for key, number in answers.items() if number} == {(True, "share"), (False, "put_right")}


def _reviewed(random: Random, past: Past) -> Past:
    """Some of them write, some days after it came, most of them when asked."""
    picture = past.facts.picture
    came = [delivered_at(picture, one) for one in picture.live_parcels() if is_delivered(picture, one)]
    if not came or random.random() < 0.6:
        return past
    order, at = picture.order.id, max(came) + random.randrange(1, 30 * 24) * timedelta(hours=1)
    event = Event(EventKind.REVIEW_SUBMITTED, f"review:{order}", f"order:{order}", order, at)
    products = {line.product_id: at for line in picture.order.lines if line.product_id}
    return replace(past, told=(event,), facts=replace(past.facts, reviewed_products=products))


def _scored(past: Past, stars: int, score: int) -> Past:
    return replace(past, facts=replace(past.facts, stars=stars, last_score=score))


def _without_words(mails: Sequence[Rehearsed]) -> Seen:
    """All that can be seen of a mail but which of the two answers it is."""
    return [
        (
            one.order_id,
            one.flow,
            one.step if one.flow == REQUEST else "",
            one.due_at,
            one.sent_at,
            one.state,
            one.reason,
            one.code,
            tuple(one.put_off),
        )
        for one in mails
    ]
