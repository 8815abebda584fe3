"""What a merchant can put a group together from: one line of the form for each rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flows.kinds import TimingKind
from flows.stages import Stage


class Entry(StrEnum):
    """What is typed beside it."""

    NOTHING = "nothing"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    WORDS = "words"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """`rule` and its one `argument`; "" for a rule without any. `example`: what is typed, for instance."""

    rule: str
    title: str
    entry: Entry = Entry.NOTHING
    argument: str = ""
    most: int = 10_000
    example: str = ""
    choices: tuple[str, ...] = ()


FIELDS: tuple[Field, ...] = (
    Field("is_first_order", "It is their first order"),
    Field("order_number_is", "It is their order number", Entry.NUMBER, "orders", example="3"),
    Field("ordered_at_least", "Orders so far, at least", Entry.NUMBER, "orders", example="4"),
    Field("interval_below", "Days between their orders, below", Entry.NUMBER, "days", example="45"),
    Field("value_at_least", "Value of the order, at least", Entry.MONEY, "amount", example="80.00"),
    Field("spent_at_least", "Spent here so far, at least", Entry.MONEY, "amount", example="500.00"),
    Field("spends_in_top", "Among the best buyers, top %", Entry.PERCENT, "percent", 50, "10"),
    Field("bought_product", "Bought the product (its number)", Entry.WORDS, "product", example="1042"),
    Field("bought_category", "Bought something of the category", Entry.WORDS, "category", example="Coffee"),
    Field("bought_tag", "Bought something with the tag", Entry.WORDS, "tag", example="sale"),
    Field("bought_vendor", "Bought something of the brand", Entry.WORDS, "vendor", example="Hollow Pine"),
    Field("is_consumable", "Bought something that gets used up"),
    Field("is_durable", "Bought something made to last"),
    Field("is_digital", "Bought something digital"),
    Field(
        "kind_is",
        "Kind of product",
        Entry.CHOICE,
        "kind",
        example=TimingKind.STANDARD.value,
        choices=tuple(kind.value for kind in TimingKind),
    ),
    Field("is_gift", "The order is a gift"),
    Field("country_is", "Lives in the country (two letters)", Entry.WORDS, "country", example="DE"),
    Field("region_is", "Lives in the region (its code)", Entry.WORDS, "region", example="CA"),
    Field("clicked_within", "Followed a link in the last days", Entry.NUMBER, "days", example="90"),
    Field("visited_within", "Looked at an order in the last days", Entry.NUMBER, "days", example="90"),
    Field(
        "stage_is",
        "Stage as a customer",
        Entry.CHOICE,
        "stage",
        example=Stage.AT_RISK.value,
        choices=tuple(stage.value for stage in Stage),
    ),
)
BY_RULE: Mapping[str, Field] = {field.rule: field for field in FIELDS}
