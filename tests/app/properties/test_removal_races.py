"""Removed, forgotten, back again, in every order and in the middle of everything: nothing is mailed after the
removal, the generation that is alive is left alone, and who was to be forgotten is found nowhere."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import text

from app.db import Database
from emails.providers.registry import provider_for
from tests.app.desk import KEYS, Desk
from tests.app.properties.removal import Removal
from tests.app.properties.told_of_person import LIVE_ORDER
from tests.app.services.canary import found_in
from tests.proof import Count, Figure


@pytest.mark.timeout(5400)
def test_removal_and_forgetting_race_with_everything(
    db: Database, port: int, count: Count, figure: Figure
) -> None:
    seen: Counter[str] = Counter()
    provider = provider_for(f"smtp://127.0.0.1:{port}")
    with provider.connect() as courier:
        for seed in range(count(20, 1000)):
            removal = Removal(db, provider, seed, courier)
            removal.run()
            check(removal)
            seen.update(kinds(removal))
            rest(db, removal.shop_id)
    assert min(seen[kind] for kind in ("removed", "back", "person", "shop", "mailed", "shop and back")) >= 2
    for kind, times in seen.items():
        figure(kind, times)


def check(removal: Removal) -> None:
    where = f"seed {removal.seed}"
    desk = Desk(removal.db, removal.shop_id, keys=KEYS)
    assert removal.wrong == [], where
    assert len(removal.sent) == len(set(removal.sent)), where
    open_demands = desk.rows(
        "SELECT kind, error FROM privacy_requests WHERE done_at IS NULL OR error IS NOT NULL"
    )
    assert open_demands == [], where
    (shop,) = desk.rows("SELECT state, generation, redacted_at FROM shops WHERE id = :id", id=removal.shop_id)
    if removal.person_asked:
        assert found_in(desk) == [], where
    if removal.back:
        assert (shop.state, shop.generation) == ("connected", 2), where
        # Its own order was confirmed, once (or those 48 hours were too long for it), and all that belongs
        # to it is there.
        rows = desk.rows("SELECT state, generation FROM messages WHERE order_id = :order", order=LIVE_ORDER)
        assert [(row.state, row.generation) for row in rows] in ([("sent", 2)], [("expired", 2)]), where
        assert desk.rows("SELECT 1 FROM shop_secrets") and desk.rows("SELECT 1 FROM flow_switches"), where
        if removal.shop_asked:
            assert desk.rows("SELECT 1 FROM messages WHERE generation = 1") == [], where
            assert desk.rows("SELECT 1 FROM journeys WHERE generation = 1") == [], where
    elif removal.shop_asked:
        assert found_in(desk) == [], where
        assert shop.redacted_at is not None, where
    elif removal.removed_at:
        assert shop.state == "uninstalled", where
        assert desk.rows("SELECT 1 FROM messages WHERE state IN ('due', 'claimed')") == [], where


def kinds(removal: Removal) -> set[str]:
    found = {
        "removed": removal.removed_at is not None,
        "back": removal.back,
        "person": removal.person_asked,
        "shop": removal.shop_asked,
        "shop and back": removal.back and removal.shop_asked,
        "mailed": bool(removal.sent),
    }
    return {name for name, held in found.items() if held}


def rest(db: Database, shop_id: int) -> None:
    """The next story has the workers to itself."""
    with db.shops(shop_id) as session:
        session.execute(text("UPDATE polls SET next_at = 'infinity'"))
        session.execute(text("UPDATE wishes SET state = 'given_up'"))
        session.execute(text("DELETE FROM timers"))
        session.execute(
            text("UPDATE messages SET state = 'cancelled' WHERE state IN ('due', 'claimed', 'sending')")
        )
