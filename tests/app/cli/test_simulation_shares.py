"""A simulation by two processes is that of one."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from app.cli import simulation_shares
from app.cli.simulation_shares import Share, simulate_together
from app.services.simulate import simulate
from flows.presets import PRESETS
from tests.app.desk import START, Desk
from tests.app.services.a_month import catalogue, month


def test_two_processes_find_what_one_finds(desk: Desk, database: Any, monkeypatch: Any) -> None:
    desk.read(catalogue())
    until = START + timedelta(days=45)
    for told in month(Random(3), 20):
        desk.now = max(desk.now, told.at)
        desk.read(told.reading)
    with desk.database.shops(desk.shop_id) as session:
        alone = simulate(session, desk.shop_id, PRESETS, START, until, desk.keys)
    assert alone.people >= 4 and alone.sent
    flows = tuple(flow.key for flow in PRESETS)
    monkeypatch.setattr(simulation_shares, "FEW", 2)
    together = simulate_together(Share(database.app_url, desk.keys, desk.shop_id, flows, START, until))
    assert together.as_plain() == alone.as_plain()
