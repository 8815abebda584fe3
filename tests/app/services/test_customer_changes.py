"""Two customers become one; a customer that the store no longer has is not kept here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from connectors.base import Gone, Noun, Reading
from connectors.news import Merge
from flows.commerce import Customer
from tests.app.desk import START, Desk, an_order


def people(desk: Desk) -> dict[str, dict[str, Any]]:
    return {row.id: {**row.body, "column": row.email} for row in desk.rows("SELECT * FROM customers")}


def buyers(desk: Desk) -> dict[str, str | None]:
    rows = desk.rows("SELECT id, body->>'customer_id' AS buyer FROM orders")
    return {row.id: row.buyer for row in rows}


def two(desk: Desk) -> None:
    desk.read(
        Reading(
            orders=(
                an_order(id="1", number="1", customer_id="7"),
                an_order(id="2", number="2", customer_id="8"),
                an_order(id="3", number="3", customer_id="9"),
            ),
            customers=(
                Customer("7", START, "mia@example.com", "Mia"),
                Customer("8", START + timedelta(days=1), "mia@work.example", "M.", "Hart", phone="+49 30 1"),
            ),
        )
    )


def test_what_only_the_other_knew_is_taken_over(desk: Desk) -> None:
    two(desk)
    desk.read(Reading(merges=(Merge(kept="7", gone="8"),)))
    found = people(desk)
    assert set(found) == {"7"}
    kept = found["7"]
    assert (kept["id"], kept["column"], kept["email"]) == ("7", "mia@example.com", "mia@example.com")
    assert (kept["first_name"], kept["last_name"], kept["phone"]) == ("Mia", "Hart", "+49 30 1")
    assert buyers(desk) == {"1": "7", "2": "7", "3": "9"}


def test_again_changes_nothing(desk: Desk) -> None:
    two(desk)
    desk.read(Reading(merges=(Merge(kept="7", gone="8"),)))
    before = people(desk), buyers(desk)
    desk.read(Reading(merges=(Merge(kept="7", gone="8"),)))
    assert (people(desk), buyers(desk)) == before


def test_one_that_is_not_known_lives_on_as_what_the_other_was(desk: Desk) -> None:
    two(desk)
    desk.read(Reading(merges=(Merge(kept="70", gone="8"),)))
    found = people(desk)
    assert set(found) == {"7", "70"} and found["70"]["id"] == "70"
    assert buyers(desk) == {"1": "7", "2": "70", "3": "9"}


def test_merges_of_one_batch_follow_each_other(desk: Desk) -> None:
    two(desk)
    desk.read(Reading(merges=(Merge(kept="8", gone="7"), Merge(kept="9", gone="8"))))
    assert set(people(desk)) == {"9"}
    assert set(buyers(desk).values()) == {"9"}


def test_a_customer_that_the_store_deleted_goes_and_its_orders_stay(desk: Desk) -> None:
    two(desk)
    desk.read(Reading(gone=(Gone(Noun.CUSTOMER, "8"),)))
    assert set(people(desk)) == {"7"}
    assert buyers(desk)["2"] == "8"
