"""Who may call: Basic with key and secret, or both in the query, as hosts that strip the header need."""

from __future__ import annotations

from flask import request

from sandbox.woocommerce.keys import key_of, may, secret_fits
from sandbox.woocommerce.rest.answers import RestError
from sandbox.woocommerce.shop import Shop

_LOST = "woocommerce_rest_authentication_error"
_DENIED = {
    "POST": ("woocommerce_rest_cannot_create", "Sorry, you are not allowed to create resources."),
    "PUT": ("woocommerce_rest_cannot_edit", "Sorry, you are not allowed to edit this resource."),
    "PATCH": ("woocommerce_rest_cannot_edit", "Sorry, you are not allowed to edit this resource."),
    "DELETE": ("woocommerce_rest_cannot_delete", "Sorry, you are not allowed to delete this resource."),
}


def check_key(shop: Shop) -> None:
    """Raises RestError 401, or 403 where the key's owner has lost the right to manage the shop."""
    name, secret = _credentials()
    quirks = shop.quirks()
    # Without https WordPress looks at no key, be it in the header or in the query.
    unseen = quirks["keys_revoked"] or quirks["basic_ignored"]
    key = key_of(shop, name) if name and not unseen else None
    if key is None and "oauth_consumer_key" in request.args:
        raise RestError(401, _LOST, "Consumer key is invalid.")
    if key is None:
        # An unknown key is no error of its own over https: the caller is a stranger then.
        raise RestError(401, *_denied())
    if not secret_fits(key, secret):
        raise RestError(401, _LOST, "Consumer secret is invalid.")
    doing = "read" if request.method in ("GET", "HEAD", "OPTIONS") else "write"
    if not may(key, doing) or (doing == "write" and quirks["read_only"]):
        raise RestError(401, _LOST, f"The API key provided does not have {doing} permissions.")
    if quirks["lost_rights"]:
        raise RestError(403, *_denied())


def key_name() -> str:
    """The key that a call comes with."""
    return _credentials()[0]


def _credentials() -> tuple[str, str]:
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        return basic.username or "", basic.password or ""
    return request.args.get("consumer_key", ""), request.args.get("consumer_secret", "")


def _denied() -> tuple[str, str]:
    if request.method in _DENIED:
        return _DENIED[request.method]
    verb = "view this resource" if request.view_args else "list resources"
    return "woocommerce_rest_cannot_view", f"Sorry, you cannot {verb}."
