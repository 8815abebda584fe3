"""What the worst pictures cost: each is decoded in a process of its own, whose memory is then read."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping

import pytest
from PIL import Image

from app.services import logo
from app.services.logo import MOST_PIXELS, NotALogo, logo_from
from tests.proof import Figure

MOST_SECONDS, MOST_MEGABYTES = 2.0, 200.0
SIDE = 2828
# The peak stands in the system's own account of the process; the time is that of the processor.
CHILD = """
import sys, time
from app.services.logo import logo_from
data = sys.stdin.buffer.read()
began = time.process_time()
made = logo_from(data)
spent = time.process_time() - began
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(spent, int(peak) / 1024, made.width, made.height)
"""


def saved(mode: str, kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (SIDE, SIDE)).save(out, kind, **more)
    return out.getvalue()


def speckled(kind: str, **more: object) -> bytes:
    """Not of one colour, so that a decoder has to work."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize((SIDE, SIDE)).convert("RGB").save(out, kind, **more)
    return out.getvalue()


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


WORST: Mapping[str, Callable[[], bytes]] = {
    "png_rgba": lambda: saved("RGBA"),
    "png_turned": lambda: saved("RGBA", exif=turned()),
    "png_transparent_colour": lambda: saved("RGB", transparency=(1, 2, 3)),
    "png_palette": lambda: saved("P", transparency=0),
    "png_deep_grey": lambda: saved("I;16"),
    "png_black_and_white": lambda: saved("1"),
    "gif": lambda: saved("P", "GIF"),
    "jpeg": lambda: speckled("JPEG"),
    "jpeg_progressive": lambda: speckled("JPEG", progressive=True),
    "jpeg_cmyk": lambda: saved("CMYK", "JPEG"),
    "webp": lambda: speckled("WEBP"),
    "webp_lossless": lambda: saved("RGBA", "WEBP", lossless=True),
}


@pytest.mark.parametrize("kind", WORST)
def test_the_largest_picture_costs_little(kind: str, figure: Figure) -> None:
    assert SIDE**2 <= MOST_PIXELS < (SIDE + 1) ** 2
    child = subprocess.run(
        [sys.executable, "-c", CHILD], input=WORST[kind](), capture_output=True, check=True
    )
    seconds, megabytes, width, height = map(float, child.stdout.split())
    figure("seconds", round(seconds, 2))
    figure("megabytes", round(megabytes))
    assert (width, height) == (600, 600)
    assert seconds <= MOST_SECONDS and megabytes <= MOST_MEGABYTES


def test_what_is_larger_is_not_decoded() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (5_000, 5_000)).save(out, "PNG")
    began = time.process_time()
    with pytest.raises(NotALogo, match="8 million pixels"):
        logo_from(out.getvalue())
    assert time.process_time() - began < 0.1


def test_a_jpeg_of_endless_layers_is_not_decoded() -> None:
    """Each layer is a pass over the whole picture and takes a few bytes of the file."""
    data = saved("RGB", "JPEG", progressive=True)
    layer = data.rindex(b"\xff\xda")
    with pytest.raises(NotALogo, match="too many layers"):
        logo_from(data[:layer] + data[layer:-2] * 60 + data[-2:])


def test_pictures_are_decoded_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    busy, most, reduced = [0], [0], logo._reduced

    def slowly(opened: Image.Image) -> Image.Image:
        busy[0] += 1
        most[0] = max(most[0], busy[0])
        time.sleep(0.02)
        busy[0] -= 1
        return reduced(opened)

    monkeypatch.setattr(logo, "_reduced", slowly)
    out = io.BytesIO()
    Image.new("RGB", (40, 40)).save(out, "PNG")
    threads = [threading.Thread(target=logo_from, args=(out.getvalue(),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
