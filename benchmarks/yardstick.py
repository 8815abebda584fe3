"""What a machine's CPU is worth: the standard library builds a message of 36,000 bytes of HTML, which has
nothing of ours in it. Promises in microseconds were made for a machine that takes 1,880 for that; on a slower
one they hold in proportion, and both figures are printed."""

from __future__ import annotations

import time
from email.message import EmailMessage

MESSAGE = 1_880e-6
_LINE = '<td style="padding:0 0 12px">One of many rows of a table, 68 signs</td>\n'
_HTML = (_LINE * (36_000 // len(_LINE) + 1))[:36_000]
_TEXT = "Thank you for your order. It is on its way.\n" * 4


def slowness(rounds: int = 5, each: int = 20) -> float:
    """How many times longer than promised for this machine takes, at its best of some rounds; at least 1."""
    return max(min(_seconds(each) for _ in range(rounds)) / MESSAGE, 1.0)


def _seconds(each: int) -> float:
    began = time.process_time()
    for number in range(each):
        _message(number)
    return (time.process_time() - began) / each


def _message(number: int) -> bytes:
    message = EmailMessage()
    message["From"] = "Larkhus <hello@mail.example>"
    message["To"] = f"reader{number}@example.com"
    message["Subject"] = f"Order #{number} is confirmed"
    message.set_content(_TEXT)
    message.add_alternative(_HTML, subtype="html")
    return message.as_bytes()
