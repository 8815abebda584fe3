"""What a shop remembers of a visitor: the basket, and the e-mail address of whoever is logged in.

Both are plain cookies. Nothing is trusted from them: prices come from the store, and in a sandbox
anybody may log in as anybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import request
from werkzeug.wrappers import Response

MOST_PIECES = 99
_MOST_LINES = 20
_DAYS = 30 * 24 * 3600


def basket(shop_name: str, known: set[str]) -> dict[str, int]:
    """Pieces by sku, in the order of their choosing; what is not sold any more has dropped out."""
    chosen: dict[str, int] = {}
    for part in request.cookies.get(_cookie("basket", shop_name), "").split("|")[:_MOST_LINES]:
        sku, _, pieces = part.rpartition("*")
        if sku in known and re.fullmatch("[1-9][0-9]?", pieces):
            chosen[sku] = int(pieces)
    return chosen


def keep_basket(response: Response, shop_name: str, chosen: Mapping[str, int]) -> None:
    lines = [f"{sku}*{pieces}" for sku, pieces in chosen.items() if pieces > 0]
    _keep(response, _cookie("basket", shop_name), "|".join(lines))


def logged_in(shop_name: str) -> str:
    """The e-mail address; "" where nobody is logged in."""
    return request.cookies.get(_cookie("account", shop_name), "")


def log_in(response: Response, shop_name: str, email: str) -> None:
    """An empty address logs out."""
    _keep(response, _cookie("account", shop_name), email)


def _keep(response: Response, cookie: str, value: str) -> None:
    if value:
        response.set_cookie(cookie, value, max_age=_DAYS, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(cookie, httponly=True, samesite="Lax")


def _cookie(what: str, shop_name: str) -> str:
    """Named after the shop: a browser keeps one jar for all ports of this machine."""
    return f"{what}_{re.sub('[^a-z0-9]+', '_', shop_name.lower())}"
