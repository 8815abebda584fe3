"""The mails of the parcel's way."""

from __future__ import annotations

from collections.abc import Mapping

from emails.fields.field import Field

FIELDS: Mapping[str, tuple[Field, ...]] = {}
