"""A folder of mails on this machine, one file each (cr.yp.to/proto/maildir.html): what a local mail server
delivers into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from emails.inbound.mailbox import MailboxAway
from emails.inbound.parts import MOST_BYTES

ASIDE = ".Other"


@dataclass(frozen=True, slots=True)
class FolderMailbox:
    """What another reader took meanwhile is no error."""

    place: Path

    def waiting(self, limit: int) -> Iterator[tuple[str, bytes]]:
        try:
            names = sorted(
                f"{part}/{file.name}" for part in ("new", "cur") for file in (self.place / part).iterdir()
            )
        except OSError as error:
            raise MailboxAway(f"the folder of mails cannot be read: {type(error).__name__}") from error
        for name in names[:limit]:
            try:
                with (self.place / name).open("rb") as file:
                    yield name, file.read(MOST_BYTES)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise MailboxAway(f"a mail cannot be read: {type(error).__name__}") from error

    def drop(self, name: str) -> None:
        try:
            (self.place / name).unlink(missing_ok=True)
        except OSError as error:
            raise MailboxAway(f"a mail cannot be removed: {type(error).__name__}") from error

    def put_aside(self, name: str) -> None:
        aside = self.place / ASIDE
        try:
            for part in ("cur", "new", "tmp"):
                (aside / part).mkdir(parents=True, exist_ok=True)
            (self.place / name).rename(aside / "cur" / Path(name).name)
        except FileNotFoundError:
            return
        except OSError as error:
            raise MailboxAway(f"a mail cannot be put aside: {type(error).__name__}") from error

    def __enter__(self) -> Self:
        if not (self.place / "new").is_dir():
            raise MailboxAway("there is no folder of mails where the settings say")
        return self

    def __exit__(self, *_: object) -> None:
        return None
