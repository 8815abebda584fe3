"""The mails for the next purchase."""

from __future__ import annotations

from collections.abc import Mapping

from emails.fields.field import Field

FIELDS: Mapping[str, tuple[Field, ...]] = {}
