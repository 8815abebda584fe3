"""Everything periodic, on one page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from app.predict.best import next_uncounted
from app.predict.learning import next_stale
from app.queries.sending_domains import due_to_be_looked_at
from app.queries.waiting import feedback_waits, next_moments
from app.runtime import Runtime
from app.services.doubts import any_doubts
from app.services.install import forget_attempts
from app.services.occasions import shops_with_days
from app.services.outage import beat
from app.services.privacy import drop_old_exports
from app.services.rests import end_rests
from app.services.vendor_health import forget_unused

AHEAD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Task:
    """Run by every sweep; running it twice changes nothing."""

    name: str
    every_seconds: float
    run: Callable[[Runtime], None]


def ring_ahead(runtime: Runtime) -> None:
    """Timed jobs for what falls due within ten minutes, so that it leaves on the second."""
    now = runtime.clock.now()
    with runtime.database.crossing() as session:
        moments = next_moments(session, now, now + AHEAD)
    ahead = runtime.clock.offset()
    runtime.queue.ring_at([moment - ahead for moment in moments])


def forget_old_attempts(runtime: Runtime) -> None:
    forget_attempts(runtime.database, runtime.clock.real())


def heartbeat(runtime: Runtime) -> None:
    """Who finds that nothing beat for a while has every shop's orders read again."""
    beat(runtime.database, runtime.clock.now(), runtime.clock.real())


def forget_unused_accounts(runtime: Runtime) -> None:
    forget_unused(runtime.database, runtime.clock.real())


def drop_exports(runtime: Runtime) -> None:
    drop_old_exports(runtime.database, runtime.clock.real())


def learn_habits(runtime: Runtime) -> None:
    """Of products that were bought since, and of the best buyers; done by a worker, a share at a time."""
    now = runtime.clock.now()
    with runtime.database.crossing() as session:
        waits = next_stale(session, now) is not None or next_uncounted(session, now) is not None
    if waits:
        runtime.queue.kick("learn_habits")


def tell_occasions(runtime: Runtime) -> None:
    """Every hour, because a day begins at another hour in every shop; what was told is not told again."""
    with runtime.database.crossing() as session:
        waits = bool(shops_with_days(session))
    if waits:
        runtime.queue.kick("tell_occasions")


def look_at_domains(runtime: Runtime) -> None:
    """DNS may be slow: a worker asks it."""
    with runtime.database.crossing() as session:
        waits = bool(due_to_be_looked_at(session, runtime.clock.real(), 1))
    if waits:
        runtime.queue.kick("look_at_domains")


def follow_feedback(runtime: Runtime) -> None:
    with runtime.database.crossing() as session:
        waits = feedback_waits(session)
    if waits:
        runtime.queue.kick("follow_feedback")


def read_bounces(runtime: Runtime) -> None:
    if runtime.config.bounce_mailbox:
        runtime.queue.kick("read_bounces")


def end_old_rests(runtime: Runtime) -> None:
    end_rests(runtime.database, runtime.clock.now())


def ask_vendors(runtime: Runtime) -> None:
    """Whether they have the mails that are in doubt, where they can say; a worker has the time to wait."""
    if any_doubts(runtime.database, runtime.clock.now()):
        runtime.queue.kick("ask_vendors")


PERIODIC = (
    Task("heartbeat", 60, heartbeat),
    Task("ring_ahead", 60, ring_ahead),
    Task("learn_habits", 60, learn_habits),
    Task("tell_occasions", 3600, tell_occasions),
    Task("look_at_domains", 300, look_at_domains),
    Task("follow_feedback", 20, follow_feedback),
    Task("read_bounces", 60, read_bounces),
    Task("end_rests", 600, end_old_rests),
    Task("ask_vendors", 300, ask_vendors),
    Task("forget_old_attempts", 3600, forget_old_attempts),
    Task("forget_unused_accounts", 3600, forget_unused_accounts),
    Task("drop_old_exports", 3600, drop_exports),
)
