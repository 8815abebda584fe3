from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.schema import SchemaMissing, read_schema, write_schema

SOURCE = Path(__file__).parents[2] / "node_modules/@shopify/dev-mcp/dist/data/admin_2026-10.json.gz"


def test_the_structure_stays_and_descriptions_go(tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "schema.gz", tmp_path / "b" / "schema.gz"
    types = write_schema(SOURCE, first)
    write_schema(SOURCE, second)
    assert first.read_bytes() == second.read_bytes()
    with gzip.open(SOURCE, "rt") as file:
        official = json.load(file)["data"]["__schema"]
    ours = read_schema(first)["__schema"]
    assert types == len(ours["types"]) == len(official["types"]) > 3000
    assert _field(ours, "Order", "name") == _without(_field(official, "Order", "name"))
    # A field may be called "description": only texts about the schema go.
    assert _field(ours, "Product", "description")["name"] == "description"
    assert '"description":"' not in json.dumps(ours, separators=(",", ":"))


def test_a_missing_file_names_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(SchemaMissing, match="make schema"):
        read_schema(tmp_path / "none.gz")
    with pytest.raises(SchemaMissing, match="make schema"):
        write_schema(tmp_path / "none.gz", tmp_path / "target.gz")


def _field(schema: Any, kind: str, name: str) -> Any:
    found = next(one for one in schema["types"] if one["name"] == kind)
    return next(field for field in found["fields"] if field["name"] == name)


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(part) for key, part in value.items() if key != "description"}
    return [_without(part) for part in value] if isinstance(value, list) else value
