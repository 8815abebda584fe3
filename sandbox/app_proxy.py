"""What both stores do below /apps/doorstep on their own domain: the visitor's request goes to the app,
signed, and the app's answer comes back from the store's own address.

The visitor's address goes behind whatever the visitor says of it, as web servers do. No cookie passes in
either direction, the app has five seconds, and nothing of endless size goes through.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode, urlsplit

import requests
from flask import Request

from sandbox.clock import real_now

PREFIX = "/apps/doorstep"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SECONDS = 5.0
LARGEST_BODY = 1_000_000
LARGEST_ANSWER = 4_000_000

Pairs = list[tuple[str, str]]

_ADDED = ("shop", "path_prefix", "timestamp", "logged_in_customer_id", "signature")
# Headers that belong to one connection, or that the store answers for itself.
_KEPT_BACK = {
    "host", "cookie", "set-cookie", "connection", "keep-alive", "content-length", "content-encoding",
    "accept-encoding", "transfer-encoding", "te", "trailer", "upgrade", "proxy-authorization",
    "proxy-connection", "server", "date", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
    "forwarded",
}  # fmt: skip
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class ProxyProblem(Exception):
    """The app cannot be asked, or does not answer as it must. `status` is the store's answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` without those of the connection and without cookies."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The content type without its charset."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def forward(
    asked: Request, base: str, path: str, shop: str, customer_id: str, sign: Callable[[Pairs], str],
    now: datetime | None = None,
) -> Answer:  # fmt: skip
    """`base`: the app's address up to the visitor's `path`. `now`: what the store takes for the time.

    Raises ProxyProblem.
    """
    if urlsplit(base).hostname not in _LOOPBACK:
        raise ProxyProblem(502, "The app's address is outside this machine.")
    if (asked.content_length or 0) > LARGEST_BODY:
        raise ProxyProblem(413, "That is more than this page takes.")
    query = urlencode(signed_query(asked, shop, customer_id, sign, now))
    address = f"{base}/{quote(path, safe='/:@!$&()*+,;=~')}?{query}"
    headers = {name: value for name, value in asked.headers.items() if name.lower() not in _KEPT_BACK}
    seen = [*asked.headers.getlist("X-Forwarded-For"), asked.remote_addr or ""]
    headers["X-Forwarded-For"] = ", ".join(seen)
    headers["Accept-Encoding"] = "identity"
    with requests.Session() as session:
        session.trust_env = False
        try:
            with session.request(
                asked.method, address, data=asked.get_data(), headers=headers,
                timeout=SECONDS, allow_redirects=False, stream=True,
            ) as answer:  # fmt: skip
                return Answer(answer.status_code, _passed(answer.headers), _body(answer))
        except requests.RequestException as error:
            raise ProxyProblem(504, "This page does not answer just now.") from error


def signed_query(
    asked: Request, shop: str, customer_id: str, sign: Callable[[Pairs], str], now: datetime | None = None
) -> Pairs:
    """The visitor's own parameters, then the store's. A visitor cannot bring any of the latter."""
    own = [(key, value) for key, value in asked.args.items(multi=True) if key not in _ADDED]
    whole = [
        *own,
        ("shop", shop),
        ("logged_in_customer_id", customer_id),
        ("path_prefix", PREFIX),
        ("timestamp", str(int((now or real_now()).timestamp()))),
    ]
    return [*whole, ("signature", sign(whole))]


def _passed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _KEPT_BACK}


def _body(answer: requests.Response) -> bytes:
    """Raises ProxyProblem for an answer that is too large or drips."""
    end, body = time.monotonic() + SECONDS, b""
    for chunk in answer.iter_content(65_536):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise ProxyProblem(502, "The app's answer is too large.")
        if time.monotonic() > end:
            raise ProxyProblem(504, "This page does not answer just now.")
    return body
