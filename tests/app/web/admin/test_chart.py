"""The line of thirty days: its scale and its frame."""

from __future__ import annotations

import pytest

from app.web.admin.chart import NARROW, chart, nice


@pytest.mark.parametrize("highest", [1, 2, 3, 5, 9, 10, 11, 19, 21, 58, 99, 101, 4321, 99_999])
def test_the_scale_holds_all_and_halves_evenly(highest: int) -> None:
    top = nice(highest)
    assert highest <= top <= 2 * highest + 2
    assert top % 2 == 0


def test_the_line_stays_in_its_frame() -> None:
    for shape in ((640, 104), NARROW):
        drawn = chart([0, 80, *[3] * 28], [5] * 30, shape)
        points = [tuple(map(float, point.split(","))) for point in drawn.series.split()]
        assert len(points) == 30
        assert all(drawn.left <= x <= drawn.right and 0 <= y <= drawn.zero for x, y in points)
        assert abs(drawn.end_label - drawn.before_label) >= 16
    assert chart([0] * 30, [0] * 30).before == ""
