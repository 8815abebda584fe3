"""What the rules of groups found, as the second half of a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from app.words.said import Said

SAID_OF_GROUPS: Mapping[str, Said] = {
    "order_number_is": Said(
        "it was that order of theirs",
        "it was another order of theirs",
        "it had been that order of theirs",
        "it had been another order of theirs",
    ),
    "ordered_at_least": Said(
        "they had ordered often enough",
        "they had not ordered often enough",
        "they had ordered more often",
        "they had ordered less often",
    ),
    "value_at_least": Said(
        "the order was worth enough",
        "the order was worth less",
        "the order had been worth more",
        "the order had been worth less",
    ),
    "spent_at_least": Said(
        "they had spent enough",
        "they had spent less",
        "they had spent more",
        "they had spent less",
    ),
    "spends_in_top": Said(
        "they were among the best buyers",
        "they were not among the best buyers",
        "they had been among the best buyers",
        "they had not been among the best buyers",
    ),
    "bought_product": Said(
        "the product was in the order",
        "the product was not in the order",
        "the product had been in the order",
        "the product had not been in the order",
    ),
    "bought_category": Said(
        "something of that category was in the order",
        "nothing of that category was in the order",
        "something of that category had been in the order",
        "nothing of that category had been in the order",
    ),
    "bought_tag": Said(
        "something with that tag was in the order",
        "nothing with that tag was in the order",
        "something with that tag had been in the order",
        "nothing with that tag had been in the order",
    ),
    "bought_vendor": Said(
        "something of that brand was in the order",
        "nothing of that brand was in the order",
        "something of that brand had been in the order",
        "nothing of that brand had been in the order",
    ),
    "country_is": Said(
        "they live in that country",
        "they do not live in that country",
        "they had lived in that country",
        "they had not lived in that country",
    ),
    "region_is": Said(
        "they live in that region",
        "they do not live in that region",
        "they had lived in that region",
        "they had not lived in that region",
    ),
    "clicked_within": Said(
        "they followed a link lately",
        "they did not follow a link lately",
        "they had followed a link lately",
        "they had not followed a link lately",
    ),
    "visited_within": Said(
        "they looked at an order of theirs lately",
        "they did not look at an order of theirs lately",
        "they had looked at an order of theirs lately",
        "they had not looked at an order of theirs lately",
    ),
    "interval_below": Said(
        "they order often enough",
        "they do not order often enough",
        "they had ordered at shorter intervals",
        "they had ordered at longer intervals",
    ),
    "not_held_out": Said(
        "they are not left out for comparison",
        "they were drawn to be left out for comparison",
        "they had not been drawn to be left out",
        "they had been drawn to be left out",
    ),
    "is_readable": Said(
        "the group that the flow is for could be read",
        "the group that the flow is for could not be read",
        "the group that the flow is for could have been read",
        "the group that the flow is for could not have been read",
    ),
}
