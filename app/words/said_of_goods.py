"""What the rules found about the goods and about what is foreseen, as the second half of a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from app.words.said import Said

SAID_OF_GOODS: Mapping[str, Said] = {
    "is_consumable": Said(
        "the order held something that gets used up",
        "nothing in the order gets used up",
        "the order had held something that gets used up",
        "nothing in the order had been of the kind that gets used up",
    ),
    "is_durable": Said(
        "the order held something made to last",
        "nothing in the order is made to last",
        "the order had held something made to last",
        "nothing in the order had been made to last",
    ),
    "is_digital": Said(
        "the order held something digital",
        "nothing in the order is digital",
        "the order had held something digital",
        "nothing in the order had been digital",
    ),
    "kind_is": Said(
        "the products are of that kind",
        "the products are of another kind",
        "the products had been of that kind",
        "the products had been of another kind",
    ),
    "has_run_out": Said(
        "it could be said when something runs out",
        "it could not be said when something runs out",
        "it could have been said when something runs out",
        "it could not have been said when something runs out",
    ),
    "has_picks": Said(
        "there were products that go with it",
        "no products go with it",
        "there had been products that go with it",
        "there had been no products that go with it",
    ),
    "away_for": Said(
        "they had not ordered for that long",
        "they ordered not that long ago",
        "they had not ordered for that long",
        "they had ordered in the meantime",
    ),
    "away_beyond_rhythm": Said(
        "they stayed away for longer than usual",
        "they did not stay away for longer than usual",
        "they had stayed away for longer than usual",
        "they had not stayed away for longer than usual",
    ),
    "stage_is": Said(
        "they were at that stage as a customer",
        "they were at another stage as a customer",
        "they had been at that stage as a customer",
        "they had been at another stage as a customer",
    ),
}
