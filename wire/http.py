"""One careful HTTP client under both doors.

It calls https on public addresses only, follows no redirect, keeps no cookie, reads no proxy or
password from the environment, stops reading at 5 MB, and tells no secret in an error.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import requests
from urllib3.exceptions import HTTPError, NewConnectionError

from wire.errors import AddressRefused, NoAnswer, NoName, NotReached, NotTrusted, TooLarge, TooSlow, WireError
from wire.pinning import PinnedAdapter
from wire.target import Target, aim, is_loopback_origin
from wire.watch import at_most

__all__ = [
    "AddressRefused",
    "Answer",
    "HttpClient",
    "NoAnswer",
    "NoName",
    "NotTrusted",
    "TooLarge",
    "TooSlow",
    "WireError",
]

ANSWER_LIMIT = 5_000_000
TRIES = 3
LONGEST_PAUSE = 5.0
_PASSING = frozenset({429, 502, 503, 504})
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` have lower-case names. Headers and body stay out of repr: they may hold secrets.
    `seconds`: how long it took, from the call to the last byte."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    seconds: float = 0.0

    def json(self) -> Any:
        """Raises WireError where the body is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            pass
        raise WireError(f"the answer ({self.status}) is not JSON")


@dataclass(frozen=True, slots=True)
class HttpClient:
    """`origins`: sandbox only, exact https origin -> loopback origin ("https://fennock.example" ->
    "http://127.0.0.1:8001"). `turn`: held around each single call, which gives up after so many seconds;
    what it raises is raised. `longest`: seconds that any call may take from its beginning to its end.

    One client may serve many threads. Make a new one after a fork: it keeps connections open.
    """

    origins: Mapping[str, str] = field(default_factory=dict)
    adapter: PinnedAdapter = field(default_factory=PinnedAdapter, repr=False, compare=False)
    pause: Callable[[float], None] = field(default=time.sleep, repr=False, compare=False)
    turn: Callable[[float], AbstractContextManager[object]] = field(
        default=nullcontext, repr=False, compare=False
    )
    longest: float | None = None

    def __post_init__(self) -> None:
        for origin in self.origins.values():
            if not is_loopback_origin(origin):
                raise ValueError(f"an origin may only be mapped to this machine, not to {origin}")
        # Its debug lines repeat addresses with their queries.
        logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = 30.0,
        retry: bool = False,
    ) -> Answer:
        """One call; redirects and error statuses are answers too.

        `retry`: up to two further tries after 429, 502, 503, 504 or a lost connection, not after silence;
        only for calls that may safely happen twice. `timeout` in seconds, for connecting, for each read and
        for the whole body; three of it are the most that all of that may take. Raises WireError.
        """
        within = self.longest or 3 * timeout
        target = aim(url, params, self.origins)
        prepared = _prepare(method, target, headers, body)
        with self.turn(within):
            outcome = _attempt(self.adapter, prepared, target, timeout, within)
        for number in range(1, TRIES if retry else 1):
            if not _may_pass(outcome):
                break
            self.pause(_delay(number, outcome))
            with self.turn(within):
                outcome = _attempt(self.adapter, prepared, target, timeout, within)
        if isinstance(outcome, WireError):
            raise outcome
        return outcome


def _prepare(
    method: str, target: Target, headers: Mapping[str, str] | None, body: bytes | None
) -> requests.PreparedRequest:
    usual = {"Accept-Encoding": "gzip, deflate"}  # a part of a file is asked for as it lies there
    ours = {"User-Agent": "Doorstep", "Host": target.host}
    all_of_them = {**usual, **(headers or {}), **ours}
    try:
        return requests.Request(method, target.url, headers=all_of_them, data=body).prepare()
    except (requests.RequestException, ValueError):
        pass  # the library's text quotes the header that it refuses
    raise WireError(f"the call of {target.shown} could not be built")


def _attempt(
    adapter: PinnedAdapter, prepared: requests.PreparedRequest, target: Target, timeout: float, within: float
) -> Answer | WireError:
    where = f"{prepared.method} {target.shown}"
    with at_most(within) as watch:
        outcome = _tried(adapter, prepared, where, timeout)
    if watch.over:
        return TooSlow(f"{where}: no whole answer in time")
    if watch.asked and isinstance(outcome, NotTrusted):  # after the handshake: it may have been heard
        return NoAnswer(f"{where}: the encrypted connection broke")
    return outcome


def _tried(
    adapter: PinnedAdapter, prepared: requests.PreparedRequest, where: str, timeout: float
) -> Answer | WireError:
    """Errors are returned, not raised, so that no chain of exceptions carries an address along."""
    began = time.monotonic()
    try:
        # The adapter itself and no session: a session would follow its environment, keep cookies
        # and read the whole body of a redirect.
        response = adapter.send(prepared, stream=True, timeout=timeout)
        try:
            return _read(response, where, began, time.monotonic() + timeout)
        finally:
            response.close()
    except WireError as error:
        return type(error)(str(error))
    except requests.exceptions.SSLError:
        return NotTrusted(f"{where}: no trusted TLS connection")
    except requests.ConnectTimeout:
        return NotReached(f"{where}: no connection in time")
    except requests.Timeout:
        return TooSlow(f"{where}: no answer in time")
    except (requests.ConnectionError, TimeoutError, HTTPError) as error:
        kind = NotReached if _met_nobody(error) else NoAnswer
        return kind(f"{where}: no connection, or it broke")
    except (requests.RequestException, OSError, ValueError):
        return WireError(f"{where}: the call failed")


def _met_nobody(error: Exception) -> bool:
    cause = getattr(error.args[0], "reason", error.args[0]) if error.args else error
    return isinstance(cause, NewConnectionError)


def _read(response: requests.Response, where: str, began: float, until: float) -> Answer:
    chunks: list[bytes] = []
    size = 0
    # read1 comes back with whatever has arrived, so a server that drips meets the clock.
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > ANSWER_LIMIT:
            raise TooLarge(f"{where}: the answer is larger than {ANSWER_LIMIT} bytes")
        if time.monotonic() > until:
            raise TooSlow(f"{where}: the answer came too slowly")
        chunks.append(chunk)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, b"".join(chunks), time.monotonic() - began)


def _may_pass(outcome: Answer | WireError) -> bool:
    if isinstance(outcome, Answer):
        return outcome.status in _PASSING and _asked_pause(outcome) <= LONGEST_PAUSE
    return isinstance(outcome, NoAnswer) and not isinstance(outcome, TooSlow)


def _delay(number: int, outcome: Answer | WireError) -> float:
    jittered: float = random.uniform(0.5, 1.5) * 0.4 * 2.0**number
    return max(jittered, _asked_pause(outcome) if isinstance(outcome, Answer) else 0.0)


def _asked_pause(answer: Answer) -> float:
    """Seconds of a Retry-After header; one that gives a date or nonsense counts as none."""
    try:
        seconds = float(answer.headers.get("retry-after", ""))
    except ValueError:
        return 0.0
    return seconds if seconds > 0 else 0.0
