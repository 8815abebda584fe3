"""What a visitor is told when something is wrong: a reason, never an inside."""

from __future__ import annotations

import logging

from flask import Flask, jsonify, render_template, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

log = logging.getLogger("doorstep.web")


def install_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)


def _http(error: HTTPException) -> tuple[Response | str, int]:
    return _answer(error.code or 500, error.name, error.description or "")


def _database_away(error: Exception) -> tuple[Response | str, int]:
    log.warning("the database is away: %s", type(error).__name__)
    return _answer(503, "Not available", "Please try again in a moment.")


def _answer(status: int, title: str, detail: str) -> tuple[Response | str, int]:
    if request.path.startswith("/webhooks/") or request.method == "POST":
        return jsonify(error=title), status
    return render_template("error.html", title=title, detail=detail), status
