"""Every question that a flow may ask of the facts, by its permanent name."""

from __future__ import annotations

from collections.abc import Mapping

from flows.questions import happened, order, person, shop
from flows.questions.rule import Rule

RULES: Mapping[str, Rule] = {
    rule.name: rule for family in (shop, order, happened, person) for rule in family.RULES
}
