"""The blocks of our theme app extension as the fake store's theme shows them: the real files, run by a
Liquid of our own with what the platform adds to it.

Nothing is escaped here that the files do not escape themselves, and translations take their values as
they are: what would get through there gets through here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, send_from_directory
from liquid import Environment, Mode
from liquid.loader import BaseLoader, TemplateSource
from markupsafe import Markup

import connectors.shopify
from sandbox.app_proxy import PREFIX
from sandbox.shopify.front import ShopifyFront
from sandbox.storefront import shopper

EXTENSION = Path(connectors.shopify.__path__[0]) / "extension"
WIDGETS = EXTENSION.parents[2] / "static" / "widgets"
ASSETS = "/extension-assets"
_SCHEMA = re.compile(r"\{%-?\s*schema\s*-?%\}(.*?)\{%-?\s*endschema\s*-?%\}", re.S)
_VALUE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class Extension:
    """`assets`: the address below which its files are served."""

    folder: Path = EXTENSION
    language: str = "en"
    assets: str = ASSETS
    sources: Mapping[str, str] = field(default_factory=dict)

    def render(self, name: str, values: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> str:
        """One block. `values`: the platform's objects (product, customer, request). `settings` go before
        the defaults of the block's schema."""
        chosen = {**self.defaults(name), **(settings or {})}
        block = {
            "id": f"block-{name}",
            "settings": chosen,
            "shopify_attributes": "",
            **values.get("block", {}),
        }
        return self._environment.get_template(f"blocks/{name}").render(**{**values, "block": block})

    def schema(self, name: str) -> dict[str, Any]:
        """Raises ValueError where it is no JSON."""
        found = _SCHEMA.search(self.source(f"blocks/{name}"))
        if found is None:
            raise ValueError(f"{name} has no schema")
        return dict(json.loads(found[1]))

    def defaults(self, name: str) -> dict[str, Any]:
        return {one["id"]: one.get("default") for one in self.schema(name)["settings"] if "id" in one}

    def source(self, name: str) -> str:
        """`sources` replace files by their names."""
        return self.sources.get(name) or (self.folder / f"{name}.liquid").read_text("utf-8")

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(loader=_Files(self), tolerance=Mode.STRICT, autoescape=False)
        environment.add_filter("t", self._translate)
        environment.add_filter("json", json.dumps)
        environment.add_filter("asset_url", lambda name: f"{self.assets}/{name}")
        return environment

    @cached_property
    def _words(self) -> dict[str, Any]:
        file = self.folder / "locales" / f"{self.language}.json"
        default = self.folder / "locales" / "en.default.json"
        return dict(json.loads((file if file.exists() else default).read_text("utf-8")))

    def _translate(self, key: str, **values: Any) -> str:
        found: Any = self._words
        for part in key.split("."):
            found = found[part]
        if isinstance(found, dict):
            found = found["one" if values.get("count") == 1 else "other"]
        return _VALUE.sub(lambda name: str(values[name[1]]), found)


class _Files(BaseLoader):
    """Blocks by their path, snippets by their bare name. A schema is for the editor, not for the page."""

    def __init__(self, extension: Extension) -> None:
        super().__init__()
        self._extension = extension

    def get_source(self, env: Environment, template_name: str, **_: Any) -> TemplateSource:
        name = template_name if "/" in template_name else f"snippets/{template_name}"
        return TemplateSource(_SCHEMA.sub("", self._extension.source(name)), name, None)


def theme_blocks(front: Callable[[], ShopifyFront]) -> Callable[[str, str], Markup]:
    """What a theme's template calls: a block's name and the product that it stands beside ("" none)."""
    extension = Extension()

    def show(name: str, product_id: str = "") -> Markup:
        shop = front()
        values: dict[str, Any] = {"request": {"page_type": "product" if product_id else "page"}}
        if product_id:
            values["product"] = {"id": product_id, "metafields": _fields(shop, product_id)}
        if email := shopper.logged_in(shop.name):
            values["customer"] = _customer(shop, email)
        return Markup(extension.render(name, values, {"base": PREFIX}))

    return show


def _customer(shop: ShopifyFront, email: str) -> dict[str, Any]:
    own = [order for order in shop.orders() if (order.email or "").lower() == email.lower()]
    return {"email": email, "last_order": {"name": own[0].number} if own else None}


def _fields(shop: ShopifyFront, product_id: str) -> dict[str, Any]:
    """The product's fields as Liquid gives them: a rating opened, a number as one."""
    owner = f"gid://shopify/Product/{product_id}"
    found: dict[str, dict[str, Any]] = {}
    for one in (held for held in shop.shop.all("metafield") if held["owner"] == owner):
        value = one["value"]
        if one["type"] == "rating":
            opened = json.loads(value)
            value = {name: float(told) for name, told in zip(
                ("rating", "scale_min", "scale_max"),
                (opened["value"], opened["scale_min"], opened["scale_max"]),
                strict=True,
            )}  # fmt: skip
        elif one["type"] == "number_integer":
            value = int(value)
        found.setdefault(one["namespace"], {})[one["key"]] = {"value": value}
    return found


def extension_assets() -> Blueprint:
    """The blocks' own files, as the platform's delivery network would serve them."""
    pages = Blueprint("extension_assets", __name__, url_prefix=ASSETS)

    @pages.get("/<name>")
    def asset(name: str) -> Response:
        ours = (EXTENSION / "assets", WIDGETS)
        return send_from_directory(next((one for one in ours if (one / name).is_file()), ours[0]), name)

    return pages
