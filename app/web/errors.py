"""What a visitor is told when something is wrong: a reason, never an inside."""

from __future__ import annotations

import logging

from flask import Flask, g, jsonify, make_response, render_template, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.web.admin.doors import PREFIXES, Merchant, platform_of_request
from app.web.admin.refusal import Words, in_frame, refusal, refusal_of_nobody
from emails.i18n import Texts, first_spoken, tag_of

# Where people come by links in mails and pages: they read words of their own language.
SHOPPERS = ("/t/", "/r/", "/u/", "/s/", "/proxy/")

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
    seen = g.get("seen")
    if isinstance(seen, Merchant):
        return _to_a_merchant(seen, status), status
    if request.path.startswith(tuple(PREFIXES.values())):
        told = refusal_of_nobody if status >= 500 else refusal
        return told(platform_of_request(), Words(*_words(status)), status), status
    if request.path.startswith(SHOPPERS) and not request.path.endswith((".json", "/one-click")):
        return _to_a_shopper(status)
    if request.path.startswith("/webhooks/") or request.path.endswith(".json") or request.method == "POST":
        return jsonify(error=title), status
    return render_template("error.html", title=title, detail=detail), status


def _to_a_merchant(seen: Merchant, status: int) -> Response:
    """In the frame and the look of the page around it."""
    title, detail, beside = _words(status)
    page = render_template(
        "admin/error.html", seen=seen, page="", title=title, detail=detail, beside=beside, status=status
    )
    return in_frame(make_response(page), seen.frame)


def _words(status: int) -> tuple[str, str, str]:
    """Title, what is wrong, what follows from it."""
    return _WORDS.get(status, _WORDS[400] if status < 500 else _WORDS[500])


_WORDS = {
    400: ("Not understood", "This request has a shape that we do not know.", "Nothing was changed."),
    404: ("Not found", "There is nothing at this address.", "It may be gone, or belong to another shop."),
    405: ("Not possible", "This address cannot be used in that way.", "Nothing was changed."),
    413: ("Too large", "This is larger than we take.", "A logo may have up to 2 MB. Nothing was changed."),
    429: ("Too often", "This was asked too often.", "Try again in a minute. Nothing was changed."),
    500: (
        "Something broke",
        "We could not do this, and the operator can see why.",
        "Mails go on as before. Try again, or write to whoever runs this app.",
    ),
    503: (
        "Not available",
        "Our database does not answer at the moment.",
        "No mail is lost: all of them wait until it does.",
    ),
}


def _to_a_shopper(status: int) -> tuple[str, int]:
    """One answer for a link that is wrong, expired or of another shop, so that none tells the other."""
    locale = first_spoken(request.accept_languages.values())
    words = Texts(locale, markup=False)
    kind = status if status in (404, 503) else "other"
    title, detail = words(f"page.error.{kind}"), words(f"page.error.{kind}.text")
    return render_template("error.html", title=title, detail=detail, language=tag_of(locale)), status
