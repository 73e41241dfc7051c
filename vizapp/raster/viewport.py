"""The part of the flat plot that is looked at, and its size in pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

MAX_PIXELS = 4_000_000
MAX_SIDE = 8192  # segment ends are int16, and the fixed-point line of `lines` is exact up to here
_MAX_COORDINATE = 1e9
_MIN_SPAN = 1e-9  # of the coordinates: below that float64 cannot tell pixels apart


@dataclass(frozen=True, slots=True)
class Viewport:
    """A window of the flat plot: `x0`..`x1`, `y0`..`y1` in layout units (y up), `width` x `height` in pixels.

    Row 0 of an image is the bottom row, as in Datashader and Bokeh's Image. Raises ValueError for ranges
    that are inverted, empty or not finite and for sizes outside 1..8192 a side or above 4 million pixels.
    """

    x0: float
    x1: float
    y0: float
    y1: float
    width: int
    height: int

    def __post_init__(self) -> None:
        for axis, low, high in (("x", self.x0, self.x1), ("y", self.y0, self.y1)):
            if not (math.isfinite(low) and math.isfinite(high)):
                raise ValueError(f"the {axis} range must be two finite numbers, not {low} to {high}")
            reach = max(abs(low), abs(high))
            if reach > _MAX_COORDINATE:
                raise ValueError(f"the {axis} range {low} to {high} is too far from the network")
            if high - low <= reach * _MIN_SPAN:
                raise ValueError(f"the {axis} range must rise and not be empty: {low} to {high}")
        for name, size in (("width", self.width), ("height", self.height)):
            if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= MAX_SIDE:
                raise ValueError(f"{name} must be 1 to {MAX_SIDE} whole pixels, not {size!r}")
        if self.pixels > MAX_PIXELS:
            raise ValueError(f"{self.width} x {self.height} pixels are more than {MAX_PIXELS:,}")

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def unit_x(self) -> float:
        """Width of a pixel in layout units."""
        return (self.x1 - self.x0) / self.width

    @property
    def unit_y(self) -> float:
        """Height of a pixel in layout units."""
        return (self.y1 - self.y0) / self.height

    def coarse(self, factor: float) -> Viewport:
        """The same window with `factor` times fewer pixels a side."""
        width, height = (max(1, round(side / factor)) for side in (self.width, self.height))
        return Viewport(self.x0, self.x1, self.y0, self.y1, width, height)
