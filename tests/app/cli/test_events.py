"""`doorstep events` prints addresses that the app answers at."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from app.cli.events import command
from app.keys import Keys
from tests.app.test_config import KEY, WHOLE


def test_each_vendor_has_an_address_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**WHOLE, "DOORSTEP_ENCRYPTION_KEYS": KEY, "EVENTS_RESEND": "whsec_x"}.items():
        monkeypatch.setenv(name, value)
    answer = CliRunner().invoke(command)
    assert answer.exit_code == 0, answer.output
    lines = answer.output.splitlines()
    paths = [urlsplit(line.split()[1]).path.split("/") for line in lines if "/events/" in line]
    assert [path[2] for path in paths] == ["ses", "postmark", "resend"]
    keys = Keys(WHOLE["DOORSTEP_SECRET"], (KEY,))
    assert [keys.read("events", path[3]) for path in paths] == [[0, path[2]] for path in paths]
    assert "EVENTS_SES is missing" in answer.output
    assert "EVENTS_RESEND is set" in answer.output
    assert "whsec_x" not in answer.output
