"""A simulation shared out over processes with a connection each: people do not concern each other."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context

from sqlalchemy import text

from app.db import open_database
from app.keys import Keys
from app.queries.past import people_since
from app.services.simulate import Simulation, simulate
from flows.presets import BY_KEY

PROCESSES = 2
FEW = 500
"""People for whom no second process is worth its start."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one process is told. `flows`: keys. `people`: the orders of each."""

    database_url: str
    secrets: Keys
    shop_id: int
    flows: tuple[str, ...]
    since: datetime
    until: datetime
    people: Sequence[Sequence[str]] = ()


def simulate_together(whole: Share) -> Simulation:
    """Everybody of the shop. Reads, and writes nothing."""
    with open_database(whole.database_url, pooled=False).shops(whole.shop_id) as session:
        people = people_since(session, whole.shop_id, whole.since, whole.until)
    if len(people) < FEW:
        return _simulated(replace(whole, people=people))
    shares = [replace(whole, people=people[first::PROCESSES]) for first in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        found, *others = pool.map(_simulated, shares)
    for other in others:
        found.join(other)
    return found


def _simulated(share: Share) -> Simulation:
    flows = [BY_KEY[key] for key in share.flows]
    with open_database(share.database_url, pooled=False).shops(share.shop_id) as session:
        session.execute(text("SET TRANSACTION READ ONLY"))
        return simulate(session, share.shop_id, flows, share.since, share.until, share.secrets, share.people)
