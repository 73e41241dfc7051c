"""Many plain drawings at once, as a network sees them: `drawing_to_input` as one kernel, without the GIL.

Plain: normalised, of strokes of one width that stay on the pad, without eraser or image; the frames of most morphs.
Every step is that of `drawing.py`, `capsules.py` and `normalise.py`, which say why it is so; pictures differ by
rounding only, and a test compares them. Importing this imports Numba: see `morphs.warm_up`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from vizapp.jit import kernel

from .drawing import FINE, MAX_MAGNIFICATION, SIZE, SPACING
from .normalise import BOX, CENTRE
from .pad import SIDE
from .strokes import Stroke

Floats = NDArray[np.float32]


def is_plain(strokes: Sequence[Stroke]) -> bool:
    """Whether a drawing is one of those that `pictures` takes."""
    if not strokes:
        return False
    width = strokes[0].width
    return all(
        not stroke.erase and stroke.width == width and stroke.points.min() >= 0 and stroke.points.max() <= 1
        for stroke in strokes
    )


def pictures(drawings: Sequence[Sequence[Stroke]]) -> Floats:
    """float32[K, 28, 28] of plain drawings: some 20 µs each."""
    counts = np.array([len(stroke.points) for strokes in drawings for stroke in strokes], np.int64)
    points = np.concatenate([stroke.points for strokes in drawings for stroke in strokes]).astype(np.float32)
    first = np.cumsum([0, *(len(strokes) for strokes in drawings)]).astype(np.int64)
    widths = np.array([strokes[0].width for strokes in drawings], np.float64)
    images = np.empty((len(drawings), SIDE, SIDE), np.float32)
    _draw_all(points, counts, first, widths, images)
    return images


@kernel
def _draw_all(points: Floats, counts: NDArray[np.int64], first: NDArray[np.int64], widths, images) -> None:  # type: ignore[no-untyped-def]
    """`counts` points of each stroke, strokes `first[k]` to `first[k + 1]` of drawing k."""
    nearest = np.empty((SIZE, SIZE), np.float32)
    begin = 0
    for k in range(len(widths)):
        end = begin
        for stroke in range(first[k], first[k + 1]):
            end += counts[stroke]
        radius = widths[k] / 2
        magnification, x, y = _fit(points[begin:end], radius)
        nearest[:] = np.inf
        fine = radius * FINE
        scale = np.float32(magnification * SIDE * FINE)
        left, top = np.float32(x) * np.float32(FINE), np.float32(y) * np.float32(FINE)
        at = begin
        for stroke in range(first[k], first[k + 1]):
            _stroke(points[at : at + counts[stroke]], scale, left, top, fine, nearest)
            at += counts[stroke]
        _see(nearest, np.float32(fine + 0.5), images[k])
        begin = end


@kernel
def _fit(points: Floats, radius: float) -> tuple[float, float, float]:
    """Magnification and offset, as `drawing._fit`."""
    low_x, low_y = points[:, 0].min() * np.float32(SIDE), points[:, 1].min() * np.float32(SIDE)
    high_x, high_y = points[:, 0].max() * np.float32(SIDE), points[:, 1].max() * np.float32(SIDE)
    thick = np.float32(radius)
    span = max(high_x - low_x, high_y - low_y)
    magnification = MAX_MAGNIFICATION
    if span > 0:
        room = np.float32(BOX) - thick - thick
        magnification = min(float(room / max(span, np.float32(1e-9))), MAX_MAGNIFICATION)
    m = np.float32(magnification)
    x = SIDE / 2 - float(((m * low_x - thick) + (m * high_x + thick)) / 2)
    y = SIDE / 2 - float(((m * low_y - thick) + (m * high_y + thick)) / 2)
    return magnification, x, y


@kernel
def _stroke(points: Floats, scale, left, top, radius, nearest) -> None:  # type: ignore[no-untyped-def]
    """Squared distances to a stroke's pieces, as `capsules.pieces` and `capsules.ink` have them."""
    longest, spacing = max(4.0, radius), np.float32(max(SPACING * FINE, radius / 32))
    count = len(points)
    x0, y0 = points[0, 0] * scale + left, points[0, 1] * scale + top
    if count == 1:
        _capsule(x0, y0, np.float32(0), np.float32(0), radius, nearest)
        return
    # The path's length up to the point before, and where it was when a point was last kept.
    before_x, before_y, length, mark = x0, y0, np.float32(0), np.float32(0)
    for i in range(1, count):
        x, y = points[i, 0] * scale + left, points[i, 1] * scale + top
        length += np.float32(hypot(x - before_x, y - before_y))
        before_x, before_y = x, y
        passed = np.float32(floor(length / spacing))
        keep = i == count - 1 or count == 2 or passed > mark
        mark = passed
        if not keep:
            continue
        dx, dy = x - x0, y - y0
        parts = max(ceil(np.float32(hypot(dx, dy)) / longest), 1)
        for part in range(parts):
            share, step = np.float32(part / parts), np.float32((part + 1) / parts)
            sx, sy = x0 + share * dx, y0 + share * dy
            _capsule(sx, sy, (x0 + step * dx) - sx, (y0 + step * dy) - sy, radius, nearest)
        x0, y0 = x, y


@kernel
def _capsule(x, y, dx, dy, radius, nearest) -> None:  # type: ignore[no-untyped-def]
    """Squared distances of the pixels around one piece, where they are the smallest so far."""
    reach = radius + 0.5
    x_from, x_to = max(0, floor(min(x, x + dx) - reach)), min(SIZE, ceil(max(x, x + dx) + reach))
    y_from, y_to = max(0, floor(min(y, y + dy) - reach)), min(SIZE, ceil(max(y, y + dy) + reach))
    whole = max(dx * dx + dy * dy, np.float32(1e-12))
    for row in range(y_from, y_to):
        py = np.float32(row + 0.5) - y
        for column in range(x_from, x_to):
            px = np.float32(column + 0.5) - x
            along = min(max((px * dx + py * dy) / whole, np.float32(0)), np.float32(1))
            far_x, far_y = px - along * dx, py - along * dy
            squared = far_x * far_x + far_y * far_y
            if squared < nearest[row, column]:
                nearest[row, column] = squared


@kernel
def _see(nearest: Floats, edge, image: Floats) -> None:  # type: ignore[no-untyped-def]
    """The ink of those distances, centred by its mass and averaged down; `nearest` becomes the ink."""
    total = across = down = 0.0
    for row in range(SIZE):
        for column in range(SIZE):
            value = min(max(edge - np.float32(sqrt(nearest[row, column])), np.float32(0)), np.float32(1))
            nearest[row, column] = value
            total += value
            across += value * (column + 0.5)
            down += value * (row + 0.5)
    shift_x = shift_y = 0.0
    if total > 0:
        shift_x, shift_y = CENTRE - across / total / FINE, CENTRE - down / total / FINE
    lines = np.zeros((SIDE, SIZE), np.float32)
    for row in range(SIDE):
        low, high = (row + 0.5 - shift_y) * FINE - FINE / 2, (row + 0.5 - shift_y) * FINE + FINE / 2
        for source in range(max(0, floor(low)), min(SIZE, ceil(high))):
            weight = np.float32((min(high, source + 1.0) - max(low, float(source))) / FINE)
            for column in range(SIZE):
                lines[row, column] += weight * nearest[source, column]
    for column in range(SIDE):
        low, high = (column + 0.5 - shift_x) * FINE - FINE / 2, (column + 0.5 - shift_x) * FINE + FINE / 2
        for row in range(SIDE):
            image[row, column] = 0.0
        for source in range(max(0, floor(low)), min(SIZE, ceil(high))):
            weight = np.float32((min(high, source + 1.0) - max(low, float(source))) / FINE)
            for row in range(SIDE):
                image[row, column] += weight * lines[row, source]
    for row in range(SIDE):
        for column in range(SIDE):
            image[row, column] = min(max(image[row, column], np.float32(0)), np.float32(1))
