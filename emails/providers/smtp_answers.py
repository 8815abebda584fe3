"""What a mail server's answer means for the mail.

                       dial     MAIL FROM  RCPT TO         DATA     after the dot
4yz                    later    later      later           later    later
421                    later    later      later           later    later (always dial again)
530 534 535 538        later    later      later           later    later
503                    later    later      later           later    later
x.1.7 x.1.8, "Sender
  address rejected"    later    later      later (sender)  later    later (sender)
500 501 502 504        later    later      never           later    never
552                    later    too large  later (full)    never    never (too large)
x.2.2                  later    later      later (full)    later    later (mailbox full)
5.7.y, 554 alone       later    later      never (policy)  never    never (policy)
other 5yz              later    later      never           never    never
unreadable, no answer  later    later      later           later    may be taken (dial again)

"Never" is `permanent`, "may be taken" is `handed_over`. What a server says of our login or our sender
is not about the recipient: the mail waits until somebody has mended the settings, or until it
expires. (RFC 5321 4.2, RFC 3463, RFC 4954.)
"""

from __future__ import annotations

import re
from enum import StrEnum

from emails.providers.base import SendFailed

CLOSING = 421
UNREADABLE = -1
_BAD_SEQUENCE = 503
_LOGIN = frozenset((530, 534, 535, 538))
_NOT_UNDERSTOOD = frozenset((500, 501, 502, 504))
_OF_SENDER = frozenset(((1, 7), (1, 8)))
# Postfix looks at the sender where the recipient is named, and says so in these words alone.
_SENDER_REJECTED = re.compile(r"sender address rejected", re.IGNORECASE)
_ENHANCED = re.compile(r"[245]\.(\d{1,3})\.(\d{1,3})")


class Stage(StrEnum):
    CONNECT = "connect"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    CONTENT = "content"


def refusal(stage: Stage, code: int, text: bytes | str) -> SendFailed:
    """The failure that an unwelcome answer stands for."""
    answer = readable(text)
    if 500 <= code <= 599:
        reason, permanent = _permanent_refusal(stage, code, answer)
    elif 400 <= code <= 499:
        reason, permanent = ("server_closing" if code == CLOSING else f"{stage}_deferred"), False
    else:
        taken = stage is Stage.CONTENT
        return SendFailed("unreadable_answer", handed_over=taken, answer=answer)
    return SendFailed(reason, permanent=permanent, code=code, answer=answer)


def broken(stage: Stage) -> SendFailed:
    """The connection broke, or the time ran out, where an answer was due."""
    if stage is Stage.CONTENT:
        return SendFailed("answer_lost", handed_over=True)
    return SendFailed("no_connection" if stage is Stage.CONNECT else "connection_lost")


def _permanent_refusal(stage: Stage, code: int, answer: str) -> tuple[str, bool]:
    subject, detail = _enhanced(answer)
    if code in _LOGIN or stage is Stage.LOGIN:
        return "login_refused", False
    if stage is Stage.CONNECT:
        return "server_refused", False
    if stage is Stage.SENDER:
        return ("too_large", True) if code == 552 else ("sender_refused", False)
    if (subject, detail) in _OF_SENDER or _SENDER_REJECTED.search(answer):
        return "sender_refused", False
    if (subject, detail) == (2, 2) or (stage is Stage.RECIPIENT and code == 552):
        return "mailbox_full", False
    if code == _BAD_SEQUENCE or (stage is Stage.DATA and code in _NOT_UNDERSTOOD):
        return "out_of_step", False
    if code == 552:
        return "too_large", True
    if subject == 7 or (code == 554 and subject is None):
        return "policy", True
    if stage is Stage.RECIPIENT or subject == 1:
        return "recipient_refused", True
    return "content_refused", True


def _enhanced(answer: str) -> tuple[int, int] | tuple[None, None]:
    """Subject and detail of an enhanced status code (RFC 3463)."""
    found = _ENHANCED.match(answer)
    return (int(found[1]), int(found[2])) if found else (None, None)


def readable(text: bytes | str) -> str:
    decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(decoded.split())[:300]
