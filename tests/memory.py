"""Where servers of tests keep their files: in memory where the system has a folder for that, because
most of their time would go into copying a small database for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_SHARED = Path("/dev/shm")
_ENOUGH = 4 * 2**30  # bytes


def quick_folder() -> Path:
    """A folder that exists; the system's temporary one where memory is short or has no folder."""
    if _SHARED.is_dir() and os.access(_SHARED, os.W_OK) and shutil.disk_usage(_SHARED).free >= _ENOUGH:
        return _SHARED
    return Path(tempfile.gettempdir())
