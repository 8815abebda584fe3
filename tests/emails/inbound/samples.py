"""Bounces, complaints and answers as machines write them, each about one mail of ours."""

from __future__ import annotations

OURS = "<0123456789abcdef0123456789abcdef@mail.example.com>"
READER = "mia@reader.example"

RETURNED = f"""\
Received: from mail.example.com by mx.reader.example with ESMTP id 1
From: Larkhus <hello@mail.example.com>
To: {READER}
Subject: How is your lampshade?
Message-ID: {OURS}
Date: Mon, 02 Nov 2026 09:00:00 +0000
"""


def bounce(
    text: str,
    fields: str | None,
    *,
    subject: str = "Undelivered Mail Returned to Sender",
    returned: str = RETURNED,
) -> bytes:
    """In three parts, as Postfix writes them; two without `fields`."""
    status = f"--b\nContent-Type: message/delivery-status\n\n{fields}\n" if fields is not None else ""
    return (
        "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.reader.example>\n"
        f"To: b+token@mail.example.com\nSubject: {subject}\nDate: Mon, 02 Nov 2026 10:00:00 +0000\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n{status}"
        f"--b\nContent-Type: message/rfc822\n\n{returned}\nThe mail itself.\n--b--\n"
    ).encode()


def fields(
    status: str = "5.1.1", diagnostic: str = "smtp; 550 5.1.1 User unknown", action: str = "failed"
) -> str:
    said = f"Diagnostic-Code: {diagnostic}\n" if diagnostic else ""
    return (
        "Reporting-MTA: dns; mx.reader.example\n\n"
        f"Final-Recipient: rfc822; {READER}\nAction: {action}\nStatus: {status}\n{said}"
    )


def words(text: str, *, subject: str = "failure notice", sender: str = "MAILER-DAEMON@mx.example") -> bytes:
    """Without any structure."""
    return (
        f"From: {sender}\nTo: hello@mail.example.com\nSubject: {subject}\n"
        f"Date: Mon, 02 Nov 2026 10:00:00 +0000\n\n{text}"
    ).encode()


QMAIL = words(
    "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message"
    f" to the following addresses.\n\n<{READER}>:\n192.0.2.1 does not like recipient.\n"
    "Remote host said: 550 sorry, no mailbox here by that name\nGiving up on 192.0.2.1.\n\n"
    f"--- Below this line is a copy of the message.\n\n{RETURNED}\nHello\n"
)
EXIM = words(
    "This message was created automatically by mail delivery software.\n\nA message that you sent could not"
    " be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es)"
    f" failed:\n\n  {READER}\n    SMTP error from remote mail server after RCPT TO:<{READER}>:\n    host"
    " mx.reader.example [192.0.2.1]: 552 5.2.2 Mailbox size limit exceeded\n\n"
    f"------ This is a copy of the message, including all the headers. ------\n\n{RETURNED}\nHello\n",
    subject="Mail delivery failed: returning message to sender",
)
JAPANESE = (
    b"From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.jp>\nTo: hello@mail.example.com\n"
    b"Subject: =?iso-2022-jp?B?GyRCJSglaSE8GyhC?=\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
    + f"<{READER}>\n送信先のメールアドレスが見つかりません。\n\n{RETURNED}".encode("iso-2022-jp")
)
COMPLAINT = (
    "From: feedback@isp.example\nTo: b+token@mail.example.com\nSubject: Abuse report\nMIME-Version: 1.0\n"
    'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
    "--b\nContent-Type: text/plain\n\nThis is an email abuse report.\n\n"
    "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Feedback/1.0\n"
    f"Version: 1\nOriginal-Rcpt-To: <{READER}>\n\n"
    f"--b\nContent-Type: text/rfc822-headers\n\n{RETURNED}\n--b--\n"
).encode()
OUTLOOK_COMPLAINT = (
    "From: staff@hotmail.com\nTo: hello@mail.example.com\nSubject: complaint about message from 192.0.2.9\n"
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
    f"--b\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: {READER}\n{RETURNED}\nHello\n--b--\n"
).encode()
VACATION = (
    f"Return-Path: <>\nFrom: Mia <{READER}>\nTo: hello@mail.example.com\nSubject: Automatic reply: Yes?\n"
    f"Auto-Submitted: auto-replied\nIn-Reply-To: {OURS}\n\nAway until Monday, my mailbox is full of plans.\n"
).encode()
LEAVES = (
    f"From: Mia <{READER}>\nTo: l+abc234@mail.example.com\nSubject: \nAuto-Submitted: auto-generated\n\n"
).encode()
LEAVES_IN_WORDS = (
    f"From: Mia <{READER}>\nTo: hello@mail.example.com\nSubject: Re: unsubscribe\n"
    f"References: {OURS}\n\nplease\n"
).encode()
