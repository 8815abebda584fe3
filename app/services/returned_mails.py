"""The mailbox of our return paths: read, stored, emptied. A mail that is read twice changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import OperationalError

from app.db import Database
from app.keys import Keys
from app.services.feedback import take_events
from app.services.feedback_rows import Mail, mail_numbered, mails_of
from app.services.privacy import in_short
from emails.feedback import Feedback, Told
from emails.inbound.mailbox import Mailbox
from emails.inbound.read import Incoming, read_mail
from emails.return_path import Purpose, ReturnPath

SOURCE = "mailbox"
BATCH = 100
# A program that answers to the address that leaves wants what it says there: to leave.
_LEAVES = (Told.REPLIED, Told.UNSUBSCRIBED)

log = logging.getLogger("doorstep.bounces")


def read_mailbox(
    database: Database, keys: Keys, box: Mailbox, now: datetime, real: datetime, over: Callable[[], bool]
) -> int:
    """One batch, until `over`. Returns how many mails told of ours. Raises MailboxAway.

    A mail that stops us is put aside like one that is none of ours, and the others are read; one that the
    database could not take in stays for the next look."""
    told = 0
    with box:
        for name, raw in box.waiting(BATCH):
            try:
                ours = take_mail(database, keys, raw, now, real)
            except OperationalError as error:
                log.warning("the mail %s stays in the mailbox: %s", name, in_short(error))
            except Exception as error:  # or it would be the first of the mailbox for ever
                log.error("the mail %s stopped us and is put aside: %s", name, in_short(error))
                box.put_aside(name)
            else:
                told += ours
                (box.drop if ours else box.put_aside)(name)
            if over():
                break
    return told


def take_mail(database: Database, keys: Keys, raw: bytes, now: datetime, real: datetime) -> bool:
    """Whether it told of a mail of ours."""
    incoming = read_mail(raw, now)
    path = next(filter(None, (keys.read_return_path(one) for one in incoming.places)), None)
    events = _meant(incoming, path)
    about = _about(database, events, path)
    if not events or about is None:
        return False
    take_events(database, keys, SOURCE, events, now, real=real, about=about)
    return True


def _meant(incoming: Incoming, path: ReturnPath | None) -> list[Feedback]:
    # Whom it is about, the row of our mail says. What a stranger's letter names could be anybody.
    events = [replace(one, recipient="") for one in incoming.told]
    if path is not None and path.purpose is Purpose.LEAVE and all(one.kind in _LEAVES for one in events):
        return [replace(one, kind=Told.UNSUBSCRIBED) for one in events]
    return events


def _about(database: Database, events: list[Feedback], path: ReturnPath | None) -> Mail | None:
    """What our own address says; else whose Message-ID came back with it."""
    if path is not None:
        return mail_numbered(database, path.shop_id, path.message)
    found = mails_of(database, SOURCE, events, None)
    return next(iter(found.values()), None)
