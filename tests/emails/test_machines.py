"""Who is no person, by what they call themselves."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from emails.machines import is_machine, is_proxy
from tests.proof import Figure

PEOPLE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
    " Safari/537.36 Edg/142.0.0.0",
    "Mozilla/5.0 (Linux; Android 15; SAMSUNG SM-S938B) AppleWebKit/537.36 (KHTML, like Gecko)"
    " SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Mobile/15E148 [FBAN/FBIOS;FBAV/500.0.0;FBBV/1;FBDV/iPhone16,1;FBMD/iPhone;FBSN/iOS;FBSV/18.5]",
    "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0"
    " Mobile Safari/537.36 Instagram 390.0.0.0 Android",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
    "Opera/9.80 (Android; Opera Mini/7.5/35.5706; U; de) Presto/2.8.119 Version/11.10",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
)
MACHINES = (
    "",
    "   ",
    "python-requests/2.32",
    "Proofpoint URL Defense",
    "Mozilla/5.0 (Windows NT 10.0) SafeLinks",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "WhatsApp/2.23",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/142.0.0.0 Safari/537.36",
)


@pytest.mark.parametrize("agent", PEOPLE)
def test_browsers_are_people(agent: str) -> None:
    assert not is_machine(agent)
    assert not is_proxy(agent)


@pytest.mark.parametrize("agent", MACHINES)
def test_programs_are_none(agent: str) -> None:
    assert is_machine(agent)


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0",
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    ],
)
def test_proxies_open_for_nobody_in_particular(agent: str) -> None:
    assert is_proxy(agent)


@pytest.mark.proof
def test_of_the_programs_that_are_known_nearly_all_are_recognised(figure: Figure) -> None:
    """DOORSTEP_USER_AGENTS: the folder with crawlers.json (package crawler-user-agents)."""
    known = json.loads(Path(os.environ["DOORSTEP_USER_AGENTS"], "crawlers.json").read_text("utf-8"))
    agents = [agent for one in known for agent in one["instances"]]
    share = sum(map(is_machine, agents)) / len(agents)
    figure("share", share)
    assert len(agents) > 1_000 and share > 0.95
