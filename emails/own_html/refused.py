"""Why a merchant's own block cannot be printed."""

from __future__ import annotations


class Refused(Exception):
    """`says`: for the merchant, a whole sentence. `line` of the source, 0 where it is about the whole."""

    def __init__(self, says: str, line: int = 0) -> None:
        super().__init__(says)
        self.says = says
        self.line = line

    @property
    def sentence(self) -> str:
        return f"Line {self.line}: {self.says}" if self.line else self.says
