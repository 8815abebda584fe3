"""Every question that a flow may ask of the facts, by its permanent name."""

from __future__ import annotations

from collections.abc import Mapping

from flows.questions import again, foreseen, group, happened, order, person, product, service, shop, way
from flows.questions.rule import Rule

_FAMILIES = (shop, order, happened, person, product, service, foreseen, again, way, group)

RULES: Mapping[str, Rule] = {rule.name: rule for family in _FAMILIES for rule in family.RULES}
