"""What RQ calls, by name and without arguments: the database says what there is to do.

Each call works until nothing is left or its share of time is used, then leaves the rest to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.runtime import Runtime
from app.services.errands import run_errand
from app.services.heal import run_poll
from app.services.intake import take_in
from app.services.send import send_due
from app.services.wake import wake_due

SHARE = timedelta(seconds=20)
STORE_SHARE = timedelta(seconds=2)

_process: list[Runtime] = []


def use(runtime: Runtime) -> None:
    """The worker's runtime, set before it forks; every job of this process finds it here."""
    _process[:] = [runtime]


def intake() -> None:
    runtime = _process[0]
    stop = runtime.clock.real() + SHARE
    while runtime.clock.real() < stop:
        real = runtime.clock.real()
        if not take_in(runtime.database, runtime.connector, runtime.keys, runtime.clock.now(), real):
            break
        runtime.queue.kick("send", first=True)


def wake() -> None:
    runtime = _process[0]
    stop = runtime.clock.real() + SHARE
    while runtime.clock.real() < stop:
        if not wake_due(runtime.database, runtime.keys, runtime.clock.now()):
            break
        runtime.queue.kick("send", first=True)


def send() -> None:
    runtime = _process[0]
    send_due(runtime.sender(), runtime.clock.real() + SHARE)


def ring() -> None:
    """A timed job: what is due this second."""
    wake()
    send()


def errands() -> None:
    _at_stores(lambda at, _stop: run_errand(at.database, at.stores(), at.clock.now(), at.clock.real()))


def heal() -> None:
    _at_stores(lambda at, stop: run_poll(at.database, at.stores(), at.clock.now(), at.clock.real(), stop))


def _at_stores(work: Callable[[Runtime, Callable[[], bool]], bool]) -> None:
    """Calls to stores are slow and nobody waits for them: a short share, so that mails are not kept
    behind them; the sweep comes back for the rest."""
    runtime = _process[0]
    end = runtime.clock.real() + STORE_SHARE

    def over() -> bool:
        return runtime.clock.real() >= end

    while not over() and work(runtime, over):
        runtime.queue.kick("send", first=True)
