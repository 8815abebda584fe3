"""`doorstep extension`: the folder that Shopify's own tool publishes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import click

from connectors.shopify.extension_files import build_app

_ADDRESS = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?")
_CLIENT_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


@click.command("extension")
@click.option("--address", envvar="DOORSTEP_ADDRESS", required=True, help="Where this installation answers.")
@click.option("--client-id", envvar="SHOPIFY_API_KEY", required=True, help="The app's, as Shopify gave it.")
@click.option("--to", "folder", default="var/shopify", show_default=True, help="What lies there is replaced.")
def command(address: str, client_id: str, folder: str) -> None:
    """Write what is published with Shopify: the app's configuration, its theme blocks and the block for the
    order pages; as a folder, and as an archive beside it.

    Publish it with Shopify's command line tool: `npm install` and `shopify app deploy` in that folder.
    """
    if not _ADDRESS.fullmatch(address):
        raise click.UsageError("--address is scheme and host only, like https://mail.example.com.")
    if not _CLIENT_ID.fullmatch(client_id):
        raise click.UsageError("--client-id is the app's client id: letters and digits.")
    place = Path(folder)
    if place.exists() and not (place / "shopify.app.toml").is_file():
        raise click.UsageError(f"{folder} is there and holds something else. Name another folder with --to.")
    build_app(place, address, client_id)
    archive = shutil.make_archive(str(place), "zip", place)
    click.echo(f"Written: {folder}, and as one file {archive}.")
    click.echo("Publish it there with: npm install && shopify app deploy")
