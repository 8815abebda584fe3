"""The way by which one message leaves: through whose hands, and by which account or tool."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.routes import Route
from app.services.webhook_door import Door
from emails.providers.base import Courier, Repeats


@dataclass(frozen=True, slots=True)
class Way:
    courier: Courier
    name: str
    door: Door | None = None
    route: Route | None = None

    @property
    def account(self) -> str | None:
        return self.route.account if self.route is not None else None

    @property
    def repeats(self) -> Repeats:
        return self.route.provider.repeats if self.route is not None else Repeats.NONE
