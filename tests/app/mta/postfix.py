"""A Postfix of our own: its folders private, its port on the loopback interface, its mails in a Maildir."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_ports

REFUSED = "refused@example.com"
LATER = "later@example.com"

_MAIN = """
compatibility_level = 3.6
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
myhostname = mta.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = example.com
virtual_mailbox_base = {folder}
virtual_mailbox_maps = static:mail/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_mailbox_limit = 0
in_flow_delay = 0
smtpd_tls_security_level = may
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {certificate}
smtpd_client_connection_rate_limit = 0
smtpd_recipient_restrictions =
    check_recipient_access inline:{{
        {{ {refused} = 550 5.1.1 no such user }}, {{ {later} = 450 4.2.0 later }} }},
    {policy} reject_unauth_destination
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    folder: Path
    port: int

    def delivered(self, wanted: int, seconds: float = 30) -> list[bytes]:
        """The mails in the Maildir, once there are so many and no more come."""
        until = time.monotonic() + seconds
        while len(self._files()) < wanted and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(0.5)
        return [file.read_bytes() for file in self._files()]

    def empty(self) -> None:
        for file in self._files():
            file.unlink()

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace") if (self.folder / "log").exists() else ""

    def _files(self) -> list[Path]:
        return sorted((self.folder / "mail" / "new").glob("*"))


@contextmanager
def running(folder: Path, certificate: Path, policy: str = "") -> Iterator[Postfix]:
    """Fails where Postfix is missing, or where we are not root, whom its processes need."""
    postfix = os.environ.get("DOORSTEP_POSTFIX") or shutil.which("postfix") or "/usr/sbin/postfix"
    assert Path(postfix).exists(), "Debian's package postfix is not installed"
    assert os.geteuid() == 0, "Postfix starts as root"
    made = Postfix(folder, free_ports())
    daemons = _default("daemon_directory")
    for name in ("etc", "queue", "data", "mail"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    os.chown(folder / "mail", 65534, 65534)
    check = f"check_policy_service {policy}," if policy else ""
    values = {"folder": folder, "daemons": daemons, "certificate": certificate, "policy": check}
    (folder / "etc" / "main.cf").write_text(_MAIN.format(**values, refused=REFUSED, later=LATER))
    (folder / "etc" / "master.cf").write_text(_MASTER.format(port=made.port))
    process = subprocess.Popen(
        [postfix, "-c", str(folder / "etc"), "start-fg"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(made, process)
        yield made
    finally:
        _stop(made, process)


def _stop(made: Postfix, process: subprocess.Popen[bytes]) -> None:
    """What was started is a script; the master beside it has written down its number, and ends it all."""
    written = made.folder / "queue" / "pid" / "master.pid"
    if written.exists():
        os.kill(int(written.read_text()), signal.SIGTERM)
    else:
        process.terminate()
    process.wait(20)


def _default(name: str) -> str:
    told = subprocess.run(["/usr/sbin/postconf", "-dh", name], capture_output=True, text=True, check=True)
    return told.stdout.strip()


def _wait(made: Postfix, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        assert process.poll() is None, f"Postfix ended: {made.log()}"
        try:
            with socket.create_connection(("127.0.0.1", made.port), timeout=5) as line:
                if line.recv(3) == b"220":
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"Postfix does not answer: {made.log()}")
