"""`doorstep plugin`: the archive that a merchant uploads to WordPress."""

from __future__ import annotations

import re
from pathlib import Path

import click

from connectors.woocommerce.plugin_files import NO_ADDRESS, plugin_archive

_ADDRESS = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?")


@click.command("plugin")
@click.option("--address", envvar="DOORSTEP_ADDRESS", default="", help="Where this installation answers.")
@click.option("--to", "file", default="var/woocommerce/doorstep.zip", show_default=True)
def command(address: str, file: str) -> None:
    """Write the WordPress plugin as one archive; the same sources make the same bytes.

    Upload it in WordPress: Plugins, Add Plugin, Upload Plugin.
    """
    if address and not _ADDRESS.fullmatch(address):
        raise click.UsageError("--address is scheme and host only, like https://mail.example.com.")
    place = Path(file)
    if place.suffix != ".zip":
        raise click.UsageError("--to names a file that ends with .zip.")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(plugin_archive(address or NO_ADDRESS))
    click.echo(f"Written: {file}, for {address or 'no installation'}.")
    if not address:
        click.echo("It finds its installation by the constant DOORSTEP_APP in wp-config.php only.")
        click.echo("Name yours: make plugin DOORSTEP_ADDRESS=https://mail.example.com")
