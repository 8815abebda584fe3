"""The app's own key pair, as Shopify's dashboard gives it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AppKeys:
    """`old_secret` is set while a rotated secret is still honoured."""

    api_key: str
    secret: str = field(repr=False)
    old_secret: str | None = field(default=None, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that may have signed, the current one first."""
        return (self.secret, self.old_secret) if self.old_secret else (self.secret,)
