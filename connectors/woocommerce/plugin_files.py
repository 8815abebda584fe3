"""The WordPress plugin as the archive that WordPress takes: the same bytes whenever and wherever it is made
of the same sources."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

PLUGIN = Path(__file__).with_name("plugin") / "doorstep"
KINDS = {".php", ".js", ".css", ".txt", ".pot"}
# In the tree it is nobody's; what is made for an installation names it.
NO_ADDRESS = "https://app.example"

_ADDRESS_FILE = "app-address.php"
_NAMES_IT = (_ADDRESS_FILE, "readme.txt")
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first time that an archive can name
_READABLE = 0o100644 << 16
_UNIX = 3


def plugin_archive(app_address: str = NO_ADDRESS) -> bytes:
    """`app_address`: scheme and host of the installation that it belongs to, checked by the caller."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in plugin_files(app_address).items():
            file = zipfile.ZipInfo(f"doorstep/{name}", _EARLIEST)
            file.external_attr, file.create_system = _READABLE, _UNIX
            archive.writestr(file, content, zipfile.ZIP_DEFLATED, 9)
    return written.getvalue()


def plugin_files(app_address: str = NO_ADDRESS) -> dict[str, bytes]:
    """Name -> content, in the order of the names. What an editor or a system leaves behind is none of it."""
    names = sorted(
        path.relative_to(PLUGIN).as_posix()
        for path in PLUGIN.rglob("*")
        if path.is_file() and path.suffix in KINDS and not path.name.startswith(".")
    )
    files = {name: (PLUGIN / name).read_bytes() for name in names}
    if files[_ADDRESS_FILE].count(NO_ADDRESS.encode()) != 1:
        raise ValueError(f"{_ADDRESS_FILE} names {NO_ADDRESS} not once.")
    for name in _NAMES_IT:
        files[name] = files[name].replace(NO_ADDRESS.encode(), app_address.encode())
    return files
