"""Drawings in documents and links.

A document has the strokes' coordinates to 1/10,000 of the pad and the image's bytes. A link has the same, but the
paths simplified, as far as the networks' answers stay what they were: see `_fitting`.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import param
from numpy.typing import NDArray

from vizapp import nets
from vizapp.inputs import InputError, Stroke, clean_strokes, drawing_to_input, strokes_to_json
from vizapp.inputs.strokes import MAX_POINTS, MAX_STROKES, drawn_length
from vizapp.state.codecs import Codec, Place, Schema, StateError, Unfit
from vizapp.state.drawing import Drawing
from vizapp.state.simplify import simplified
from vizapp.state.varints import CutShort, Reader, Writer

SIDE = 28
WIDTHS = 100
"""A stroke's width is written in hundredths of an input pixel."""
PROMISE = 0.01
"""How far any probability of a link's drawing may be from the drawing's own."""
KEPT = 0.8 * PROMISE
"""What is asked for when a link is made: another machine's arithmetic may differ a little."""
LEVELS: tuple[tuple[int, float | None], ...] = (
    *((2_000, 4), (2_000, 2), (4_000, 3), (10_000, 4), (10_000, 2)),
    *((10_000, None), (100_000, None)),
)
"""(steps to a pad's side, how many of them a simplified path may be off), the shortest first; None: not simplified.

The first that keeps the promise is taken. Measured with digits as a mouse and a stylus draw them, 170 and 250
points, both networks, fitted and not: 120 and 86 bytes at the median, 253 and 409 at the 99th percentile, in 4 ms;
with 10,000 steps and 2 off for all of them 272 and 418 at the median. The last but one is what a document has. It is
needed where points on straight lines decide which of a slow pen's points `drawing_to_input` leaves out.
"""
ROUGH: tuple[tuple[int, float | None], ...] = ((1_000, 4),)
"""What is tried before where the link would be too long otherwise."""
LONGEST = 40.0
"""Pad widths of lines, some ten digits' worth, beyond which nothing is tried out: rasterising takes too long."""

_SAMPLE, _IMAGE = 1, 2
_ERASE, _WIDTH = 1, 2
Floats = NDArray[np.float32]


class Ink(Codec):
    """A drawing; or none, where the parameter allows that."""

    def to_json(self, value: Drawing | None) -> Any:
        if value is None:
            return None
        image = None if value.image is None else base64.b64encode(_bytes(value.image)).decode()
        return {**strokes_to_json(value.strokes), "image": image, "sample": value.sample}

    def from_json(self, raw: Any, place: Place) -> Drawing | None:
        if raw is None and place.parameter.allow_None:
            return None
        if not isinstance(raw, dict) or not set(raw) <= {"strokes", "image", "sample"}:
            raise Unfit('an object of "strokes", "image" and "sample"')
        if not isinstance(raw.get("sample", False), bool):
            raise Unfit('an object whose "sample" is true or false')
        return Drawing(_strokes(raw), _image(raw.get("image")), raw.get("sample", False))

    def pack(self, value: Drawing | None, rough: bool = False) -> bytes:
        """For a link, memorised: the state is told far more often than the drawing changes."""
        if value is None:
            return b""
        known = _packed.setdefault(value, {})
        if rough not in known:
            known[rough] = _fitting(value, (*ROUGH, *LEVELS) if rough else LEVELS)
        return known[rough]

    def unpack(self, data: bytes, place: Place) -> Drawing | None:
        if not data and place.parameter.allow_None:
            return None
        try:
            return _unpacked(Reader(data))
        except CutShort:
            raise Unfit("readable") from None

    def schema(self, parameter: param.Parameter) -> Schema:
        reference: Schema = {"$ref": "#/$defs/drawing"}
        return {"anyOf": [reference, {"type": "null"}]} if parameter.allow_None else reference


_packed: WeakKeyDictionary[Drawing, dict[bool, bytes]] = WeakKeyDictionary()


def _fitting(drawing: Drawing, levels: tuple[tuple[int, float | None], ...]) -> bytes:
    """The drawing at the first level that keeps all answers, or else at the best one."""
    if drawn_length(drawing.strokes) > LONGEST:
        grid, off = 10_000, None
        return _bytes_of(drawing, _at(drawing.strokes, grid, off), grid)
    for grid, off in levels:
        # It came from a link: from one to the next, nothing more is lost.
        if off is not None and _is_placed(drawing.strokes, grid):
            strokes = _at(drawing.strokes, grid, off)
            if _same(strokes, drawing.strokes):
                return _bytes_of(drawing, strokes, grid)
    truth = _answers(drawing.strokes, drawing.image)
    best, least = b"", np.inf
    for level in levels:
        strokes = _at(drawing.strokes, *level)
        apart = float(np.abs(_answers(strokes, drawing.image) - truth).max())
        if apart < least:
            best, least = _bytes_of(drawing, strokes, level[0]), apart
        if apart <= KEPT:
            break
    return best


def _is_placed(strokes: tuple[Stroke, ...], grid: int) -> bool:
    """Whether all points are on a grid: few are that were drawn here, which is seen at once."""
    return all(np.array_equal(_placed(_steps(one, grid, None), grid), one.points) for one in strokes)


def _same(strokes: tuple[Stroke, ...], others: tuple[Stroke, ...]) -> bool:
    return all(
        np.array_equal(one.points, other.points) and one.width == other.width
        for one, other in zip(strokes, others, strict=True)
    )


def _answers(strokes: tuple[Stroke, ...], image: Floats | None) -> Floats:
    """Probabilities [fitted or not, network, class]: whatever the receiver sets, the answer is the same."""
    seen = np.stack([drawing_to_input(strokes, fitted, image) for fitted in (True, False)])
    return np.stack([nets.load(name).forward(seen).probabilities for name in nets.names()], axis=1)


def _at(strokes: tuple[Stroke, ...], grid: int, off: float | None) -> tuple[Stroke, ...]:
    """Strokes as they come back from a link of this level."""
    return tuple(
        Stroke(_placed(_steps(stroke, grid, off), grid), round(stroke.width * WIDTHS) / WIDTHS, stroke.erase)
        for stroke in strokes
    )


def _steps(stroke: Stroke, grid: int, off: float | None) -> NDArray[np.int64]:
    steps = np.rint(stroke.points.astype(np.float64) * grid).astype(np.int64)
    return steps if off is None else simplified(steps, off)


def _placed(steps: NDArray[np.int64], grid: int) -> Floats:
    return (steps / grid).astype(np.float32)


def _bytes_of(drawing: Drawing, strokes: tuple[Stroke, ...], grid: int) -> bytes:
    writer = Writer()
    writer.count((_SAMPLE if drawing.sample else 0) | (0 if drawing.image is None else _IMAGE))
    if drawing.image is not None:
        writer.data += _bytes(drawing.image)
    writer.count(grid)
    writer.count(len(strokes))
    width, x, y = 0, 0, 0
    for stroke in strokes:
        wide = round(stroke.width * WIDTHS)
        steps = np.rint(stroke.points.astype(np.float64) * grid).astype(np.int64)
        writer.count(4 * len(steps) | (_ERASE if stroke.erase else 0) | (_WIDTH if wide != width else 0))
        if wide != width:
            writer.count(wide)
        for to_x, to_y in steps.tolist():
            writer.signed(to_x - x)
            writer.signed(to_y - y)
            x, y = to_x, to_y
        width = wide
    return bytes(writer.data)


def _unpacked(reader: Reader) -> Drawing:
    flags = reader.count()
    image = _pixels(reader.take(SIDE * SIDE)) if flags & _IMAGE else None
    grid, count = reader.count(), reader.count()
    if not 1 <= grid <= 1_000_000 or count > MAX_STROKES:
        raise Unfit("readable")
    strokes: list[Stroke] = []
    width, x, y, total = 0, 0, 0, 0
    for _ in range(count):
        head = reader.count()
        points = head >> 2
        total += points
        # Each takes two bytes at least, so that what was announced is bounded by what is there.
        if total > MAX_POINTS or 2 * points > reader.left:
            raise Unfit("readable")
        if head & _WIDTH:
            width = reader.count()
        path = []
        for _ in range(points):
            x, y = x + reader.signed(), y + reader.signed()
            path.append((x, y))
        strokes.append(
            Stroke(
                _placed(np.array(path, np.int64).reshape(-1, 2), grid), width / WIDTHS, bool(head & _ERASE)
            )
        )
    if reader.left:
        raise Unfit("readable")
    return Drawing(_strokes(strokes), image, bool(flags & _SAMPLE))


def _strokes(raw: Any) -> tuple[Stroke, ...]:
    try:
        return tuple(clean_strokes(raw))
    except InputError as error:
        raise StateError(f"The drawing cannot be used: {error}") from None


def _image(value: Any) -> Floats | None:
    if value is None:
        return None
    try:
        raw = base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raw = b""
    if len(raw) != SIDE * SIDE:
        raise Unfit('an object whose "image" is null or the base64 of 784 bytes')
    return _pixels(raw)


def _bytes(image: Floats) -> bytes:
    return np.round(image * 255).astype(np.uint8).tobytes()


def _pixels(raw: bytes) -> Floats:
    return np.frombuffer(raw, np.uint8).reshape(SIDE, SIDE).astype(np.float32) / np.float32(255)
