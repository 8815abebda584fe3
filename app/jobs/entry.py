"""What RQ calls, by name and without arguments: the database says what there is to do.

Each call works until nothing is left or its share of time is used, then leaves the rest to the next.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from app.predict.best import count_best
from app.predict.learning import learn
from app.queries.sending_domains import due_to_be_looked_at
from app.runtime import Runtime
from app.services.doubts import ask_about_doubts
from app.services.errands import run_errand
from app.services.feedback import follow_all
from app.services.heal import run_poll
from app.services.hinted_reads import read_hinted
from app.services.intake import take_in
from app.services.look import look_due
from app.services.occasions import tell_days
from app.services.privacy import run_request
from app.services.retime import move_waiting
from app.services.returned_mails import read_mailbox
from app.services.send import send_due
from app.services.sending_domain import look
from app.services.store_writes import run_write
from app.services.wake import wake_due
from emails.inbound.mailbox import MailboxAway
from emails.inbound.open_mailbox import open_mailbox
from emails.providers.base import Courier

SHARE = timedelta(seconds=20)
STORE_SHARE = timedelta(seconds=2)
RETIME_SHARE = timedelta(seconds=2)
LEARN_SHARE = timedelta(seconds=2)
DNS_SHARE = timedelta(seconds=2)

_process: list[Runtime] = []

log = logging.getLogger("doorstep.jobs")


def use(runtime: Runtime) -> None:
    """The worker's runtime, set before it forks; every job of this process finds it here."""
    _process[:] = [runtime]


def work() -> None:
    """Inbox, timers, mails, in turns: whatever comes in goes out again within the same job."""
    runtime = _process[0]
    stop = runtime.clock.real() + SHARE
    with runtime.provider.connect() as courier:
        while runtime.clock.real() < stop and _turn(runtime, courier, stop):
            pass


def _turn(runtime: Runtime, courier: Courier, stop: datetime) -> bool:
    """One batch of each. False: nothing was left."""
    now, real = runtime.clock.now(), runtime.clock.real()
    taken = take_in(runtime.database, runtime.connector, runtime.keys, now, real)
    seen = look_due(runtime.database, runtime.keys, now)
    woken = wake_due(runtime.database, runtime.keys, now)
    sent = send_due(runtime.sender(), courier, stop)
    return bool(taken or seen or woken or sent)


def errands() -> None:
    """What hints told of is read once, all together: who ordered just now waits for the mail, so hints that
    come meanwhile are left to the next job. One of all else is read besides, so that endless hints shut out
    nothing."""
    at = _process[0]
    if read_hinted(at.database, at.stores(), at.clock.now(), at.clock.real()):
        at.queue.kick("work", first=True)
        run_errand(at.database, at.stores(), at.clock.now(), at.clock.real())
        return
    _at_stores(lambda at, _stop: run_errand(at.database, at.stores(), at.clock.now(), at.clock.real()))


def heal() -> None:
    _at_stores(lambda at, stop: run_poll(at.database, at.stores(), at.clock.now(), at.clock.real(), stop))


def writes() -> None:
    _at_stores(lambda at, _stop: run_write(at.database, at.stores(), at.clock.real()))


def privacy() -> None:
    _at_stores(
        lambda at, _stop: run_request(at.database, at.keys, at.clock.now(), at.clock.real(), at.stores())
    )


def retime() -> None:
    """Nobody's mail depends on it within the minute: a timer that rings meanwhile looks for itself."""
    runtime = _process[0]
    stop = runtime.clock.real() + RETIME_SHARE
    while runtime.clock.real() < stop and move_waiting(runtime.database, runtime.keys, runtime.clock.now()):
        pass


def learn_habits() -> None:
    """Nobody waits for it: a short share, then the sweep comes back for the rest."""
    runtime = _process[0]
    stop = runtime.clock.real() + LEARN_SHARE
    while runtime.clock.real() < stop and learn(runtime.database, runtime.clock.now()):
        pass
    while runtime.clock.real() < stop and count_best(runtime.database, runtime.clock.now()):
        pass


def look_at_domains() -> None:
    """Each once: a look puts off the next one. What is left waits for the next call."""
    runtime = _process[0]
    stop = runtime.clock.real() + DNS_SHARE
    with runtime.database.crossing() as session:
        shops = due_to_be_looked_at(session, runtime.clock.real(), 50)
    for shop_id in shops:
        real = runtime.clock.real()
        if real >= stop:
            break
        found = look(runtime.database, runtime.dns(), runtime.ours(), shop_id, runtime.clock.now(), real)
        if found is not None and found.verified:
            runtime.queue.kick("work")


def follow_feedback() -> None:
    """What vendors told before its mail could be found, and what a process that died left undone."""
    at = _process[0]
    follow_all(at.database, at.keys, at.clock.now(), at.clock.real())


def read_bounces() -> None:
    """What is left waits for the next call; so does all of it where the mailbox is away."""
    at = _process[0]
    end = at.clock.real() + STORE_SHARE
    box = open_mailbox(at.config.bounce_mailbox)
    try:
        read_mailbox(
            at.database, at.keys, box, at.clock.now(), at.clock.real(), lambda: at.clock.real() >= end
        )
    except MailboxAway as error:
        log.warning("the mailbox of bounces: %s", error)


def tell_occasions() -> None:
    """Birthdays and the like: whoever has their day today, in shops that write then."""
    runtime = _process[0]
    tell_days(runtime.database, runtime.keys, runtime.clock.now())


def ask_vendors() -> None:
    """Nobody waits for it: a few calls, then the sweep comes back for the rest."""
    runtime = _process[0]
    ask_about_doubts(runtime.database, runtime.sender(), runtime.clock.now())


def _at_stores(work: Callable[[Runtime, Callable[[], bool]], bool]) -> None:
    """Calls to stores are slow and nobody waits for them: a short share, so that mails are not kept
    behind them; the sweep comes back for the rest. What the first one brought is worked through at once where
    another worker is free, the rest at the end: a job for each would keep the next share waiting."""
    runtime = _process[0]
    end = runtime.clock.real() + STORE_SHARE

    def over() -> bool:
        return runtime.clock.real() >= end

    done = 0
    while not over() and work(runtime, over):
        done += 1
        if done == 1:
            runtime.queue.kick("work", first=True)
    if done > 1:
        runtime.queue.kick("work", first=True)
