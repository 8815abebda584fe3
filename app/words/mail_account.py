"""A shop's own account at a mail vendor, in words for the merchant."""

from __future__ import annotations

from collections.abc import Mapping

VENDORS: Mapping[str, str] = {
    "smtp": "A mail server (SMTP)",
    "ses": "Amazon SES",
    "postmark": "Postmark",
    "resend": "Resend",
}
_PROBLEMS: Mapping[str, str] = {
    "answer_lost": "No answer came in time",
    "account_paused": "The account may not send at the moment",
    "login_refused": "The login was not taken",
    "no_connection": "Nobody answered there",
    "connection_lost": "The connection broke",
    "not_offered": "The mail server offers no encryption or no login, so no password is sent there",
    "not_understood": "The vendor did not understand the call",
    "quota_used_up": "The share of the account is used up",
    "sender_refused": "The sender's address is not set up in the account",
    "server_refused": "The mail server refused the connection",
    "tls_failed": "The encryption could not be trusted",
    "vendor_away": "The vendor is not working at the moment",
    "vendor_busy": "The vendor takes no more calls at the moment",
}


def said_of(reason: str, answer: str = "") -> str:
    """A sentence, with the vendor's own words where it gave any."""
    words = _PROBLEMS.get(reason, "It did not work")
    return f"{words}. It says: {answer}" if answer else f"{words}."


def said_of_kept(problem: str) -> str:
    """Of what is stored: "reason: answer"."""
    reason, _, answer = problem.partition(": ")
    return said_of(reason, answer)
