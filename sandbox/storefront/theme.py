"""The theme: what every page of a shop is set into, be it the store's own or one that the app answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, request, url_for
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sandbox.clock import Clock
from sandbox.settings import Settings
from sandbox.store import CurrentFront
from sandbox.storefront import shopper, view
from sandbox.storefront.brands import brand_of

_SHOWN_ORDERS = 4

# A block of the app by its name, beside a product ("" none).
Blocks = Callable[[str, str], Markup]


def theme_templates() -> Environment:
    # Not the app's own environment: it escapes by file ending and would miss ".j2".
    folder = Path(__file__).parent / "templates"
    templates = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    templates.globals |= {
        "money": view.money, "placed_words": view.placed_words, "order_buttons": view.order_buttons,
        "line_buttons": view.line_buttons, "parcel_buttons": view.parcel_buttons,
        "state_words": view.state_words, "placed_day": view.placed_day,
    }  # fmt: skip
    return templates


@dataclass(frozen=True, slots=True)
class Theme:
    """`blocks`: what the app brings into the theme, where the platform has such a thing."""

    front: CurrentFront
    settings: Settings
    templates: Environment
    blocks: Blocks | None = None

    def page(self, name: str, status: int = 200, **values: Any) -> Response:
        shop = self.front()
        cards = shop.products()
        text = self.templates.get_template(f"{name}.html.j2").render(
            shop=shop,
            brand=brand_of(shop.currency),
            style=url_for("storefront.static", filename="storefront.css"),
            pictures={card["sku"]: card["image_url"] for card in cards},
            pieces=sum(shopper.basket(shop.name, {card["sku"] for card in cards}).values()),
            latest=shop.orders()[:_SHOWN_ORDERS],
            now=view.day_and_time(Clock(self.settings.clock_file).now()),
            app_address=self.settings.app_address,
            here=request.url,
            block=self.blocks,
            said=request.args.get("said", "")[:300],
            **values,
        )
        return Response(text, status=status, mimetype="text/html", headers={"Cache-Control": "no-store"})
