"""The sweep: looks twice a second at what waits, and keeps the queue fed. Holds no state.

Redis away: nothing is handed out, nothing is lost. The database away: the sweep waits for it.
"""

from __future__ import annotations

import logging
import signal
import time
from types import FrameType

from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from app.config import Config
from app.jobs.periodic import PERIODIC
from app.queries.waiting import Waiting, whats_waiting
from app.runtime import Runtime, build
from app.services import ledger
from app.services.switches import end_switched_off

TICK = 0.5

log = logging.getLogger("doorstep.sweep")


def run(config: Config) -> None:
    """Sweeps until SIGTERM or SIGINT."""
    running = [True]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        running[:] = [False]

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    runtime = build(config)
    last_run: dict[str, float] = {}
    while running[0]:
        try:
            tick(runtime)
            _run_periodic(runtime, last_run)
        except OperationalError as error:
            log.warning("the database is away: %s", str(error.orig).splitlines()[0] if error.orig else error)
            time.sleep(TICK)
        _rest(runtime)


def tick(runtime: Runtime) -> Waiting:
    """One look: hands out jobs for what waits, and settles rows whose holder died."""
    now, real = runtime.clock.now(), runtime.clock.real()
    with runtime.database.crossing() as session:
        waiting = whats_waiting(session, now, real)
    if waiting.lapsed:
        ledger.lapse(runtime.database, now, real)
    if waiting.switches:
        end_switched_off(runtime.database, now)
    length = runtime.queue.length()
    if length is not None and length < _room(runtime):
        _hand_out(runtime, waiting)
    return waiting


def _room(runtime: Runtime) -> int:
    """The queue is fed while it is shorter than twice the number of workers."""
    try:
        return 2 * max(1, runtime.queue.workers())
    except RedisError:
        return 0


def _hand_out(runtime: Runtime, waiting: Waiting) -> None:
    # Reads of single orders go before what is read by the page: somebody waits for a confirmation.
    if waiting.wishes:
        runtime.queue.kick("errands", first=True)
    if waiting.inbox or waiting.timers or waiting.messages:
        runtime.queue.kick("work", first=True)
    if waiting.polls:
        runtime.queue.kick("heal")
    if waiting.writes:
        runtime.queue.kick("writes")
    if waiting.privacy:
        runtime.queue.kick("privacy")
    if waiting.retimes:
        runtime.queue.kick("retime")


def _run_periodic(runtime: Runtime, last_run: dict[str, float]) -> None:
    for task in PERIODIC:
        if time.monotonic() - last_run.get(task.name, float("-inf")) >= task.every_seconds:
            last_run[task.name] = time.monotonic()
            task.run(runtime)


def _rest(runtime: Runtime) -> None:
    try:
        runtime.queue.wait_for_nudge(TICK)
    except RedisError:
        time.sleep(TICK)
