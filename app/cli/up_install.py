"""Connects the app to both sandbox stores as a merchant would, through the doors that real stores use.

Everything here goes over HTTP and the command line; the database is only read.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import requests
from sqlalchemy import Row

from app.cli.up_browser import Browser, BrowserError
from app.cli.up_ground import HOST, SHOPIFY_SHOP, WOOCOMMERCE_SHOP
from app.config import Config
from app.db import open_database
from app.queries.shops import all_shops
from flows.presets import STARTER

# What the two merchants would choose on their brand page, so that mails look like their shops.
_KITS = {
    SHOPIFY_SHOP: {
        "accent": "#2b5742",
        "ink": "#26221b",
        "page": "#f6f1e6",
        "fonts": "classic",
        "radius": "10",
        "support_name": "Ines",
    },
    WOOCOMMERCE_SHOP: {
        "accent": "#2a4480",
        "ink": "#171d24",
        "page": "#f4f6f6",
        "fonts": "clear",
        "radius": "2",
        "support_name": "Jonte",
    },
}
INSTEAD = ("order_confirmation", "shipped")
"""What the fake stores leave to us besides, as a shop does that switches its own mails off."""
AS_SERVICE = ("reviews_as_marketing", "tips_as_marketing")
"""What the German store chooses besides: its checkout asks nobody in a way that we read."""

_UP_WITHIN = 60.0
_IMPORT_WITHIN = 180.0


def wait_until_up(port: int, mend: Callable[[], None]) -> None:
    """Until the app is healthy and both stores answer. `mend` is asked again and again."""
    addresses = [f"http://{HOST}:{port}/healthz", f"http://{HOST}:{port + 1}/", f"http://{HOST}:{port + 2}/"]
    end = time.monotonic() + _UP_WITHIN
    last = ""
    with requests.Session() as session:
        session.trust_env = False
        while addresses:
            mend()
            if time.monotonic() > end:
                raise click.ClickException(f"{addresses[0]} is not up after {_UP_WITHIN:.0f} s: {last}")
            try:
                answer = session.get(addresses[0], timeout=10)
                last = f"{answer.status_code} {answer.text[:200]}"
                if answer.status_code == 200:
                    addresses.pop(0)
                    continue
            except requests.RequestException as error:
                last = str(error)
            time.sleep(0.1)


def connect_stores(data: Path, port: int, environ: Mapping[str, str], mend: Callable[[], None]) -> None:
    """Installs what is not connected yet, waits for its import, and switches on what it does not begin with.

    What was done is kept in a file: flows that somebody switched off later stay off.
    """
    ready = data / "sandbox" / "ready.json"
    done = set(json.loads(ready.read_text())) if ready.exists() else set()
    connected = {row.domain for row in _shops(environ) if row.state == "connected"}
    missing = [shop for shop in (SHOPIFY_SHOP, WOOCOMMERCE_SHOP) if shop not in done & connected]
    if not missing:
        return
    browser = Browser(json.loads((data / "sandbox" / "sandbox.json").read_text())["origins"])
    app = f"http://{HOST}:{port}"
    try:
        for shop in missing:
            click.echo(f"  connecting {shop}")
            if shop == SHOPIFY_SHOP:
                _install_shopify(browser, environ["SHOPIFY_API_KEY"])
            else:
                _install_woocommerce(browser, app)
    except (BrowserError, requests.RequestException) as error:
        raise click.ClickException(f"A store could not be connected: {error}") from error
    _wait_for_import(environ, mend)
    for shop in missing:
        _doorstep(environ, "flows", "--shop", shop, *(f"--on={key}" for key in (*STARTER, *INSTEAD)))
        _doorstep(environ, "brand", "--shop", shop, *_settings(_KITS[shop]))
    if WOOCOMMERCE_SHOP in missing:
        _doorstep(environ, "consent", "--shop", WOOCOMMERCE_SHOP, *(f"--on={key}" for key in AS_SERVICE))
    ready.write_text(json.dumps([SHOPIFY_SHOP, WOOCOMMERCE_SHOP]))


def _install_shopify(browser: Browser, api_key: str) -> None:
    """From the store's back office into the authorization code grant, which ends on the embedded page
    that the back office opens with an id token. A store that has the app already, while we have
    forgotten the store, opens that page at once: its id token is exchanged."""
    store = SHOPIFY_SHOP.removesuffix(".myshopify.com")
    back_office = browser.open(f"https://admin.shopify.com/store/{store}/apps/{api_key}")
    try:
        start = back_office.link("/shopify/install")
    except BrowserError:
        embedded = back_office
    else:
        embedded = browser.submit(browser.open(start).form())
    browser.open(embedded.frame())


def _install_woocommerce(browser: Browser, app: str) -> None:
    """wc-auth: the merchant logs in and approves, and the store hands its keys to our callback."""
    login = browser.open(f"{app}/woocommerce/install?shop=https://{WOOCOMMERCE_SHOP}")
    consent = browser.submit(login.form())
    browser.submit(consent.form())


def _wait_for_import(environ: Mapping[str, str], mend: Callable[[], None]) -> None:
    click.echo("  importing catalogue and past orders")
    end = time.monotonic() + _IMPORT_WITHIN
    while True:
        mend()
        waiting = [row.domain for row in _shops(environ) if row.imported_at is None]
        if not waiting:
            return
        if time.monotonic() > end:
            raise click.ClickException(
                f"The import of {', '.join(waiting)} is not done: see the worker's log."
            )
        time.sleep(0.5)


def _settings(kit: Mapping[str, str]) -> Iterator[str]:
    for name, value in kit.items():
        yield from ("--set", f"{name}={value}")


def _shops(environ: Mapping[str, str]) -> Sequence[Row[Any]]:
    database = open_database(Config.from_environ(environ).database_url, pooled=False)
    with database.nobody() as session:
        return all_shops(session)


def _doorstep(environ: Mapping[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "app.cli.main", *arguments]
    with suppress(subprocess.TimeoutExpired):
        ran = subprocess.run(command, env=dict(environ), capture_output=True, text=True, timeout=60)
        if ran.returncode == 0:
            return ran.stdout
        raise click.ClickException(f"doorstep {' '.join(arguments)} failed: {ran.stderr.strip()}")
    raise click.ClickException(f"doorstep {' '.join(arguments)} did not end within a minute.")
