"""What the rules about the things that were bought say."""

from __future__ import annotations

from flows.conditions import Condition, is_consumable, is_digital, is_durable, kind_is
from flows.facts import Facts
from flows.kinds import KindSaid, TimingKind
from tests.flows.pictures import BEANS, MUG, T0, facts, line, order, picture, refund

GRINDER = line("grinder")
FILE = line("file", ships=False)
CARD = line("card", ships=False, gift_card=True)
BOTH = facts(picture(order(MUG, BEANS)))
BEANS_BACK = facts(picture(order(MUG, BEANS), refunds=(refund((BEANS, 1), at=T0),)))

CASES: list[tuple[Condition, Facts, bool]] = [
    (is_consumable, BOTH, True),
    (is_consumable, BEANS_BACK, False),
    (is_consumable, facts(picture(order(line("mystery")))), False),
    (is_consumable, facts(kinds_said={"p-mug": KindSaid(consumable=True)}), True),
    (is_consumable, facts(kinds_said={"p-mug": KindSaid(lasts_days=30)}), True),
    (is_consumable, facts(picture(order(BEANS)), kinds_said={"p-beans": KindSaid(consumable=False)}), False),
    (is_durable, BOTH, True),
    (is_durable, facts(picture(order(BEANS))), False),
    (is_durable, facts(kinds_said={"p-mug": KindSaid(durable=False)}), False),
    (is_durable, facts(picture(order(GRINDER))), True),
    (is_digital, facts(picture(order(FILE))), True),
    (is_digital, facts(picture(order(FILE, source="pos"))), False),
    (is_digital, facts(picture(order(CARD))), False),
    (is_digital, facts(), False),
    (is_digital, facts(kinds_said={"p-mug": KindSaid(digital=True)}), True),
    (kind_is(TimingKind.COMPLEX), facts(picture(order(BEANS, GRINDER))), True),
    (kind_is(TimingKind.FAST), facts(picture(order(BEANS, GRINDER))), False),
    (kind_is(TimingKind.FAST), facts(kinds_said={"p-mug": KindSaid(TimingKind.FAST)}), True),
]
