from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from sandbox.clock import Clock
from sandbox.outbox.command import Outcome
from sandbox.outbox.pages import create_dev_app, span
from sandbox.outbox_store import ANSWER_LOST, keep, open_outbox, outbox_path
from sandbox.settings import Settings

Compose = Callable[..., EmailMessage]
COFFEE = "hollow-pine.myshopify.com"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path,
        port=8000,
        app_address="http://127.0.0.1:8000",
        shopify_key="k",
        shopify_secret="s",
        origins={},
        clock_file=tmp_path / "clock",
        record_file=tmp_path / "sink.jsonl",
    )


@pytest.fixture
def commands() -> list[tuple[str, ...]]:
    return []


@pytest.fixture
def pages(settings: Settings, commands: list[tuple[str, ...]]) -> FlaskClient:
    def run(*arguments: str) -> Outcome:
        commands.append(arguments)
        if arguments[-1] == "3d":
            return Outcome(1, "The clock cannot <be> moved.")
        return Outcome(None if arguments[-1] == "14d" else 0, "sent, because <order_not_cancelled> passed")

    return create_dev_app(settings, run).test_client()


def into_outbox(settings: Settings, message: EmailMessage, to: str, status: str = "accepted") -> int:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    with closing(open_outbox(outbox_path(settings.folder))) as outbox:
        return keep(outbox, message.as_bytes(), "shop@x.example", to, now, status).id


@pytest.fixture
def put(settings: Settings, mail: Compose) -> Callable[..., int]:
    def keep_one(to: str = "ada@example.com", status: str = "accepted", html: str = "", **more: Any) -> int:
        message = mail(to, **more)
        if html:
            message.add_alternative(html, subtype="html")
        return into_outbox(settings, message, to, status)

    return keep_one


def test_an_empty_outbox_says_what_to_do(pages: FlaskClient) -> None:
    answer = pages.get("/outbox")
    assert answer.status_code == 200
    assert "No mail yet" in answer.text
    assert "http://127.0.0.1:8001/" in answer.text
    assert pages.get("/outbox.json").json == []


def test_the_list_filters_by_shop_and_address(pages: FlaskClient, put: Callable[..., int]) -> None:
    put("ada@example.com")
    put("bo@example.com", shop="larkhus.example")
    everybody = {entry["to"] for entry in pages.get("/outbox.json").json or []}
    assert everybody == {"ada@example.com", "bo@example.com"}
    (entry,) = pages.get("/outbox.json?shop=larkhus.example").json or []
    assert entry["to"] == "bo@example.com"
    listed = pages.get("/outbox?to=ADA@example.com").text
    assert "ada@example.com" in listed
    assert "bo@example.com" not in listed
    assert "No mail matches" in pages.get("/outbox?to=nobody@example.com").text


def test_a_long_list_comes_in_pages(pages: FlaskClient, put: Callable[..., int]) -> None:
    for number in range(101):
        put(f"n{number}@example.com")
    first = pages.get("/outbox").text
    assert "101 mails" in first
    assert "n1@example.com" in first
    assert "n0@example.com" not in first
    older = pages.get("/outbox?before=2").text
    assert "n0@example.com" in older
    assert "n1@example.com" not in older
    assert len(pages.get("/outbox.json").json or []) == 101


def test_an_entry_holds_the_whole_mail(pages: FlaskClient, put: Callable[..., int]) -> None:
    number = put(html="<p>Hé</p>")
    (entry,) = pages.get("/outbox.json").json or []
    assert entry.pop("headers")["Message-ID"] == "<row-17@mail.example>"
    assert entry == {
        "id": number,
        "shop": COFFEE,
        "flow": "review_request",
        "step": "ask",
        "to": "ada@example.com",
        "subject": "Ist das Päckchen da? ☕",
        "text": "Hello\n.a line that begins with a dot\n",
        "html": "<p>Hé</p>\n",
        "status": "accepted",
        "sent_at": "2026-11-21T11:00:00+00:00",
    }


def test_a_mail_asked_for_too_early_is_there_later(pages: FlaskClient, put: Callable[..., int]) -> None:
    assert pages.get("/outbox/1").status_code == 404
    assert pages.get("/outbox/1.eml").status_code == 404
    put()
    assert pages.get("/outbox/1").status_code == 200
    assert b"Message-ID: <row-17@mail.example>" in pages.get("/outbox/1.eml").data


def test_html_is_shown_at_both_widths_and_cannot_act(pages: FlaskClient, put: Callable[..., int]) -> None:
    put(html="<html><head></head><body><script>bad()</script>Hello</body></html>")
    page = pages.get("/outbox/1").text
    assert 'width="375"' in page
    assert 'width="640"' in page
    assert page.count('sandbox="allow-popups allow-popups-to-escape-sandbox"') == 2
    assert "bad()" not in page
    framed = pages.get("/outbox/1/html")
    assert framed.text.startswith('<html><head><base target="_blank"></head>')
    policy = framed.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox;")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize(
    ("tab", "expected"),
    [
        ("text", ".a line that begins with a dot"),
        ("source", "MIME-Version: 1.0"),
        ("headers", "&lt;row-17@mail.example&gt;"),
        ("why", "because &lt;order_not_cancelled&gt; passed"),
    ],
)
def test_every_view_of_a_mail(pages: FlaskClient, put: Callable[..., int], tab: str, expected: str) -> None:
    put()
    assert expected in pages.get(f"/outbox/1?show={tab}").text


def test_why_asks_for_the_ledger_row(
    pages: FlaskClient, put: Callable[..., int], commands: list[tuple[str, ...]]
) -> None:
    put(row="42")
    pages.get("/outbox/1")
    assert commands == []
    pages.get("/outbox/1?show=why")
    assert commands == [("explain", "42")]
    assert pages.get("/outbox/1?show=nothing").status_code == 404


def test_a_lost_answer_is_named(pages: FlaskClient, put: Callable[..., int]) -> None:
    put(status=ANSWER_LOST)
    assert "answer lost" in pages.get("/outbox").text
    assert "hung up before it said so" in pages.get("/outbox/1").text


def test_markup_in_a_mail_stays_text(pages: FlaskClient, put: Callable[..., int], settings: Settings) -> None:
    message = EmailMessage()
    message["To"] = "x@example.com"
    message["Subject"] = "<script>subject()</script>"
    message["X-Doorstep-Shop"] = "<script>shop()</script>"
    message.set_content("<script>text()</script>")
    into_outbox(settings, message, "<i>@example.com")
    for path in ("", "/1", "/1?show=text", "/1?show=source", "/1?show=headers"):
        answer = pages.get(f"/outbox{path}")
        assert answer.status_code == 200
        assert "<script>" not in answer.text
        assert "<i>" not in answer.text


def test_the_clock_tells_its_time(pages: FlaskClient, settings: Settings) -> None:
    clock = Clock(settings.clock_file)
    clock.set_offset(86400.0 * 3)
    answer = pages.get("/clock").json or {}
    assert answer["offset"] == 86400.0 * 3
    assert abs((datetime.fromisoformat(answer["now"]) - clock.now()).total_seconds()) < 5
    assert "3 days ahead" in pages.get("/outbox").text


@pytest.mark.parametrize(
    ("seconds", "words"), [(3600, "60 min"), (7200, "2 h"), (90000, "1 day 1 h"), (172800, "2 days")]
)
def test_how_far_ahead_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_moving_time_runs_the_command_and_comes_back(
    pages: FlaskClient, commands: list[tuple[str, ...]]
) -> None:
    answer = pages.post("/clock", data={"advance": "1d", "back": "/dev/outbox?shop=x"})
    assert (answer.status_code, answer.location) == (303, "/dev/outbox?shop=x")
    assert commands == [("clock", "advance", "1d")]


def test_a_script_gets_json(pages: FlaskClient) -> None:
    assert (pages.post("/clock", json={"advance": "1h"}).json or {})["moving"] is False
    assert (pages.post("/clock", json={"advance": "14d"}).json or {})["moving"] is True


@pytest.mark.parametrize("wish", ["", "1", "d", "-1d", "0h", "1y", "1d; rm", "1d\n", "1000d", "٣d"])
def test_a_strange_span_is_refused(pages: FlaskClient, commands: list[tuple[str, ...]], wish: str) -> None:
    assert pages.post("/clock", data={"advance": wish}).status_code == 400
    assert pages.post("/clock", json={"advance": wish}).status_code == 400
    assert commands == []


def test_a_failure_is_shown(pages: FlaskClient) -> None:
    answer = pages.post("/clock", data={"advance": "3d"})
    assert answer.status_code == 502
    assert "The clock cannot &lt;be&gt; moved." in answer.text


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("http://127.0.0.1:8001/products/mug", "http://127.0.0.1:8001/products/mug"),
        ("http://localhost:8002/", "http://localhost:8002/"),
        ("/dev/outbox/7", "/dev/outbox/7"),
        ("", "/dev/outbox"),
        ("//evil.example/", "/dev/outbox"),
        ("/\\evil.example/", "/dev/outbox"),
        ("http://127.0.0.1:8004/", "/dev/outbox"),
        ("http://127.0.0.1:8001@evil.example/", "/dev/outbox"),
        ("https://evil.example/", "/dev/outbox"),
        ("javascript:alert(1)", "/dev/outbox"),
        ("/a\r\nSet-Cookie: x", "/dev/outbox"),
        ("http://[", "/dev/outbox"),
    ],
)
def test_the_way_back_stays_in_the_sandbox(pages: FlaskClient, back: str, leads_to: str) -> None:
    assert pages.post("/clock", data={"advance": "1h", "back": back}).location == leads_to


def test_the_page_it_came_from_is_the_way_back(pages: FlaskClient) -> None:
    for referer, leads_to in (
        ("http://127.0.0.1:8002/shop", "http://127.0.0.1:8002/shop"),
        ("https://evil.example/", "/dev/outbox"),
    ):
        answer = pages.post("/clock", data={"advance": "1h"}, headers={"Referer": referer})
        assert answer.location == leads_to


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:8000", 303),
        ("http://127.0.0.1:8001", 303),
        ("http://localhost:8002", 303),
        ("https://evil.example", 403),
        ("http://127.0.0.1:9000", 403),
        ("null", 403),
    ],
)
def test_only_pages_of_the_sandbox_move_time(
    pages: FlaskClient, commands: list[tuple[str, ...]], origin: str, status: int
) -> None:
    answer = pages.post("/clock", data={"advance": "1h"}, headers={"Origin": origin})
    assert answer.status_code == status
    assert bool(commands) == (status == 303)


def test_other_host_names_are_not_served(pages: FlaskClient) -> None:
    assert pages.get("/outbox", headers={"Host": "evil.example"}).status_code == 400
    assert pages.get("/outbox", headers={"Host": "127.0.0.1:8000"}).status_code == 200


def test_the_pages_live_below_dev_beside_the_app(settings: Settings) -> None:
    @Request.application
    def the_app(request: Request) -> Response:
        return Response(f"app {request.path}")

    client = Client(DispatcherMiddleware(the_app, {"/dev": create_dev_app(settings)}))
    assert client.get("/healthz").text == "app /healthz"
    with client.get("/dev", follow_redirects=True) as front:
        assert b"No mail yet" in front.data
    with client.get("/dev/outbox/static/outbox.css") as styles:
        assert styles.mimetype == "text/css"
