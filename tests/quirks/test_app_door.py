"""A test that shuts the app's door may clear away behind it: nobody is still answering."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

import requests

from tests.ports import free_ports
from tests.quirks.living import AppDoor

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def test_shut_means_that_the_last_answer_was_given() -> None:
    asked, may_answer, answered, port = threading.Event(), threading.Event(), threading.Event(), free_ports()

    def app(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        asked.set()
        may_answer.wait(10)
        answered.set()
        start("200 OK", [])
        return [b"late"]

    door = AppDoor(app, port)
    door.open()
    said: list[bytes] = []
    asking = threading.Thread(target=lambda: said.append(requests.get(f"http://127.0.0.1:{port}").content))
    asking.start()
    assert asked.wait(10)
    threading.Timer(0.3, may_answer.set).start()
    door.shut()
    assert answered.is_set()
    asking.join()
    assert said == [b"late"]
