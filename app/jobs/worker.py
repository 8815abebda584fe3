"""A worker: one RQ worker on the one queue, its scheduler beside it for the timed jobs."""

from __future__ import annotations

import gc

from rq import Worker
from rq.serializers import JSONSerializer

from app.config import Config
from app.jobs import entry
from app.queue import NAME
from app.runtime import build
from emails.render import compile_all

# A scheduler that died is replaced within a minute instead of a quarter of an hour.
WORKER_TTL = 45
MAINTENANCE_SECONDS = 30
RECONNECT_SECONDS = 5


class PromptWorker(Worker):
    """Back within seconds after Redis was away, where RQ would wait up to a minute."""

    max_connection_wait_time = RECONNECT_SECONDS


def run(config: Config) -> None:
    """Works until it is told to stop. Everything is imported and compiled before the first fork; no
    connection is opened, so that none is shared with a child."""
    runtime = build(config)
    entry.use(runtime)
    compile_all()
    tune_collector()
    worker = PromptWorker(
        [NAME],
        connection=runtime.queue.redis,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_SECONDS,
    )
    worker.work(with_scheduler=True, logging_level="WARNING")


def tune_collector() -> None:
    """What was loaded before the fork is never collected, so no child looks through it; and a batch makes
    thousands of values that all live as long as it does: looking for garbage among them each 700 cost a
    quarter of an import's time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
