"""A claimed mail that its flow's own rules let go."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.ledger import Claimed
from flows.facts import Facts
from flows.journey import Ruling


@dataclass(frozen=True, slots=True)
class Ready:
    """`ruling`: with the reasons of everybody who looked at it so far."""

    row: Claimed
    facts: Facts
    ruling: Ruling
