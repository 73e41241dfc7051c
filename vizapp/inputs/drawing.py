"""From a drawing to what the network sees: the one way for the pad, for `classify` and for every measurement.

Normalising a drawing moves and scales its *path*, keeps the pen's width, and only then draws the ink: the
same digit drawn at half the size is the same input. Magnifying the finished ink would make small drawings fat
and large ones thin, where the digits of MNIST have much the same stroke width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from .capsules import ink, pieces
from .normalise import BOX, CENTRE, centre_of_mass, fitted, placed, resampled, resampling
from .pad import SIDE
from .strokes import PEN_WIDTH, Stroke

Floats = NDArray[np.float32]

FINE = 4
"""Canvas pixels along a side of an input pixel."""
SIZE = SIDE * FINE
MAX_MAGNIFICATION = 8.0
"""A tap or a jitter of the hand is not blown up to a digit."""
_TRACE = 0.02
"""Fainter ink of an image does not count for its size."""
SPACING = 0.1
"""Input pixels the pen must advance to add a point: bounds the cost of a slow or fast-reporting pen."""


def drawing_to_input(
    strokes: Sequence[Stroke], normalised: bool = True, background: Floats | None = None
) -> Floats:
    """Strokes, in the order they were drawn -> float32[28, 28] in 0..1, 1 = ink; zeros without ink.

    normalised: as MNIST was made (fitted into 20x20, centred by mass); otherwise as it stands on the pad.
    background: float32[28, 28], or float32[n, n], an image of the whole pad under the strokes.

    About 0.3 ms for a digit of 150 points; below a second for whatever `clean_strokes` lets through.
    """
    return rendered(strokes, normalised, background).image


@dataclass(frozen=True)
class View:
    """Where the pad's points go in the 28x28 frame: `28 * magnification * point + (x, y)`."""

    magnification: float
    x: float
    y: float

    @property
    def offset(self) -> Floats:
        return np.array([self.x, self.y], np.float32)

    @property
    def frame(self) -> tuple[float, float, float]:
        """The other way: left edge, top edge and side of the 28x28 frame on the pad, whose side is 1."""
        size = SIDE * self.magnification
        return -self.x / size, -self.y / size, 1 / self.magnification


@dataclass(frozen=True, eq=False)
class Averaged:
    """The pixels of a finer picture that one input pixel is made of, `(fine * weights).sum()` but for rounding.

    `row`, `column`: where the first of them stands in the finer picture; `fine`, `weights` float32[rows, columns].
    """

    row: int
    column: int
    fine: Floats
    weights: Floats


@dataclass(frozen=True, eq=False)
class Rendered:
    """What the network sees of a drawing, and how it came about: `image = down @ fine @ across.T`, kept in 0..1.

    `fine` float32[n, n]: the strokes' ink at four times the resolution, 112×112, or a loaded image of any
    resolution as it is; `down`, `across` float32[28, n]. `view` says where the pad's points went. All three are
    None without ink.
    """

    image: Floats
    view: View | None = None
    fine: Floats | None = None
    down: Floats | None = None
    across: Floats | None = None

    def averaged(self, row: int, column: int) -> Averaged | None:
        """What the input pixel in this row and column is the weighted mean of; None without ink."""
        if self.fine is None or self.down is None or self.across is None:
            return None
        rows, columns = _support(self.down[row]), _support(self.across[column])
        weights = np.outer(self.down[row, rows], self.across[column, columns])
        return Averaged(rows.start, columns.start, self.fine[rows, columns], weights)


def rendered(
    strokes: Sequence[Stroke], normalised: bool = True, background: Floats | None = None
) -> Rendered:
    """What `drawing_to_input` gives, with all that was needed on the way. Takes as long as that."""
    if background is not None and not strokes:
        size = len(background)
        fit = fitted(background) if normalised else (SIDE / size, 0.0, 0.0)
        if fit is None:
            return _nothing()
        return _placed(background, *fit, View(fit[0] * size / SIDE, *fit[1:]))
    view = _fit(strokes, background) if normalised else _AS_DRAWN
    if view is None:
        return _nothing()
    canvas = _canvas(strokes, background, view)
    shift_x = shift_y = 0.0
    if normalised and canvas.any():
        x, y = centre_of_mass(canvas)
        shift_x, shift_y = CENTRE - x / FINE, CENTRE - y / FINE
    centred = View(view.magnification, view.x + shift_x, view.y + shift_y)
    return _placed(canvas, 1 / FINE, shift_x, shift_y, centred)


def _placed(fine: Floats, scale: float, x: float, y: float, view: View) -> Rendered:
    down, across = resampling(len(fine), scale, y), resampling(len(fine), scale, x)
    return Rendered(resampled(fine, down, across), view, fine, down, across)


def _nothing() -> Rendered:
    return Rendered(np.zeros((SIDE, SIDE), np.float32))


def _support(weights: Floats) -> slice:
    """From the first to the last weight that counts; empty where there is none."""
    found = np.flatnonzero(weights)
    return slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, 0)


_AS_DRAWN = View(1.0, 0.0, 0.0)


def _canvas(strokes: Sequence[Stroke], background: Floats | None, view: View) -> Floats:
    """The drawing in this view, float32[112, 112]: strokes keep their width, erasers and image scale."""
    canvas = np.zeros((SIZE, SIZE), np.float32) if background is None else _moved(background, view)
    # What covered the ink on the pad still covers it, and its surplus where a large drawing's ink got wider.
    pen = max((stroke.width for stroke in strokes if not stroke.erase), default=PEN_WIDTH)
    surplus = pen * max(0.0, 1 / view.magnification - 1)
    for erase, width, group in _runs(strokes):
        if erase:
            # Drawn as on the pad and then moved: a magnified eraser's boxes would cost seconds.
            np.minimum(canvas, 1 - _moved(_ink(group, width + surplus, _AS_DRAWN), view), out=canvas)
        else:
            np.maximum(canvas, _ink(group, width, view), out=canvas)
    return canvas


def _moved(image: Floats, view: View) -> Floats:
    """A square image of the whole pad, of any resolution, on the canvas as the view has it."""
    scale = view.magnification * SIZE / len(image)
    return placed(image, scale, FINE * view.x, FINE * view.y, SIZE, least=0.0)


def _runs(strokes: Sequence[Stroke]) -> Iterator[tuple[bool, float, list[Stroke]]]:
    """Consecutive strokes of one kind: within a run the order does not matter."""
    for (erase, width), group in groupby(strokes, lambda stroke: (stroke.erase, stroke.width)):
        yield erase, width, list(group)


def _ink(strokes: Sequence[Stroke], width: float, view: View) -> Floats:
    radius = width / 2 * FINE
    scale, offset = np.float32(view.magnification * SIDE * FINE), view.offset * np.float32(FINE)
    # A wide pen's edge hardly feels its path's details, and its boxes are large.
    longest, spacing = max(4.0, radius), max(SPACING * FINE, radius / 32)
    hides = view is not _AS_DRAWN and _leaves_pad(strokes)
    start, end = _pieces(strokes, scale, offset, 1.0 if hides else longest, spacing)
    if hides:
        # What the pad's edge hides must not come into view where the pad is only a part of the frame.
        seen = _within((start + end) * np.float32(0.5), offset, offset + scale)
        start, end = start[seen], end[seen]
    return ink(start, end, radius, SIZE)


def _pieces(
    strokes: Sequence[Stroke], scale: np.float32, offset: Floats, longest: float, spacing: float
) -> tuple[Floats, Floats]:
    parts = [pieces(stroke.points * scale + offset, longest, spacing) for stroke in strokes]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _within(points: Floats, low: Floats, high: Floats) -> NDArray[np.bool_]:
    return np.asarray(((points >= low) & (points <= high)).all(axis=1))


def _leaves_pad(strokes: Sequence[Stroke]) -> bool:
    return any(stroke.points.min() < 0 or stroke.points.max() > 1 for stroke in strokes)


def _fit(strokes: Sequence[Stroke], background: Floats | None) -> View | None:
    """The view in which the visible ink's longer side is 20 pixels, amid the frame; None without ink."""
    low, high, radius = _extents(strokes, background)
    if not len(radius):
        return None
    # Ink reaches from m * low - radius to m * high + radius: the tightest pair of extremes decides m.
    room = BOX - radius[:, None] - radius[None, :]
    spans = (high[:, None] - low[None, :]).max(axis=2)
    with np.errstate(divide="ignore"):
        limits = np.where(spans > 0, room / np.maximum(spans, 1e-9), MAX_MAGNIFICATION)
    magnification = min(float(limits.min()), MAX_MAGNIFICATION)
    left = (magnification * low - radius[:, None]).min(axis=0)
    right = (magnification * high + radius[:, None]).max(axis=0)
    x, y = (SIDE / 2 - (left + right) / 2).tolist()
    return View(magnification, x, y)


def _extents(strokes: Sequence[Stroke], background: Floats | None) -> tuple[Floats, Floats, Floats]:
    """Visible extremes low[k, 2], high[k, 2] in input pixels and what radius of ink goes around each."""
    found: list[tuple[Floats, Floats, float]] = []
    hidden = None
    careful = _leaves_pad(strokes) or any(stroke.erase for stroke in strokes)
    # Backwards: an eraser hides what was drawn before it.
    for erase, width, group in reversed(list(_runs(strokes))):
        if erase:
            gone = _ink(group, width, _AS_DRAWN)
            hidden = gone if hidden is None else np.maximum(hidden, gone)
            continue
        whole = np.concatenate([stroke.points for stroke in group]) * np.float32(SIDE)
        path = _visible(group, hidden) if careful else whole
        if len(path):
            found.append((path.min(axis=0), path.max(axis=0), width / 2))
    if background is not None:
        kept = _moved(background, _AS_DRAWN)
        if hidden is not None:
            kept = kept * (1 - hidden)
        rows, columns = np.nonzero(kept > _TRACE)
        if len(rows):
            low = np.array([columns.min(), rows.min()], np.float32)
            high = np.array([columns.max() + 1, rows.max() + 1], np.float32)
            found.append((low / np.float32(FINE), high / np.float32(FINE), 0.0))
    lows, highs, radii = zip(*found, strict=True) if found else ((), (), ())
    return np.array(lows, np.float32), np.array(highs, np.float32), np.array(radii, np.float32)


def _visible(strokes: Sequence[Stroke], hidden: Floats | None) -> Floats:
    """Ends, in input pixels, of the short pieces whose middle is on the pad and not rubbed out."""
    start, end = _pieces(strokes, np.float32(SIDE), _AS_DRAWN.offset, 0.5, SPACING)
    middle = (start + end) * np.float32(0.5)
    seen = _within(middle, np.zeros(2, np.float32), np.full(2, SIDE, np.float32))
    if hidden is not None:
        x, y = np.clip(middle * FINE, 0, SIZE - 1).astype(np.intp).T
        seen &= hidden[y, x] < 0.5
    return np.concatenate([start[seen], end[seen]])
