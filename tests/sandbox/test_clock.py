from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.clock import Clock, real_now


def test_virtual_time_is_real_time_plus_the_file(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "folder" / "clock")
    assert clock.offset() == 0.0
    clock.set_offset(timedelta(days=14).total_seconds())
    ahead = clock.now() - real_now()
    assert abs(ahead - timedelta(days=14)) < timedelta(seconds=5)
    assert clock.now().tzinfo is not None
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["clock"]


def test_a_clock_without_a_file_is_real_and_cannot_be_moved() -> None:
    clock = Clock()
    assert abs(clock.now() - real_now()) < timedelta(seconds=5)
    with pytest.raises(ValueError, match="no file"):
        clock.set_offset(1.0)
