from __future__ import annotations

import dataclasses

import pytest

from vizapp.raster import Viewport

GOOD = {"x0": -1.0, "x1": 3.0, "y0": 0.0, "y1": 2.0, "width": 400, "height": 100}


def test_equal_viewports_are_one_key() -> None:
    view = Viewport(**GOOD)
    assert {view: 1}[Viewport(**GOOD)] == 1
    assert (view.pixels, view.unit_x, view.unit_y) == (40_000, 0.01, 0.02)
    with pytest.raises(dataclasses.FrozenInstanceError):
        view.width = 3  # type: ignore[misc]


def test_coarse_is_the_same_window() -> None:
    view = Viewport(**GOOD).coarse(4)
    assert (view.width, view.height) == (100, 25)
    assert (view.x0, view.x1, view.y0, view.y1) == (-1, 3, 0, 2)
    assert Viewport(0, 1, 0, 1, 2, 1).coarse(4).pixels == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x1": -1.0}, "x range must rise"),
        ({"x1": -2.0}, "x range must rise"),
        ({"y0": float("nan")}, "y range must be two finite numbers"),
        ({"y1": float("inf")}, "y range must be two finite numbers"),
        ({"x0": -1e10}, "too far"),
        ({"x0": 2.999999999999}, "x range must rise"),
        ({"width": 0}, "width must be"),
        ({"height": -3}, "height must be"),
        ({"height": 10**6}, "height must be"),
        ({"width": 2.5}, "width must be"),
        ({"width": True}, "width must be"),
        ({"width": 4000, "height": 4000}, "more than 4,000,000"),
    ],
)
def test_what_cannot_be_looked_at_is_refused(change: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Viewport(**{**GOOD, **change})
