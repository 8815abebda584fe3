"""Bodies are spelled as the real store spells them, to the byte."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import pytest

from sandbox.woocommerce.php_json import encode
from tests.sandbox.woocommerce.running import RECORDINGS


def _deliveries() -> Iterator[tuple[str, bytes]]:
    for path in sorted(RECORDINGS.glob("*.json")):
        recording = json.loads(path.read_text("utf-8"))
        for one in recording.get("deliveries", [recording]):
            raw = base64.b64decode(one["raw_body_base64"])
            if one["headers"]["Content-Type"].startswith("application/json"):
                yield path.stem, raw


DELIVERIES = list(_deliveries())


def test_there_are_recordings() -> None:
    assert len(DELIVERIES) >= 35


@pytest.mark.parametrize("raw", [raw for _, raw in DELIVERIES], ids=[name for name, _ in DELIVERIES])
def test_every_recorded_body_comes_out_byte_for_byte(raw: bytes) -> None:
    assert encode(json.loads(raw)) == raw


def test_whole_floats_lose_their_point() -> None:
    assert encode({"price": 19.0, "rest": [25.900000000000002, 0.5, True, None]}) == (
        b'{"price":19,"rest":[25.900000000000002,0.5,true,null]}'
    )
