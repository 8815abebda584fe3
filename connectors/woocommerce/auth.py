"""Connecting a shop by wc-auth: where the merchant is sent, and what the shop hands over."""

from __future__ import annotations

import hmac
import json
import re
from urllib.parse import quote, urlencode, urlsplit

from connectors.base import Malformed, Refused
from connectors.woocommerce.places import FOLDERS, in_ascii, place
from wire.target import is_public_name

APP_NAME = "Doorstep"
# Webhooks can only be made with the right to write.
SCOPE = "read_write"

# WordPress says in each of its calls which site it is.
_CALLER = re.compile(r"WordPress/[^;\s]{1,40}; (https?://\S{1,300})")
_PATH = re.compile(FOLDERS)
_INSIDE = (
    ".localhost",
    ".localdomain",
    ".local",
    ".internal",
    ".intranet",
    ".private",
    ".corp",
    ".home",
    ".lan",
    ".arpa",
    ".onion",
)
_LONGEST = 300


def shop_address(typed: str) -> str:
    """`Shop.Example/store/` -> `https://shop.example/store`, as it is stored and called from then on.

    Raises Refused (400) for anything but a public https address. Whether its name leads to a public
    machine is checked with each call.
    """
    text = typed.strip()
    if "://" not in text:
        text = f"https://{text}"
    if len(text) > _LONGEST or "\\" in text or not text.isprintable() or " " in text:
        raise Refused(400, "this is not an address of a shop")
    try:
        parts = urlsplit(text)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        parts, name, port = urlsplit(""), "", None
    if parts.scheme != "https":
        raise Refused(400, "the shop must be reached by https")
    if "@" in parts.netloc or port not in (None, 443):
        raise Refused(400, "the address must have no user name and no port")
    host = in_ascii(name)
    if not is_public_name(host) or host.endswith(_INSIDE):
        raise Refused(400, "the address must have the shop's public name")
    return f"https://{host}{_home_path(parts.path)}"


def authorize_url(address: str, *, reference: str, callback_url: str, return_url: str) -> str:
    """Where the merchant approves. `reference` comes back as `user_id`: our own one-time token, because
    the hand-over names no shop. `callback_url` must be https, or the shop refuses."""
    asked = {
        "app_name": APP_NAME,
        "scope": SCOPE,
        "user_id": reference,
        "return_url": return_url,
        "callback_url": callback_url,
    }
    return f"{address}/wc-auth/v1/authorize?{urlencode(asked, quote_via=quote)}"


def read_hand_over(body: bytes, reference: str) -> dict[str, str]:
    """The keys in the shop's call to our `callback_url`, as a Store's `secrets`.

    They are worth nothing before a call with them reaches the shop that was typed. Raises Malformed.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise Malformed("the hand-over is not a JSON object")
    if not hmac.compare_digest(str(data.get("user_id")).encode("utf-8", "replace"), reference.encode()):
        raise Malformed("the hand-over is for another reference")
    if data.get("key_permissions") != SCOPE:
        raise Malformed("the keys may not write")
    return {
        "consumer_key": _key(data, "consumer_key", "ck_"),
        "consumer_secret": _key(data, "consumer_secret", "cs_"),
    }


def is_key(value: object, sign: str) -> bool:
    """`sign`: "ck_" of a consumer key, "cs_" of its secret."""
    return isinstance(value, str) and re.fullmatch(rf"{sign}[0-9a-f]{{40}}", value) is not None


def named_by(user_agent: str) -> str:
    """Which shop a call says that it comes from, as WordPress says it; "" where it names none."""
    caller = _CALLER.fullmatch(user_agent.strip())
    return place(caller[1]) if caller else ""


def comes_from(user_agent: str, address: str) -> bool:
    """Whether a call comes from the shop at `address`, folder and all. Somebody may have had a stranger
    approve with a reference of their own: the stranger's keys must not be tried at the address that was
    typed. A caller that names nobody may be anybody."""
    return named_by(user_agent) == place(address) != ""


def _key(data: dict[str, object], name: str, sign: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not is_key(value, sign):
        raise Malformed(f"{name} is missing or is none")
    return value


def _home_path(path: str) -> str:
    """Shops may live in a folder. What belongs to WordPress inside of it is cut off: merchants paste
    the address of their dashboard."""
    home = re.sub(r"/wp-(?:admin|login|json).*", "", path).rstrip("/")
    if not _PATH.fullmatch(home):
        raise Refused(400, "this is not an address of a shop")
    return home
