"""Compiled mails kept beside the code, as Python keeps its own modules: a worker that starts finds them there
instead of compiling for seconds. Whatever they were made from is in their name, so that none is ever old."""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from types import CodeType

from emails.compiling.source import FOLDER

Parts = tuple[CodeType, CodeType, frozenset[str]]
"""The text template, the HTML one, and the names that either looks at."""

_HERE = Path(__file__).parent
_MADE_BY = ("jinja2", "markupsafe", "mrml")


@lru_cache(maxsize=1)
def stored() -> Mapping[str, Parts]:
    """By mail, in the order that is shipped; nothing where none are kept."""
    with suppress(OSError, ValueError, EOFError, TypeError):
        found: dict[str, Parts] = marshal.loads(_place().read_bytes())
        return found
    return {}


def store(parts: Mapping[str, Parts]) -> None:
    """Where the folder cannot be written to, each worker compiles for itself."""
    if sys.dont_write_bytecode:
        return
    place = _place()
    half = place.with_name(f"{place.stem}.{os.getpid()}.pyc")
    with suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        half.write_bytes(marshal.dumps(dict(parts)))
        half.replace(place)


@lru_cache(maxsize=1)
def _place() -> Path:
    made_from = hashlib.blake2b(digest_size=16)
    for path in sorted((*FOLDER.rglob("*.*"), *_HERE.glob("*.py"))):
        made_from.update(f"{path.name} {path.stat().st_size}\n".encode())
        made_from.update(path.read_bytes())
    made_from.update(" ".join(version(name) for name in _MADE_BY).encode())
    tag = sys.implementation.cache_tag or "python"
    return _HERE / "__pycache__" / f"mails.{tag}.{made_from.hexdigest()}.pyc"
