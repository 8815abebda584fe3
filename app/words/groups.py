"""The rules that groups of shoppers are made of, as a merchant would say them."""

from __future__ import annotations

from collections.abc import Mapping

GROUP_RULES: Mapping[str, str] = {
    "order_number_is": "The order has this number for them",
    "order_number_is_not": "The order has another number for them",
    "ordered_at_least": "They have ordered often",
    "ordered_less": "They have not ordered often",
    "value_at_least": "The order is worth enough",
    "value_below": "The order is worth less",
    "spent_at_least": "They have spent enough here",
    "spent_less": "They have spent less here",
    "spends_in_top": "They are among your best buyers",
    "spends_below_top": "They are not among your best buyers",
    "bought_product": "They bought this product",
    "bought_no_product": "They did not buy this product",
    "bought_category": "They bought something of this category",
    "bought_no_category": "They bought nothing of this category",
    "bought_tag": "They bought something with this tag",
    "bought_no_tag": "They bought nothing with this tag",
    "bought_vendor": "They bought something of this brand",
    "bought_no_vendor": "They bought nothing of this brand",
    "country_is": "They live in this country",
    "country_is_not": "They live in another country",
    "region_is": "They live in this region",
    "region_is_not": "They live in another region",
    "clicked_within": "They followed a link lately",
    "not_clicked_within": "They have not followed a link lately",
    "interval_below": "They order often",
    "interval_not_below": "They do not order often",
    "not_held_out": "They are not left out for comparison",
    "is_readable": "The group that the flow is for can be read",
}

# Money is told by whoever knows the shop's currency.
GROUP_RULES_WITH_NUMBERS: Mapping[str, str] = {
    **{name: words for name, words in GROUP_RULES.items() if name.startswith(("value_", "spent_"))},
    "order_number_is": "Order number {orders} of theirs",
    "order_number_is_not": "Not order number {orders} of theirs",
    "ordered_at_least": "At least {orders} orders",
    "ordered_less": "Fewer than {orders} orders",
    "spends_in_top": "Among the {percent} % who spend most",
    "spends_below_top": "Not among the {percent} % who spend most",
    "bought_product": "Product {product} in the order",
    "bought_no_product": "No product {product} in the order",
    "bought_category": "Something of the category {category} in the order",
    "bought_no_category": "Nothing of the category {category} in the order",
    "bought_tag": "Something with the tag {tag} in the order",
    "bought_no_tag": "Nothing with the tag {tag} in the order",
    "bought_vendor": "Something by {vendor} in the order",
    "bought_no_vendor": "Nothing by {vendor} in the order",
    "country_is": "At home in {country}",
    "country_is_not": "Not at home in {country}",
    "region_is": "At home in {region}",
    "region_is_not": "Not at home in {region}",
    "clicked_within": "Followed a link in the last {days} days",
    "not_clicked_within": "Followed no link in the last {days} days",
    "interval_below": "Orders more often than every {days} days",
    "interval_not_below": "Does not order more often than every {days} days",
}
