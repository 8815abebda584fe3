"""The pages of the fake back office: the app's frame, what an installation needs, and the orders."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from flask import Response, request

from sandbox.back_office.look import BackOffice, Frame, draw, fresh
from sandbox.shopify.plans import Offer
from sandbox.store import StoreFront

_SHOWN_ORDERS = 60


@dataclass(frozen=True, slots=True)
class Pages:
    """`front` gives the shop of the current request."""

    front: Callable[[], StoreFront]

    def app(self, path: str, frame: Frame) -> Response:
        at = "/" + path.partition("/")[0]
        return fresh(draw(self._office(), "app", self.front(), at=at, frame=frame))

    def install(self, app: str, start: str, managed: str) -> Response:
        """Two ways in: the app's own OAuth, and the consent that the back office asks for itself."""
        title = f"{app} is not installed"
        return fresh(draw(self._office(), "install", self.front(), title=title, start=start, managed=managed))

    def grant(self, app: str, scopes: tuple[str, ...], asked: Mapping[str, str]) -> Response:
        title = f"Install {app}?"
        return fresh(draw(self._office(), "grant", self.front(), title=title, scopes=scopes, asked=asked))

    def orders(self) -> Response:
        shop = self.front()
        return fresh(
            draw(self._office(), "orders", shop, at="orders", orders=shop.orders(), shown=_SHOWN_ORDERS)
        )

    def plans(self, offers: Iterable[Offer], now: Collection[str], address: str) -> Response:
        """`now`: handles of the plan that holds. `address`: of this page."""
        page = draw(self._office(), "plans", self.front(), at="plan", offers=offers, now=now, address=address)
        return fresh(page)

    def approve_plan(self, offer: Offer) -> Response:
        title = f"Approve {offer.name}?"
        return fresh(draw(self._office(), "approve_plan", self.front(), title=title, offer=offer))

    def problem(self, words: str, status: int) -> Response:
        page = draw(self._office(), "words", self.front(), title="Not possible", words=words)
        return fresh(page, status)

    def _office(self) -> BackOffice:
        """Of a shop that the query names the links name it too."""
        asked = request.args.get("shop", "")
        query = f"?shop={asked}" if asked else ""
        return BackOffice(
            platform="shopify",
            user="Ines Okafor",
            app_page=lambda path: f"/admin/apps/doorstep{path.rstrip('/')}{query}",
            orders_page=f"/admin/orders{query}",
        )
