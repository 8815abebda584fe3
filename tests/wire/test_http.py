from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from typing import Any

import pytest

from tests.ports import free_ports
from wire.http import ANSWER_LIMIT, Answer, HttpClient, NoAnswer, WireError

SHOP = "https://shop.example.com"
SECRET = "cs_ed7cbedc"
Answering = Callable[[BaseHTTPRequestHandler], None]
Serve = Callable[[Answering], str]


def test_an_answer_comes_back_with_lower_case_headers(serve: Serve) -> None:
    seen: list[tuple[str, str, str, bytes]] = []

    def answering(request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        seen.append((request.command, request.path, request.headers["Host"], body))
        reply(request, 201, b'{"a": [1]}', {"X-WP-TotalPages": "3", "Set-Cookie": "session=1"})

    client = client_of(serve(answering))
    answer = client.request("POST", f"{SHOP}/orders", params={"page": "2"}, body=b"{}")
    client.request("GET", f"{SHOP}/again")
    assert (answer.status, answer.json(), answer.headers["x-wp-totalpages"]) == (201, {"a": [1]}, "3")
    assert seen[0] == ("POST", "/orders?page=2", "shop.example.com", b"{}")
    assert seen[1] == ("GET", "/again", "shop.example.com", b"")


def test_no_cookie_is_kept_and_no_password_file_is_read(
    serve: Serve, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    headers: list[dict[str, str]] = []

    def answering(request: BaseHTTPRequestHandler) -> None:
        headers.append({name.lower(): value for name, value in request.headers.items()})
        reply(request, 200, b"", {"Set-Cookie": "session=1; Path=/"})

    client = client_of(serve(answering))
    client.request("GET", SHOP)
    client.request("GET", SHOP)
    assert len(headers) == 2
    assert not any({"cookie", "authorization", "proxy-authorization"} & seen.keys() for seen in headers)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_not_followed(status: int, serve: Serve, canary: Any) -> None:
    place = f"http://127.0.0.1:{canary.port}/"
    answer = client_of(serve(lambda request: reply(request, status, b"", {"Location": place}))).request(
        "GET", SHOP
    )
    assert (answer.status, answer.headers["location"]) == (status, place)
    assert canary.connections == []


@pytest.mark.parametrize("status", [200, 302])
def test_an_endless_answer_is_cut_off(status: int, serve: Serve) -> None:
    sent = 0

    def answering(request: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        request.send_response(status)
        request.send_header("Location", "/elsewhere")
        request.send_header("Connection", "close")
        request.end_headers()
        while sent < 20 * ANSWER_LIMIT:
            sent += request.wfile.write(b"x" * 100_000)

    with pytest.raises(WireError, match="larger than 5000000 bytes"):
        client_of(serve(answering)).request("GET", SHOP)
    assert sent < 20 * ANSWER_LIMIT


def test_a_small_body_that_unpacks_to_a_large_one_is_cut_off(serve: Serve) -> None:
    bomb = gzip.compress(b"0" * (ANSWER_LIMIT + 1))
    assert len(bomb) < 10_000
    with pytest.raises(WireError, match="larger"):
        client_of(serve(lambda request: reply(request, 200, bomb, {"Content-Encoding": "gzip"}))).request(
            "GET", SHOP
        )


def test_an_answer_of_exactly_the_limit_is_read(serve: Serve) -> None:
    packed = gzip.compress(b"0" * ANSWER_LIMIT)
    answer = client_of(
        serve(lambda request: reply(request, 200, packed, {"Content-Encoding": "gzip"}))
    ).request("GET", SHOP)
    assert len(answer.body) == ANSWER_LIMIT


def test_a_body_in_chunks_is_joined(serve: Serve) -> None:
    def answering(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        request.wfile.write(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")

    assert client_of(serve(answering)).request("GET", SHOP).body == b"abcde"


def test_a_body_that_drips_meets_the_time_limit(serve: Serve) -> None:
    def answering(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000000")
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b"x")
            time.sleep(0.05)

    began = time.monotonic()
    with pytest.raises(NoAnswer, match="too slowly"):
        client_of(serve(answering)).request("GET", SHOP, timeout=0.3)
    assert time.monotonic() - began < 2


def test_silence_is_no_answer(serve: Serve) -> None:
    with pytest.raises(NoAnswer, match="no answer in time"):
        client_of(serve(lambda request: time.sleep(1))).request("GET", SHOP, timeout=0.1)


def test_a_body_that_breaks_off_is_no_answer(serve: Serve) -> None:
    def answering(request: BaseHTTPRequestHandler) -> None:
        reply(request, 200, b'{"id": 1', {}, length=400)
        request.close_connection = True

    with pytest.raises(NoAnswer):
        client_of(serve(answering)).request("GET", SHOP)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_passing_failures_are_tried_three_times(status: int, serve: Serve) -> None:
    calls: list[Any] = []
    pauses: list[float] = []
    origin = serve(counted(calls, lambda request: reply(request, status, b"", {})))
    client = HttpClient({SHOP: origin}, pause=pauses.append)
    assert client.request("GET", SHOP, retry=True).status == status
    assert (len(calls), len(pauses)) == (3, 2)
    assert all(0.4 <= pause <= 3 for pause in pauses)


@pytest.mark.parametrize("asked", ["4", "4.0"])
def test_the_pause_that_the_server_asks_for_is_kept(asked: str, serve: Serve) -> None:
    pauses: list[float] = []
    origin = serve(lambda request: reply(request, 429, b"", {"Retry-After": asked}))
    HttpClient({SHOP: origin}, pause=pauses.append).request("GET", SHOP, retry=True)
    assert pauses == [4.0, 4.0]


@pytest.mark.parametrize("asked", ["nan", "-5", "", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"])
def test_a_pause_that_is_no_number_of_seconds_counts_as_none(asked: str, serve: Serve) -> None:
    pauses: list[float] = []
    origin = serve(lambda request: reply(request, 429, b"", {"Retry-After": asked}))
    HttpClient({SHOP: origin}, pause=pauses.append).request("GET", SHOP, retry=True)
    assert len(pauses) == 2
    assert max(pauses) <= 3


@pytest.mark.parametrize("asked", ["120", "inf"])
def test_a_long_pause_is_left_to_the_caller(asked: str, serve: Serve) -> None:
    calls: list[Any] = []
    origin = serve(counted(calls, lambda request: reply(request, 429, b"", {"Retry-After": asked})))
    answer = HttpClient({SHOP: origin}, pause=unwanted).request("GET", SHOP, retry=True)
    assert (answer.status, len(calls)) == (429, 1)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409, 500, 501])
def test_other_answers_are_final(status: int, serve: Serve) -> None:
    calls: list[Any] = []
    origin = serve(counted(calls, lambda request: reply(request, status, b"", {})))
    assert client_of(origin).request("GET", SHOP, retry=True).status == status
    assert len(calls) == 1


def test_nothing_is_tried_again_unless_asked(serve: Serve) -> None:
    calls: list[Any] = []
    origin = serve(counted(calls, lambda request: reply(request, 503, b"", {})))
    assert client_of(origin).request("POST", SHOP, body=b"{}").status == 503
    assert len(calls) == 1


def test_a_lost_connection_is_tried_again_and_may_succeed(serve: Serve) -> None:
    calls: list[Any] = []

    def answering(request: BaseHTTPRequestHandler) -> None:
        calls.append(request.client_address)
        if len(calls) < 3:
            request.close_connection = True
            return
        reply(request, 200, b"here", {})

    origin = serve(answering)
    assert (
        HttpClient({SHOP: origin}, pause=lambda seconds: None).request("GET", SHOP, retry=True).body
        == b"here"
    )
    calls.clear()
    with pytest.raises(NoAnswer):
        client_of(origin).request("GET", SHOP)
    assert len(calls) == 1


def test_no_error_tells_a_secret(serve: Serve) -> None:
    gone = f"http://127.0.0.1:{free_ports()}"
    endless = serve(lambda request: reply(request, 200, b"x" * (ANSWER_LIMIT + 1), {}))
    silent = serve(lambda request: time.sleep(0.5))
    headers = {"Authorization": f"Basic {SECRET}"}
    calls: tuple[Callable[[], Answer], ...] = (
        lambda: client_of(gone).request("GET", SHOP, params={"consumer_secret": SECRET}, headers=headers),
        lambda: client_of(silent).request("GET", f"{SHOP}/?s={SECRET}", headers=headers, timeout=0.1),
        lambda: client_of(endless).request(
            "POST", f"{SHOP}/?s={SECRET}", headers=headers, body=SECRET.encode()
        ),
        lambda: client_of(gone).request("GET", SHOP, headers={"X-Key": f"{SECRET}\r\nX: y"}),
        lambda: client_of(silent).request("GET", SHOP, headers={"X-Key": f"{SECRET}\u20ac"}),
        lambda: client_of(gone).request("GET", f"https://user:{SECRET}@shop.example.com/"),
        lambda: client_of(gone).request("GET", f"https://127.0.0.1/?s={SECRET}"),
        lambda: client_of(gone).request("GET", f"https://x.example.com:{SECRET}/"),
    )
    for call in calls:
        with pytest.raises(WireError) as caught:
            call()
        assert str(caught.value)
        for error in chain(caught.value):
            assert SECRET not in f"{error} {error!r} {error.args}"


def test_repr_tells_neither_headers_nor_body() -> None:
    assert SECRET not in repr(Answer(200, {"x": SECRET}, SECRET.encode()))


def test_an_answer_that_is_not_json_is_named_without_its_text() -> None:
    for body in (b"<html>", b"", b"\xff", b"[" * 100_000, b"1" * 5000):
        with pytest.raises(WireError, match=r"^the answer \(200\) is not JSON$"):
            Answer(200, {}, body).json()


def test_connections_are_kept_open_between_calls(serve: Serve) -> None:
    callers: list[Any] = []
    origin = serve(counted(callers, lambda request: reply(request, 200, b"ok", {})))
    client = client_of(origin)
    for _ in range(3):
        client.request("GET", SHOP)
    assert all(first == second for first, second in pairwise(callers))
    assert len(callers) == 3


def client_of(origin: str) -> HttpClient:
    return HttpClient({SHOP: origin})


def unwanted(seconds: float) -> None:
    pytest.fail("nobody may pause here")


def counted(calls: list[Any], answering: Answering) -> Answering:
    def count(request: BaseHTTPRequestHandler) -> None:
        calls.append(request.client_address)
        answering(request)

    return count


def reply(
    request: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    headers: dict[str, str],
    length: int | None = None,
) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body) if length is None else length))
    request.end_headers()
    request.wfile.write(body)


def chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
