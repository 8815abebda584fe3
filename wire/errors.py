"""Why a call gave no usable answer. No text here ever holds a query string, a header or a body."""

from __future__ import annotations


class WireError(Exception):
    """No usable answer: refused address, no connection, time-out, answer too large or broken."""


class AddressRefused(WireError):
    """The address may not be called: not https, not a public name, or not a public address."""


class NoAnswer(WireError):
    """No connection, a time-out or a broken transfer: it may pass by itself."""


class NotReached(NoAnswer):
    """Nobody took the connection, so nothing was said."""


class NoName(NotReached):
    """The name is not known to the resolver, or it gave no answer."""


class TooSlow(NoAnswer):
    """There is somebody, who did not answer in time. Asking again at once would be more of the same."""


class NotTrusted(WireError):
    """No encrypted connection that can be trusted: an expired, foreign or missing certificate."""


class TooLarge(WireError):
    """An answer of more bytes than anybody reads."""
