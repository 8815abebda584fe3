"""The fields of a form that two may save at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in the form: as stored, or as typed where it could not be kept. `seen`: from what it was
    made. `theirs`: by field, what somebody else has saved meanwhile."""

    values: Mapping[str, str]
    seen: str
    errors: Mapping[str, str]
    theirs: Mapping[str, str]
    said: str = ""
