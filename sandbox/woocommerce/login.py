"""Who is at the desk of the fake WordPress: one merchant, one cookie, one nonce for each session."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from flask import request
from werkzeug.wrappers import Response

from sandbox.woocommerce.shop import Shop

# Shown in the form: nobody is kept out of a sandbox, but the way in is the real one.
LOGIN = ("merchant", "sandbox")
_COOKIE = "wordpress_logged_in"


def fits(form: Mapping[str, str]) -> bool:
    return (form.get("username"), form.get("password")) == LOGIN


def log_in(shop: Shop, response: Response) -> None:
    session = secrets.token_urlsafe(24)
    shop.write("session", session, {"nonce": secrets.token_hex(5)})
    response.set_cookie(_COOKIE, session, httponly=True, samesite="Lax")


def nonce(shop: Shop) -> str | None:
    """Of the merchant who is logged in; None where nobody is."""
    session = shop.read("session", request.cookies.get(_COOKIE, ""))
    return None if session is None else str(session["nonce"])


def nonce_for(shop: Shop, action: str) -> str | None:
    """Good for one action of this session only; None where nobody is logged in."""
    session = request.cookies.get(_COOKIE, "")
    if nonce(shop) is None:
        return None
    return hmac.new(session.encode(), action.encode(), hashlib.sha256).hexdigest()[:10]
