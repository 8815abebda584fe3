"""How often something may be tried, counted in Redis in windows of real time.

Keys are hashed by who counts: an address or an order number never stands in Redis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from redis import Redis


@dataclass(frozen=True, slots=True)
class Limit:
    """`key`: what is counted, already hashed where it tells of a person."""

    name: str
    key: str
    most: int
    seconds: int


def within(redis: Redis, limits: Sequence[Limit], real: datetime) -> bool:
    """Counts one more try under every limit. False: one of them is used up.

    Raises RedisError when Redis is away.
    """
    with redis.pipeline() as pipe:
        for limit in limits:
            pipe.incr(_place(limit, real))
            pipe.expire(_place(limit, real), 2 * limit.seconds)
        counts = pipe.execute()[::2]
    return all(count <= limit.most for count, limit in zip(counts, limits, strict=True))


def used_up(redis: Redis, limit: Limit, real: datetime) -> bool:
    """Asks without counting: for what is counted only once it is known how it went.

    Raises RedisError when Redis is away.
    """
    return int(redis.get(_place(limit, real)) or 0) >= limit.most


def _place(limit: Limit, real: datetime) -> str:
    return f"doorstep:limit:{limit.name}:{limit.key}:{int(real.timestamp()) // limit.seconds}"
