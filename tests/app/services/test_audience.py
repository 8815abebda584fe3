"""Who of a group is told to other tools: whoever said yes, and nobody else; and that it was done is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.models.permission import ALL_CLASSES
from app.services import audience as asked
from app.services.audience import audience
from connectors.base import Reading
from flows.commerce import Address, Consent, ConsentState, OrderState
from flows.conditions import Named
from flows.segments import Segment, Unreadable
from tests.app.desk import START, Desk, an_order
from tests.app.services.statements import counted

EVERYBODY = Segment("own-1", "All", Named("is_gift") | ~Named("is_gift"))
YES = ConsentState.SUBSCRIBED


def told(desk: Desk, group: Segment | Unreadable = EVERYBODY) -> list[str]:
    found = audience(desk.database, desk.keys, desk.shop_id, group, "Mia", START + timedelta(hours=1))
    return [one.email for one in found]


def buy(desk: Desk, *names: str, state: ConsentState | None = YES, **changes: Any) -> None:
    emails = [f"{name}@example.com" for name in names]
    orders = tuple(
        an_order(id=f"o-{email}-{len(changes)}", number=email, email=email, **changes) for email in emails
    )
    consents = tuple(
        Consent(email, state, START, opt_in_level="confirmed") for email in emails if state is not None
    )
    desk.read(Reading(orders=orders, consents=consents))


def test_whoever_agreed_in_order_and_once(desk: Desk) -> None:
    buy(desk, "bo", "ada")
    buy(desk, "ada", at=START + timedelta(minutes=9))
    assert told(desk) == ["ada@example.com", "bo@example.com"]


@pytest.mark.parametrize("state", [None, *(one for one in ConsentState if one is not YES)])
@pytest.mark.parametrize("country", ["DE", "US", "CA", "GB", "AU"])
def test_nobody_who_did_not(desk: Desk, state: ConsentState | None, country: str) -> None:
    """Also where the law lets a shop write to its customers without."""
    buy(desk, "ada", state=state, shipping_address=Address(country=country))
    assert told(desk) == []


@pytest.mark.parametrize("scope", [ALL_CLASSES, "M", "offers"])
def test_nobody_who_left(desk: Desk, scope: str) -> None:
    buy(desk, "ada", "bo")
    desk.rows(
        "INSERT INTO suppressions VALUES (:shop, :hash, :scope, 'unsubscribed', :at) RETURNING 1",
        shop=desk.shop_id,
        hash=desk.keys.address_hash(desk.shop_id, "ada@example.com"),
        scope=scope,
        at=START,
    )
    assert told(desk) == ["bo@example.com"]


def test_what_a_spreadsheet_would_work_out_is_left_out(desk: Desk) -> None:
    buy(desk, "=ada", "+bo", "-cy", "dee")
    assert told(desk) == ["dee@example.com"]


def test_the_group_is_asked_by_the_newest_order(desk: Desk) -> None:
    gifts = Segment("own-1", "Gifts", Named("is_gift"))
    buy(desk, "ada", is_gift=True)
    buy(desk, "bo", is_gift=True)
    buy(desk, "ada", is_gift=False, at=START + timedelta(minutes=9))
    buy(desk, "cy", is_gift=True, state=YES, note="x", version=START, cancelled_at=None)
    assert told(desk, gifts) == ["bo@example.com", "cy@example.com"]
    buy(desk, "dee", is_gift=True, at=START + timedelta(minutes=1), note="", locale="de")
    desk.rows(
        "UPDATE orders SET body = body || CAST(:gone AS jsonb) WHERE email = 'dee@example.com' RETURNING 1",
        gone=f'{{"state": "{OrderState.GONE.value}"}}',
    )
    assert "dee@example.com" not in told(desk, gifts)
    assert told(desk, Unreadable("own-1", "Old")) == []


def test_it_is_on_record_before_the_first_address(desk: Desk) -> None:
    buy(desk, "ada")
    next(audience(desk.database, desk.keys, desk.shop_id, EVERYBODY, "Mia", START))
    (row,) = desk.rows("SELECT who, area, words FROM admin_changes")
    assert tuple(row) == ("Mia", "segments", "Addresses of All were given out.")


def test_a_batch_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    buy(desk, "a", "b", "c", "d", "e")
    with counted(desk.database) as whole:
        assert len(told(desk)) == 5
    monkeypatch.setattr(asked, "BATCH", 2)
    with counted(desk.database) as parts:
        assert len(told(desk)) == 5
    assert len(parts) > 2 * len(whole)
