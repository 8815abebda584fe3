"""What came of a shop's flows in 30 days and in the 30 before: mails, people, clicks, reviews."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Session

PERIOD = timedelta(days=30)
# A journey counts where its first mail left; that may have been before the window of its last one.
LOOK_BACK = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Figures:
    """`people`: whose first mail left in the period. Of them `clicked` opened a link, `reviewed` wrote a
    review of that order after the first mail. `returned`: mails that came back; of steps alone."""

    mails: int = 0
    people: int = 0
    clicked: int = 0
    reviewed: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Periods:
    now: Figures = Figures()
    before: Figures = Figures()


def load_figures(
    session: Session, shop_id: int, now: datetime, flow_key: str | None = None
) -> dict[str, Periods]:
    """By flow; one that sent nothing is absent. One statement, which reads the mails of `flow_key` alone
    where one is named."""
    found: dict[str, dict[bool, Figures]] = defaultdict(dict)
    parameters = {
        "shop": shop_id,
        "now": now,
        "since": now - PERIOD,
        "before": now - 2 * PERIOD,
        "earliest": now - 2 * PERIOD - LOOK_BACK,
        **({"flow": flow_key} if flow_key else {}),
    }
    for row in session.execute(text(by_flow(of_one=flow_key is not None)), parameters):
        found[row.flow_key][row.recent] = Figures(row.mails, row.people, row.clicked, row.reviewed)
    return {
        key: Periods(periods.get(True, Figures()), periods.get(False, Figures()))
        for key, periods in found.items()
    }


def load_step_figures(session: Session, shop_id: int, flow_key: str, now: datetime) -> dict[str, Figures]:
    """By step, of the last 30 days; a review belongs to the mail whose star or link led to it."""
    rows = session.execute(_BY_STEP, {"shop": shop_id, "flow": flow_key, "now": now, "since": now - PERIOD})
    return {row.step: Figures(row.mails, row.people, row.clicked, row.reviewed, row.returned) for row in rows}


def by_flow(*, of_one: bool) -> str:
    """The statement behind the figures."""
    return _BY_FLOW.replace("/* which */", "AND m.flow_key = :flow" if of_one else "")


_BY_FLOW = """
WITH sent AS (
    SELECT m.flow_key, m.journey_id, m.order_id, m.sent_at, EXISTS (
        SELECT FROM message_events e WHERE e.shop_id = :shop AND e.message_id = m.id AND e.kind = 'clicked'
    ) AS clicked
    FROM messages m WHERE m.shop_id = :shop AND m.state = 'sent' /* which */
        AND m.sent_at > :earliest AND m.sent_at <= :now
), people AS (
    SELECT flow_key, order_id, min(sent_at) AS first, bool_or(clicked) AS clicked
    FROM sent GROUP BY flow_key, journey_id, order_id
)
SELECT flow_key, recent, sum(mails)::bigint AS mails, sum(people)::bigint AS people,
    sum(clicked)::bigint AS clicked, sum(reviewed)::bigint AS reviewed
FROM (
    SELECT flow_key, sent_at > :since AS recent, count(*) AS mails, 0 AS people, 0 AS clicked, 0 AS reviewed
    FROM sent WHERE sent_at > :before GROUP BY 1, 2
    UNION ALL
    SELECT p.flow_key, p.first > :since, 0, count(*), count(*) FILTER (WHERE p.clicked),
        count(*) FILTER (WHERE EXISTS (SELECT FROM reviews r WHERE r.shop_id = :shop
            AND r.order_id = p.order_id AND r.submitted_at >= p.first))
    FROM people p WHERE p.first > :before GROUP BY 1, 2
) both_kinds GROUP BY flow_key, recent
"""

_BY_STEP = text("""
SELECT m.step, count(*) AS mails, count(DISTINCT m.journey_id) AS people,
    count(*) FILTER (WHERE EXISTS (SELECT FROM message_events e WHERE e.shop_id = :shop
        AND e.message_id = m.id AND e.kind = 'clicked')) AS clicked,
    count(*) FILTER (WHERE EXISTS (SELECT FROM reviews r WHERE r.shop_id = :shop
        AND r.order_id = m.order_id AND r.message_id = m.id)) AS reviewed,
    count(*) FILTER (WHERE m.delivery = 'bounced') AS returned
FROM messages m WHERE m.shop_id = :shop AND m.flow_key = :flow AND m.state = 'sent'
    AND m.sent_at > :since AND m.sent_at <= :now
GROUP BY m.step
""")
