"""How many calls to one store are made at the same time, whichever of our processes makes them.

A turn is an entry in Redis with an end of its own, by the clock of Redis: one of a process that was killed
lapses. Without Redis each process keeps to the number by itself.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from redis import Redis
from redis.exceptions import RedisError

# What a small shop's host bears beside its shoppers.
MOST = 2
# Nobody waits longer than this for a turn: the work is put off instead, and the worker does other things.
PATIENCE = 3.0
# Beyond the end that a call sets itself.
_SPARE = 10.0
_LOOK_AGAIN = 0.05


class NoTurn(Exception):
    """As many calls as there may be are under way already."""


@dataclass(frozen=True, slots=True)
class Turns:
    """One for a process. `redis` None: this process alone counts."""

    redis: Redis | None
    most: int = MOST
    patience: float = PATIENCE
    here: Counter[str] = field(default_factory=Counter, repr=False, compare=False)
    freed: threading.Condition = field(default_factory=threading.Condition, repr=False, compare=False)

    @contextmanager
    def taken(self, store: str, seconds: float) -> Iterator[None]:
        """Holds a turn at `store` for a call that has ended after `seconds`. Raises NoTurn."""
        until = time.monotonic() + self.patience
        self._take_here(store, until)
        try:
            token = self._take(store, seconds, until)
            try:
                yield
            finally:
                self._give_back(store, token)
        finally:
            with self.freed:
                self.here[store] -= 1
                if not self.here[store]:
                    del self.here[store]
                self.freed.notify_all()

    def _take_here(self, store: str, until: float) -> None:
        with self.freed:
            free = self.freed.wait_for(lambda: self.here[store] < self.most, until - time.monotonic())
            if not free:
                raise NoTurn(store)
            self.here[store] += 1

    def _take(self, store: str, seconds: float, until: float) -> str | None:
        """None: Redis is away, and this process counts for itself."""
        token, lasts = secrets.token_hex(8), int(1000 * (seconds + _SPARE))
        while self.redis is not None:
            try:
                if self.redis.eval(_TAKE, 1, _place(store), token, lasts, self.most):
                    return token
            except RedisError:
                break
            if time.monotonic() >= until:
                raise NoTurn(store)
            time.sleep(_LOOK_AGAIN)
        return None

    def _give_back(self, store: str, token: str | None) -> None:
        """What cannot be given back lapses."""
        if self.redis is None or token is None:
            return
        with suppress(RedisError):
            self.redis.zrem(_place(store), token)


def _place(store: str) -> str:
    return f"doorstep:turns:{store}"


# Entries whose end has passed go first. One script, so that two who come together count each other.
_TAKE = """
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', at)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], at + ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1
"""
