"""How a store's bodies and answers can be wrong, and how a call to it can fail."""

from __future__ import annotations


class Malformed(Exception):
    """A signed body that is broken JSON or a shape that cannot be. Quarantined at once."""


class Refused(Exception):
    """A webhook or request that may not come in. `status` is the HTTP answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class StoreError(Exception):
    """A call to the store failed. `retry`: trying again later may help."""

    retry = True


class StoreUnreachable(StoreError):
    """No answer, a broken answer, or the store's own failure (5xx). `cursor`: where a listing goes on more
    gently, where that may help."""

    def __init__(self, message: str = "", cursor: str | None = None) -> None:
        super().__init__(message)
        self.cursor = cursor


class StoreBusy(StoreError):
    """Rate limited. `wait` in seconds."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait


class NotNow(StoreBusy):
    """It is us who wait: the store was not asked, and nothing is wrong with it."""


class AccessLost(StoreError):
    """Our keys or token no longer open the store: the shop needs to be reconnected."""

    retry = False


class StoreFrozen(StoreError):
    """The shop is closed by its platform (unpaid or locked). It may come back."""


class StoreGone(StoreError):
    """There is no such shop any more."""

    retry = False


class RightMissing(StoreError):
    """A write needs rights that the merchant has not given; it waits until they are. `scopes`: which."""

    retry = False

    def __init__(self, scopes: tuple[str, ...]) -> None:
        super().__init__(f"needs the right {', '.join(scopes)}")
        self.scopes = scopes


class Unsupported(StoreError):
    """This platform has no way to do it."""

    retry = False


class StoreRefused(StoreError):
    """The store understood and said no (invalid input, missing right)."""

    retry = False


class NotThere(StoreError):
    """The thing asked for does not exist in the store (404, null node)."""

    retry = False
