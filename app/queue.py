"""The queue: RQ carries kicks, never facts. Losing it costs lateness, so its failures are not ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue as RqQueue
from rq import Worker
from rq.serializers import JSONSerializer

NAME = "doorstep"
NUDGE = "doorstep:nudge"
# A mail server may take ten minutes for its answer (RFC 5321 4.5.3.2.6); a job outlives that.
JOB_SECONDS = 720
NUDGE_WAITS_AT_MOST = 64


@dataclass(frozen=True, slots=True)
class Queue:
    """Every method returns quietly when Redis is away; the sweep finds what was missed."""

    redis: Redis

    def kick(self, job: str, *, first: bool = False) -> bool:
        """Asks a worker to run `app.jobs.entry.<job>`. False: Redis is away."""
        try:
            self._rq().enqueue_call(
                f"app.jobs.entry.{job}", timeout=JOB_SECONDS, result_ttl=0, failure_ttl=3600, at_front=first
            )
        except RedisError:
            return False
        return True

    def ring_at(self, moments: Iterable[datetime]) -> bool:
        """One timed job per second in which something is due. The job's name is the second, so that
        asking again changes nothing."""
        try:
            for moment in moments:
                self._rq().enqueue_at(
                    moment,
                    "app.jobs.entry.work",
                    job_id=f"ring-{int(moment.timestamp())}",
                    job_timeout=JOB_SECONDS,
                    result_ttl=0,
                    failure_ttl=3600,
                )
        except RedisError:
            return False
        return True

    def length(self) -> int | None:
        try:
            return int(self._rq().count)
        except RedisError:
            return None

    def nudge(self) -> bool:
        """Wakes the sweep before its next tick."""
        try:
            with self.redis.pipeline() as pipe:
                pipe.lpush(NUDGE, "1")
                pipe.ltrim(NUDGE, 0, NUDGE_WAITS_AT_MOST - 1)
                pipe.execute()
        except RedisError:
            return False
        return True

    def wait_for_nudge(self, seconds: float) -> bool:
        """Returns early when nudged. Raises RedisError when Redis is away: the caller sleeps itself."""
        nudged = self.redis.blpop([NUDGE], timeout=seconds)
        if nudged is not None:
            self.redis.delete(NUDGE)
        return nudged is not None

    def has_worker(self) -> bool:
        """Raises RedisError."""
        return self.workers() > 0

    def workers(self) -> int:
        """Raises RedisError."""
        return int(Worker.count(connection=self.redis))

    def _rq(self) -> RqQueue:
        return RqQueue(NAME, connection=self.redis, serializer=JSONSerializer)


def open_queue(url: str) -> Queue:
    return Queue(Redis.from_url(url, socket_connect_timeout=2, socket_timeout=10, health_check_interval=30))
