"""Business time may be moved; real time may not."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.clock import Clock, write_offset

SECOND = timedelta(seconds=1)


def test_without_a_file_business_time_is_real_time() -> None:
    clock = Clock()
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - clock.real()) < SECOND
    assert abs(clock.real() - datetime.now(UTC)) < SECOND


def test_a_missing_file_means_real_time(tmp_path: Path) -> None:
    assert Clock(tmp_path / "clock").offset() == timedelta()


def test_a_move_is_seen_at_once_and_real_time_stays(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "deep" / "clock")
    for days in (14, 15, 3):  # written faster than the file system's clock may tick
        write_offset(tmp_path / "deep" / "clock", days * 86400.0)
        assert abs(clock.now() - clock.real() - timedelta(days=days)) < SECOND
    assert abs(clock.real() - datetime.now(UTC)) < SECOND
    (tmp_path / "deep" / "clock").unlink()
    assert clock.offset() == timedelta()


def test_an_unchanged_file_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "clock"
    write_offset(file, 60.0)
    clock = Clock(file)
    clock.now()
    reads: list[Path] = []
    real = Path.read_text

    def read(self: Path, encoding: str | None = None) -> str:
        reads.append(self)
        return real(self, encoding)

    monkeypatch.setattr(Path, "read_text", read)
    for _ in range(100):
        clock.now()
    assert reads == []
    write_offset(file, 61.0)
    clock.now()
    assert reads == [file]


def test_readers_never_see_half_a_number(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    write_offset(file, 0.0)
    done = threading.Event()
    seen: set[float] = set()
    broken: list[Exception] = []

    def read() -> None:
        while not done.is_set():
            try:
                seen.add(Clock(file).offset().total_seconds())
            except ValueError as error:
                broken.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(300):
        write_offset(file, 1_000_000.0 + number)
    done.set()
    reader.join()
    assert broken == []
    assert seen <= {0.0, *(1_000_000.0 + number for number in range(300))}
    assert [path.name for path in tmp_path.iterdir()] == ["clock"]
