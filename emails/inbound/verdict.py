"""What a mail server's words mean for the address: never again, not now, or nothing about it.

Hard is only what says that the mailbox or its domain does not exist, or takes no mail at all. Everything that
is about us (our reputation, a missing PTR, a policy), about the mail (its size, its content) or about the
moment (a full mailbox, a rate) is soft: the address may be good tomorrow. What speaks of both is about us:
servers that block a sender like to say that there is no such user. Codes come last: a 5.1.1 with a
sentence about spam is a sentence about spam (RFC 3463 tells what they were meant for).
"""

from __future__ import annotations

import re

from emails.feedback import Told

MOST_WORDS = 16 * 1024

_ADDRESS = re.compile(r"[a-z0-9._%+=/!#$&'*{}|^~-]{1,64}@[a-z0-9.-]{1,253}")
_HOST = re.compile(r"https?://[^\s]{1,500}|(?:[a-z0-9_-]{1,63}\.){1,9}[a-z]{2,24}(?=[\[\s)\]]|$)")
_STATUS = re.compile(r"(?<![0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9]|\.[0-9])")
_REPLY = re.compile(r"(?<![0-9.#])([45][0-9]{2})(?=[ \t-](?![0-9]{2,}\b))")

# Plain whatever else is said. Microsoft answers so where a directory knows no such recipient (its 5.4.1).
SURELY_GONE = (
    "recipient address rejected: access denied", "\"bouncetype\":\"permanent\"", "user unknown in virtual",
    "user unknown in local", "user unknown in relay",
)  # fmt: skip

# Said of the sender, of the mail or of the moment.
SOFT = (
    # the sender and its machine
    "spam", "blocklist", "block list", "blacklist", "black list", "blocked", "banned", "denylist", "rbl",
    "dnsbl", "reputation", "reverse dns", "reverse lookup", "ptr", "no rdns", "spf", "dkim", "dmarc",
    "unauthenticated", "not authenticated", "authentication", "authorized to send", "unsolicited", "abuse",
    "bulk", "sender address rejected", "sender rejected", "sender verify", "sender denied",
    "sender domain", "domain of sender", "sender is not", "helo", "ehlo", "access denied",
    "too many connections", "too many concurrent", "rate limit", "rate that", "throttl", "greylist",
    "graylist", "try again later", "deferred", "temporarily", "temporary", "suspicious", "bad sender",
    "invalid sender", "your ip", "your network", "client host rejected", "tls required", "starttls",
    "encryption", "certificate",
    # the mail
    "virus", "malware", "phish", "content", "attachment", "too large", "too big", "message size",
    "size limit", "exceeds the maximum", "maximum message size", "header error", "duplicate header",
    # a rule
    "policy", "policies", "relaying", "relay access", "relay denied", "relay not permitted",
    "unable to relay", "cannot relay", "not allowed to relay", "not permitted to relay", "prohibited",
    "not authorized", "unauthorized", "permission", "restricted", "security", "whitelist", "filtered",
    "domain filter", "members only", "not a member", "are not member", "groups.google.com",
    "google groups", "recipient preferences", "allowed rcpthosts",
    # the moment and the mailbox's state
    "mailbox full", "mailbox is full", "mailbox exceeded", "mailfolder is full", "folder is full",
    "over quota", "overquota", "quota exceeded", "exceeded storage", "quota", "out of storage",
    "storage limit", "mail box full", "insufficient system storage", "insufficient disk", "disk full",
    "no space", "out of space", "system storage", "suspend", "on hold", "locked", "timed out", "timeout",
    "time out", "connection refused", "connection reset", "no route to host", "connection lost",
    "lost connection", "network", "in the queue too long", "queue too long", "retry time", "retry timeout",
    "multiple retries", "expired", "giving up after", "too many hops", "hop count", "loop", "system error",
    "local error", "configuration error", "misconfigur", "out of memory", "busy", "overload",
    "unable to connect", "could not connect", "establish an smtp connection", "procmail", "delivery agent",
    "can't create output", "error writing", "execute", "pipe",
    # other tongues
    "一杯", "いっぱい", "容量", "満杯", "拒否", "ブロック", "迷惑メール", "しばらく", "邮箱已满",
    "空间不足", "垃圾邮件", "拒绝", "信箱已滿", "용량", "가득", "스팸", "postfach ist voll",
    "postfach voll", "zurückgewiesen", "boîte pleine", "boite pleine", "boîte aux lettres est pleine",
    "rejete", "rejeté", "buzón lleno", "buzon lleno", "casella piena", "caixa cheia",
)  # fmt: skip

# Asleep, unless a code says that it is gone.
ASLEEP = ("disabled", "inactive", "not active", "deactivated")

# The mailbox or its domain is not there, and will not be.
GONE = (
    "user unknown", "unknown user", "userunknown", "no such user", "no such mailbox", "no such address",
    "no such recipient", "no such account", "no such email", "no such person", "no such local user",
    "no such domain", "no mailbox here", "no mailbox", "no user", "not a valid mailbox",
    "not a valid user", "not a known user", "not a local user", "unknown local", "unknown recipient",
    "unknown address", "unknown account", "unknown mailbox", "unknown or illegal alias",
    "unknown virtual mailbox", "unknown email", "unknown to address", "unknown in", "recipient unknown",
    "recipient name is not recog", "recipient not found", "recipient is not found",
    "recipient could not be found", "recipient was not found", "recipient does not exist",
    "recipient doesn't exist", "recipientnotfound", "recipnotfound", "recipient notfound",
    "recipient not exist", "recipient is invalid", "recipient no longer", "invalid recipient",
    "invalid mailbox", "invalid user", "invalid address", "bad destination mailbox", "bad recipient",
    "user not found", "user doesn't exist", "user does not exist", "user doesnt", "user not exist",
    "user is not", "user is unknown", "not our customer", "mailbox not found", "mailbox does not exist",
    "mailbox doesn't exist", "mailbox not available", "mailbox unknown", "mailbox is not found",
    "address unknown", "address not found", "address does not exist", "address doesn't exist",
    "address no longer", "address not present", "address wasn't found", "address couldn't be found",
    "address error", "account does not exist", "account doesn't exist",
    "account that you tried to reach does", "account not found", "account unknown",
    "account has been deleted", "account is not available", "account not available", "account deleted",
    "account closed", "account is closed", "does not exist", "doesn't exist", "do not exist",
    "did not exist", "not exist", "no longer exists", "no longer valid", "no longer available",
    "no longer in use", "not listed in", "not a user", "isn't a user", "has moved", "user has moved",
    "moved to", "not known here", "no account by that name", "doesn't have a", "does not have a",
    "doesn't handle mail for that", "undeliverable address", "not found in directory", "not recognized",
    "could not be found", "couldn't be found", "wasn't found", "unrouteable address", "unroutable address",
    "unrouteable mail domain", "host unknown", "unknown host", "host not found",
    "name or service not known", "domain not found", "domain does not exist", "domain name not found",
    "couldn't find any host", "can't find any host", "name server: ", "nxdomain",
    "host or domain name not found", "no mx", "null mx", "does not accept mail", "doesn't accept mail",
    "does not receive mail", "no mail hosts", "no valid hosts",
    "unknown domain", "invalid domain", "bad domain", "domain part of the address is not",
    "unable to find a valid", "couldn't find a mail exchanger", "could not find a mail exchanger",
    "not our user", "no longer at this", "no longer with", "no longer works",
    "mailbox unavailable", "unknown alias", "no local mailbox", "bad address", "no smtp service",
    "point to non-existent hosts", "user no longer", "invalid e-mail address", "invalid email address",
    "not a recognized", "no recipients found", "could not find user", "unable to find user",
    # other tongues
    "見つかりません", "リストにありません", "存在しません", "存在しない", "不明です", "宛先不明",
    "宛先が不明", "あて先", "不存在", "查无此", "無此", "查無此", "존재하지 않", "없는 사용자",
    "unbekannt", "existiert nicht", "inconnu", "n'existe pas", "desconocid", "no existe", "não existe",
    "nao existe", "inesistente", "sconosciut",
)  # fmt: skip

# About the sender's own address or the machine's name: 5.1.7 and 5.1.8 are not the reader's.
_OF_SENDER = ("5.1.7", "5.1.8", "4.1.7", "4.1.8")
# RFC 3463: 4.x.x passes; 5.2.x is of a mailbox that exists, whatever its owner's server says in words.
_THERE = ("4.", "5.2.")
_GONE_STATUS = ("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.310", "5.4.4", "5.1.11")
_UNTIL_LATER = ("will retry", "will keep trying", "still being retried", "will be retried", "warning only",
                "delivery attempts will continue", "will continue to try", "has been delayed",
                "is delayed", "has not yet been delivered", "not yet been delivered")  # fmt: skip


def verdict(words: str, status: str = "", action: str = "", *, to_data: bool = False) -> Told:
    """`words`: what the server said; `status`: an enhanced code; `action`: RFC 3464's word for it. `to_data`:
    it was said after the mail itself had been offered."""
    if action in ("delivered", "relayed", "expanded", "deliverable"):
        return Told.DELIVERED
    if action == "delayed":
        return Told.DELAYED
    # Carriers that let their customers choose who may write take the address, look at the mail, and say then
    # that they know nobody of that name.
    if to_data and not status.startswith("5.1.") and _any(("user unknown", "unknown user"), _quiet(words)):
        return Told.SOFT_BOUNCED
    return _meant(words, status) or Told.SOFT_BOUNCED


def certain(words: str, status: str = "") -> bool:
    """Whether the words or the code say anything that we know."""
    return _meant(words, status) is not None


def waits(words: str) -> bool:
    """A notice on the way: the server keeps trying."""
    said = _quiet(words)
    return _any(_UNTIL_LATER, said)


def status_in(words: str) -> str:
    """The last enhanced code that the words hold, or ""."""
    found = _STATUS.findall(words)
    return str(found[-1]) if found else ""


def _meant(words: str, status: str) -> Told | None:
    said = _quiet(words)
    in_fields, status = status, _weightier(status_in(words), status)
    if _passes(said, status):
        return Told.SOFT_BOUNCED
    if _any(SURELY_GONE, said):
        return Told.HARD_BOUNCED
    if status in _OF_SENDER or in_fields.startswith(_THERE) or _any(SOFT, said):
        return Told.SOFT_BOUNCED
    if status in _GONE_STATUS:
        return Told.HARD_BOUNCED
    if _any(ASLEEP, said):
        return Told.SOFT_BOUNCED
    if _any(GONE, said):
        return Told.HARD_BOUNCED
    return Told.SOFT_BOUNCED if status or _REPLY.search(said) else None


def _weightier(said: str, told: str) -> str:
    """Of the code in the words and the one beside them: the one that says more than that it failed."""
    return told if said.endswith(".0.0") or not said else said


def _passes(said: str, status: str) -> bool:
    """Each code that is told says that it may be taken later."""
    codes = [*_REPLY.findall(said), *([status] if status else [])]
    return bool(codes) and all(code.startswith("4") for code in codes)


def _any(phrases: tuple[str, ...], said: str) -> bool:
    """Where a word begins: "ptr" is not meant by "scriptreader"."""
    return any(phrase in said and re.search(rf"(?<![a-z0-9]){re.escape(phrase)}", said) for phrase in phrases)


def _quiet(words: str) -> str:
    """In small letters, on one line, without addresses and names of machines, whose letters say nothing."""
    said = " ".join(words[:MOST_WORDS].lower().replace("\u2019", "'").split())
    return _HOST.sub("", _ADDRESS.sub("@", said))
