"""What no page of ours may do, in any test: written down while it happens, told at the test's end."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, WebError, WebSocket

HERE = "127.0.0.1"
_TRAVELS = {"http", "https", "ws", "wss", "ftp"}


@dataclass
class Guard:
    """Console errors (broken content policies and failed loads are among them), errors of scripts,
    dialogs, and requests to anywhere but this machine. `allow` takes words of a finding that this
    test expects; an expectation that is not met is a finding too."""

    found: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, *words: str) -> None:
        self.allowed += words

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("dialog", self._dialog)
        context.on("request", self._request)
        context.on("page", self._page)

    def verdict(self) -> list[str]:
        """What was found and not expected, and what was expected and not found."""
        surprises = [line for line in self.found if not any(words in line for words in self.allowed)]
        missed = [words for words in self.allowed if not any(words in line for line in self.found)]
        return surprises + [f"expected, but did not happen: {words}" for words in missed]

    def _console(self, message: ConsoleMessage) -> None:
        place = message.location.get("url", "")
        # The browser asks for an icon by itself; a page without one is no fault.
        if message.type in ("error", "assert") and not place.endswith("/favicon.ico"):
            self.found.append(f"console: {message.text} ({place.partition('?')[0]})")

    def _error(self, error: WebError) -> None:
        self.found.append(f"script: {error.error}")

    def _dialog(self, dialog: Dialog) -> None:
        self.found.append(f"dialog: {dialog.type} {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _page(self, page: Page) -> None:
        page.on("websocket", self._socket)

    def _socket(self, socket: WebSocket) -> None:
        self._address(socket.url)

    def _address(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in _TRAVELS and parts.hostname != HERE:
            self.found.append(f"outside: {address}")
