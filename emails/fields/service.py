"""The mails that help and thank."""

from __future__ import annotations

from collections.abc import Mapping

from emails.fields.field import Field

FIELDS: Mapping[str, tuple[Field, ...]] = {}
