"""Whoever moves several mails locks the earlier ones first, as whoever cancels a person's mails does: of two
that did otherwise the database would end one, and a person's leaving would be an error."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic, sleep

import pytest
from sqlalchemy import text

from app.db import Session
from app.queries.brand import Choice
from app.services import brakes, brand, ledger
from app.services.ledger import Settled
from app.services.mail_accounts import drop_account
from app.services.paces import choose_pace
from app.services.postal import NO_ADDRESS
from app.services.vendor_health import AWAY
from flows.desk import READER_PACE
from flows.pace import AS_THEY_COME
from tests.app.desk import KEYS, Desk
from tests.app.services.offers import open_shop, plan

READER = "mia@example.com"
Writer = Callable[[Desk, list[int]], object]


def _settled(desk: Desk, mails: list[int]) -> None:
    ledger.settle(desk.database, [Settled(one, 1, "due") for one in reversed(mails)], desk.now)


def _lapsed(desk: Desk, _: list[int]) -> None:
    ledger.lapse(desk.database, desk.now, desk.real)


def _paced(desk: Desk, mails: list[int]) -> None:
    hashed = KEYS.address_hash(desk.shop_id, READER)
    choose_pace(desk.database, desk.shop_id, mails[0], hashed, AS_THEY_COME, desk.now)


def _given_an_address(desk: Desk, _: list[int]) -> None:
    with desk.database.shops(desk.shop_id) as session:
        brand.save(session, desk.shop_id, 0, Choice(postal_address="Lindenweg 12"), "Mia", desk.now)


def _without_an_account(desk: Desk, _: list[int]) -> None:
    with desk.database.shops(desk.shop_id) as session:
        drop_account(session, desk.shop_id, desk.now)


def _let_go(desk: Desk, _: list[int]) -> None:
    desk.rows("UPDATE shops SET brake = 'brake_bounces' RETURNING 1")
    with desk.database.shops(desk.shop_id) as session:
        brakes.let_go(session, desk.shop_id, desk.now, "Mia")


@pytest.mark.parametrize(
    ("write", "state", "reason"),
    [
        (_settled, "claimed", None),
        (_lapsed, "claimed", None),
        (_paced, "due", READER_PACE),
        (_given_an_address, "due", NO_ADDRESS),
        (_without_an_account, "due", AWAY),
        (_let_go, "due", brakes.BOUNCES),
    ],
)
def test_the_earlier_mail_is_locked_first(desk: Desk, write: Writer, state: str, reason: str | None) -> None:
    open_shop(desk, READER)
    mails = [plan(desk, "replenishment"), plan(desk, "win_back")]
    # The earlier one is found last: by its instant, and where its row lies.
    for place, one in enumerate(reversed(mails)):
        desk.rows(
            "UPDATE messages SET state = :state, reason = :reason, token = 1, next_at = :at,"
            " lease_until = :ended, recipient = :reader WHERE id = :id RETURNING id",
            state=state,
            reason=reason,
            at=desk.now + timedelta(hours=1 + place),
            ended=desk.real - timedelta(hours=1),
            reader=READER,
            id=one,
        )
    with ThreadPoolExecutor(1) as pool:
        with desk.database.shops(desk.shop_id) as session:
            _lock(desk, session, mails[0])
            writing = pool.submit(write, desk, mails)
            _until_somebody_waits(desk)
            session.execute(text("SET LOCAL lock_timeout = '500ms'"))
            _lock(desk, session, mails[1])
        writing.result(timeout=20)
    moved = desk.rows("SELECT state, next_at FROM messages ORDER BY id")
    assert all(row.state == "due" for row in moved)
    assert state == "claimed" or all(row.next_at == desk.now for row in moved), "both are due at once"


def _lock(desk: Desk, session: Session, mail: int) -> None:
    session.execute(
        text("SELECT id FROM messages WHERE shop_id = :shop AND id = :id FOR NO KEY UPDATE"),
        {"shop": desk.shop_id, "id": mail},
    )


def _until_somebody_waits(desk: Desk) -> None:
    end = monotonic() + 10
    while not desk.rows("SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1"):
        assert monotonic() < end, "nobody came to wait"
        sleep(0.02)
