"""A file that a merchant takes along, told a line at a time however long it is."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response


def csv_file(name: str, lines: Iterator[str]) -> Response:
    kept = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(lines, mimetype="text/csv", headers=kept)
