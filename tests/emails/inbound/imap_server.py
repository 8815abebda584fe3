"""A small IMAP server on a loopback port, with the answers of RFC 3501 to what a reader of bounces asks."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USER, PASSWORD = 'bounces "x"@example.com', 'pa"ss\\word'


@dataclass
class Box:
    """`mails`: by UID; `deleted` are marked and go when the folder is closed. `refuse`: a command that is
    answered with NO; `cut`: one at which the line breaks. `prefix`: what all folders begin with."""

    mails: dict[int, bytes] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    aside: list[bytes] = field(default_factory=list)
    folders: set[str] = field(default_factory=lambda: {"INBOX"})
    refuse: str = ""
    cut: str = ""
    prefix: str = ""
    heard: list[str] = field(default_factory=list)


@contextmanager
def serving(box: Box) -> Iterator[int]:
    class Handler(_Handler):
        served = box

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


class _Handler(socketserver.StreamRequestHandler):
    served: Box

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            words = rest.split()
            name = words[1].upper() if words[0].upper() == "UID" else words[0].upper()
            self.served.heard.append(rest)
            if name == self.served.cut:
                return
            if name == self.served.refuse:
                self.say(f"{tag} NO not now")
                continue
            self.say(f"{tag} {self.answer(name, rest)}")
            if name == "LOGOUT":
                return

    def answer(self, name: str, rest: str) -> str:
        box = self.served
        if name == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif name == "LOGIN":
            given = [re.sub(r"\\(.)", r"\1", one) for one in re.findall(r'"((?:[^"\\]|\\.)*)"', rest)]
            if given != [USER, PASSWORD]:
                return "NO wrong"
        elif name == "SELECT":
            if rest.split(" ", 1)[1].strip('"') not in box.folders:
                return "NO no such folder"
            self.say(f"* {len(box.mails)} EXISTS")
        elif name == "SEARCH":
            self.say("* SEARCH " + " ".join(str(uid) for uid in sorted(set(box.mails) - box.deleted)))
        elif name == "FETCH":
            uid = int(rest.split()[2])
            _, _, most = rest.partition("<0.")
            raw = box.mails[uid][: int(most.partition(">")[0])]
            self.wfile.write(
                f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
            )
        elif name == "CREATE":
            folder = rest.split(" ", 1)[1].strip('"')
            if not folder.startswith(box.prefix):
                return "NO Invalid mailbox name"
            box.folders.add(folder)
        elif name == "COPY":
            if rest.split(" ", 3)[3].strip('"') not in box.folders:
                return "NO [TRYCREATE] no such folder"
            box.aside.append(box.mails[int(rest.split()[2])])
        elif name == "STORE":
            box.deleted.add(int(rest.split()[2]))
        elif name == "CLOSE":
            for uid in box.deleted:
                box.mails.pop(uid, None)
        elif name == "LOGOUT":
            self.say("* BYE")
        return "OK done"

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
