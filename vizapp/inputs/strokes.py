"""Strokes: what a pen leaves on the drawing pad, and the gate that untrusted ones must pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

PEN_WIDTH = 2.4
"""Default width in pixels of the 28x28 input: gives drawings the ink statistics of MNIST."""
MIN_WIDTH, MAX_WIDTH = 0.5, 14.0
MAX_STROKES = 500
MAX_POINTS = 20_000
MAX_LENGTH = 400.0
"""Length of all lines together, in pad widths: bounds what rasterising can cost."""
LOWEST, HIGHEST = -1.0, 2.0
"""Coordinates are clipped here, well outside the pad, so that no line is bent onto its border."""


class InputError(ValueError):
    """An input that cannot be used; the message is one sentence for the person who gave it."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """One movement of the pen or the eraser.

    points: float32[n, 2], n >= 1, in the pad's unit square, x to the right, y down.
    width: in pixels of the 28x28 input.
    """

    points: NDArray[np.float32]
    width: float = PEN_WIDTH
    erase: bool = False


def clean_strokes(obj: object) -> list[Stroke]:
    """Strokes from untrusted data; coordinates are clipped to [-1, 2] and empty strokes left out.

    Takes `{"strokes": [...]}` or the bare list; a stroke is a list of `[x, y]`, a float array [n, 2],
    a `Stroke`, or `{"points": [[x, y], ...], "width": 2.4, "erase": false}`.

    Raises InputError. Counts are compared with the limits before any point is looked at.
    """
    if isinstance(obj, dict):
        if "strokes" not in obj:
            raise InputError(
                'This is not a drawing: it has no "strokes"; give {"strokes": [[[x, y], ...], ...]}.'
            )
        obj = obj["strokes"]
    if not isinstance(obj, (list, tuple)):
        raise InputError(f"The strokes are {_kind(obj)} where a list of strokes is needed.")
    if len(obj) > MAX_STROKES:
        raise InputError(f"The drawing has {len(obj):,} strokes; at most {MAX_STROKES} are taken.")
    parts = [_parts(item, f"Stroke {number}") for number, item in enumerate(obj, 1)]
    total = sum(len(points) for points, _, _ in parts)
    if total > MAX_POINTS:
        raise InputError(f"The drawing has {total:,} points; at most {MAX_POINTS:,} are taken.")
    strokes = [
        Stroke(
            _points(points, f"Stroke {number}"),
            _width(width, f"Stroke {number}"),
            _flag(erase, f"Stroke {number}"),
        )
        for number, (points, width, erase) in enumerate(parts, 1)
        if len(points)
    ]
    length = drawn_length(strokes)
    if length > MAX_LENGTH:
        raise InputError(
            f"The drawing's lines are {length:,.0f} pad widths long together;"
            f" at most {MAX_LENGTH:,.0f} are taken."
        )
    return strokes


def strokes_to_json(strokes: Sequence[Stroke]) -> dict[str, Any]:
    """A compact form for JSON that `clean_strokes` takes back: coordinates to 1/10,000 of the pad."""
    return {"strokes": [_stroke_to_json(stroke) for stroke in strokes]}


def _stroke_to_json(stroke: Stroke) -> Any:
    points = [[round(float(x), 4), round(float(y), 4)] for x, y in stroke.points]
    if stroke.width == PEN_WIDTH and not stroke.erase:
        return points
    return {"points": points, "width": stroke.width, "erase": stroke.erase}


def _parts(item: object, name: str) -> tuple[Sequence[Any] | NDArray[Any], object, object]:
    """Points, width and erase flag of one stroke, unchecked but for the shape of the whole."""
    width: object = PEN_WIDTH
    erase: object = False
    if isinstance(item, Stroke):
        return item.points, item.width, item.erase
    if isinstance(item, dict):
        if "points" not in item:
            raise InputError(
                f'{name} has no "points"; give {{"points": [[x, y], ...]}} or just the list of points.'
            )
        width, erase, item = item.get("width", PEN_WIDTH), item.get("erase", False), item["points"]
    if isinstance(item, np.ndarray) and item.ndim == 2:
        return item, width, erase
    if not isinstance(item, (list, tuple)):
        raise InputError(f"{name} is {_kind(item)} where a list of points is needed.")
    return item, width, erase


def _points(points: Sequence[Any] | NDArray[Any], name: str) -> NDArray[np.float32]:
    if isinstance(points, np.ndarray):
        if points.shape[1] != 2 or points.dtype.kind not in "fiu":
            raise InputError(
                f"{name} is an array of {points.dtype}{list(points.shape)}; numbers [n, 2] are needed."
            )
        array = points.astype(np.float64)
    else:
        array = np.array([_point(point, number, name) for number, point in enumerate(points, 1)], np.float64)
    finite = np.isfinite(array).all(axis=1)
    if not finite.all():
        raise InputError(
            f"{name}, point {int(np.argmin(finite)) + 1} is not finite; coordinates lie between 0 and 1."
        )
    return array.clip(LOWEST, HIGHEST).astype(np.float32)


def _point(point: Any, number: int, name: str) -> tuple[float, float]:
    if not isinstance(point, (list, tuple)) or len(point) != 2:
        raise InputError(f"{name}, point {number} is {_kind(point)}; each point is two numbers, [x, y].")
    x, y = point
    # `type` and not `isinstance`: a bool is an int to Python, but not a coordinate.
    if type(x) not in _NUMBERS or type(y) not in _NUMBERS:
        wrong = y if type(x) in _NUMBERS else x
        raise InputError(f"{name}, point {number} holds {_kind(wrong)} where a number is needed.")
    try:
        return float(x), float(y)
    except OverflowError:
        return math.inf, math.inf


_NUMBERS = (float, int, np.float64, np.float32)


def _width(width: object, name: str) -> float:
    if isinstance(width, (int, float)) and not isinstance(width, bool) and MIN_WIDTH <= width <= MAX_WIDTH:
        return float(width)
    shown = _kind(width) if isinstance(width, bool) or not isinstance(width, float) else f"{width:g}"
    raise InputError(
        f"{name} has a width of {shown}; it must be a number from {MIN_WIDTH:g} to {MAX_WIDTH:g} pixels."
    )


def _flag(erase: object, name: str) -> bool:
    if not isinstance(erase, bool):
        raise InputError(f'{name} has an "erase" that is {_kind(erase)} where true or false is needed.')
    return erase


def drawn_length(strokes: Sequence[Stroke]) -> float:
    """Length of all lines together, in pad widths."""
    return sum(float(np.hypot(*np.diff(stroke.points, axis=0).T).sum()) for stroke in strokes)


def is_full(strokes: Sequence[Stroke]) -> bool:
    """Beyond what `clean_strokes` would take back; a saved drawing's rounding may add a little to its length."""
    points = sum(len(stroke.points) for stroke in strokes)
    return len(strokes) > MAX_STROKES or points > MAX_POINTS or drawn_length(strokes) > 0.98 * MAX_LENGTH


def _kind(value: object) -> str:
    """What a value is, in JSON's words, without ever printing a foreign value at length."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        # Formatting an integer of thousands of digits raises OverflowError.
        return f"the number {value:g}" if abs(value) < 1e9 else "a number out of range"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value):,}"
    return "an object" if isinstance(value, dict) else f"a {type(value).__name__}"
