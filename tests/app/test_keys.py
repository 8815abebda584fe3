"""Signed values, as links carry them."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.keys import BadLink
from tests.app.desk import KEYS
from tests.proof import Count

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
CARRIED = st.lists(
    st.integers() | WORDS | st.booleans() | st.none() | st.lists(WORDS, max_size=2), max_size=6
)


def test_what_is_signed_is_read_as_it_was(count: Count) -> None:
    """And it is written as JSON is written everywhere, whichever way is quicker."""

    @settings(max_examples=count(300, 20_000), deadline=None)
    @given(CARRIED)
    def check(carried: list[object]) -> None:
        token = KEYS.sign("click", carried)
        assert KEYS.read("click", token) == carried
        payload = token.partition(".")[0]
        written = urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
        assert written == json.dumps(carried, separators=(",", ":"))
        with pytest.raises(BadLink):
            KEYS.read("tracking", token)

    check()
