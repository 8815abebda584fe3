"""The one version of the Admin API that this code speaks."""

from __future__ import annotations

API_VERSION = "2026-10"
