"""The attacks are made on the same site that the pages' own tests use, and with a real mail server."""

from __future__ import annotations

from tests.app.conftest import mailbox as mailbox
from tests.app.conftest import port as port
from tests.app.web.conftest import site as site
