"""What the sandbox's processes know of each other: ports, folders, keys and addresses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"


class SettingsError(Exception):
    """The environment does not describe a sandbox; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`port` is the app's; the stores and the sink use the three after it.

    `data`: the folder of everything that is kept (`var`). `origins`: exact public origin of a shop
    -> the loopback origin that serves it. `clock_file`: seconds that virtual time is ahead.
    """

    data: Path
    port: int
    app_address: str
    shopify_key: str
    shopify_secret: str = field(repr=False)
    origins: Mapping[str, str]
    clock_file: Path
    record_file: Path

    @property
    def folder(self) -> Path:
        """Where the sandbox keeps its state; every part has its own file or folder in it."""
        return self.data / "sandbox"

    @property
    def shopify_port(self) -> int:
        return self.port + 1

    @property
    def woocommerce_port(self) -> int:
        return self.port + 2

    @property
    def sink_port(self) -> int:
        return self.port + 3

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Reads the environment and the file named by DOORSTEP_SANDBOX. Raises SettingsError."""
        names = ("DOORSTEP_SANDBOX", "DOORSTEP_ADDRESS", "SHOPIFY_API_KEY", "SHOPIFY_API_SECRET")
        missing = [name for name in names if not environ.get(name)]
        if missing:
            raise SettingsError(f"not set: {', '.join(missing)} (`doorstep up` sets them)")
        path = Path(environ["DOORSTEP_SANDBOX"])
        try:
            table = json.loads(path.read_text())
            return cls(
                data=Path(environ.get("DOORSTEP_DATA", "var")),
                port=int(table["port"]),
                app_address=environ["DOORSTEP_ADDRESS"].rstrip("/"),
                shopify_key=environ["SHOPIFY_API_KEY"],
                shopify_secret=environ["SHOPIFY_API_SECRET"],
                origins=dict(table["origins"]),
                clock_file=Path(table["clock_file"]),
                record_file=Path(table["record_file"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SettingsError(f"{path} is not a sandbox file: {error!r}") from error
