"""The extensions of the app as files that the platform's command line tool takes: the theme's blocks with
the widgets that they load, and the "Track order" block of the pages after the checkout."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

HERE = Path(__file__).parent
THEME = HERE / "extension"
UI = HERE / "ui-extensions"
WIDGETS = HERE.parents[1] / "static" / "widgets"
FOLDERS = ("assets", "blocks", "snippets", "locales")

# What the platform takes, in bytes: everything together, and all Liquid.
MOST = 10 * 1024 * 1024
MOST_LIQUID = 500 * 1024


def build(folder: Path) -> Path:
    """The theme app extension, complete, in `folder`, whose former content goes. The widgets are written
    once, in static/, and are copied here."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in FOLDERS:
        shutil.copytree(THEME / name, folder / name)
    shutil.copy(THEME / "shopify.extension.toml", folder)
    for widget in sorted(WIDGETS.glob("*.js")):
        shutil.copy(widget, folder / "assets")
    return folder


def build_ui(folder: Path, app_address: str) -> Path:
    """The sources of the block for the thank-you and the order status page, which ask `app_address`."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(UI / "track-order", folder)
    told = f"export const ADDRESS = {json.dumps(app_address)};\n"
    (folder / "src" / "address.js").write_text(told, "utf-8")
    return folder


def build_app(folder: Path, app_address: str, client_id: str) -> Path:
    """All that the platform's command line tool publishes: the app's configuration, filled in, and both
    extensions. What lay in `folder` goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    told = (HERE / "shopify.app.toml").read_text("utf-8")
    told = told.replace("https://YOUR_ADDRESS", app_address).replace("YOUR_CLIENT_ID", client_id)
    (folder / "shopify.app.toml").write_text(told, "utf-8")
    package = {"name": "doorstep-at-shopify", "private": True, "workspaces": ["extensions/*"]}
    (folder / "package.json").write_text(f"{json.dumps(package, indent=2)}\n", "utf-8")
    build(folder / "extensions" / "doorstep")
    build_ui(folder / "extensions" / "track-order", app_address)
    return folder
