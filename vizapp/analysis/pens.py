"""Pen digits: drawings with labels and writers, as training and test images for networks.

A file of them is JSON, gzipped if its name ends in .gz: a list of ``{"label": 0-9, "writer": text,
"strokes": [[[x, y], …], …]}``. Images are made of them by the way that a drawing on the pad takes.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.inputs import InputError, Stroke, clean_strokes, drawing_to_input
from vizapp.nets.data import DataError, Examples

MAX_BYTES = 300_000_000


@dataclass(frozen=True, eq=False)
class PenDigit:
    label: int
    writer: str
    strokes: Sequence[Stroke]


def read(path: str | Path) -> list[PenDigit]:
    """All digits of a file.

    Raises:
        DataError: if the file is missing or is not what it should be; the message says which entry.
    """
    path = Path(path)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise DataError(f"{path} is too large for a file of pen digits")
        entries = json.loads(content)
    except (OSError, EOFError, ValueError, RecursionError, zlib.error) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"pen digits cannot be read from {path}: {error}") from error
    if not isinstance(entries, list) or not entries:
        raise DataError(f"{path} is not a list of pen digits")
    return [_digit(path, index, entry) for index, entry in enumerate(entries)]


def _digit(path: Path, index: int, entry: Any) -> PenDigit:
    try:
        label = int(entry["label"])
        if not 0 <= label <= 9:
            raise ValueError(f"label {label} is not a digit")
        return PenDigit(label, str(entry.get("writer", "")), clean_strokes(entry["strokes"]))
    except (AttributeError, KeyError, TypeError, ValueError, InputError) as error:
        raise DataError(f"{path}, entry {index}: {error}") from error


def writers(digits: Sequence[PenDigit]) -> list[str]:
    """The writers, numbers in their order."""
    return sorted({digit.writer for digit in digits}, key=lambda name: (len(name), name))


def by(digits: Sequence[PenDigit], names: Sequence[str]) -> list[PenDigit]:
    """The digits of some writers."""
    wanted = frozenset(names)
    return [digit for digit in digits if digit.writer in wanted]


def drawn(digits: Sequence[PenDigit]) -> Examples:
    """The digits as the app sees them: one image each, normalised."""
    return _examples(digits, [digit.strokes for digit in digits])


def varied(digits: Sequence[PenDigit], copies: int, seed: int) -> Examples:
    """`copies` images of each digit, with other pen widths, slants, proportions and unsteady hands."""
    rng = np.random.default_rng(seed)
    repeated = [digit for digit in digits for _ in range(copies)]
    return _examples(repeated, [_variant(digit.strokes, rng) for digit in repeated])


def _examples(digits: Sequence[PenDigit], drawings: Sequence[Sequence[Stroke]]) -> Examples:
    images = np.empty((len(digits), 28, 28), np.uint8)
    for image, strokes in zip(images, drawings, strict=True):
        image[:] = np.rint(drawing_to_input(strokes) * 255)
    return Examples(images, np.array([digit.label for digit in digits], np.uint8))


def _variant(strokes: Sequence[Stroke], rng: np.random.Generator) -> list[Stroke]:
    width = float(2.4 * np.exp(rng.normal(0, 0.25)))
    turn, slant, proportion = rng.normal(0, [0.12, 0.2, 0.15])
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = matrix @ [[np.exp(proportion / 2), slant], [0, np.exp(-proportion / 2)]]
    size = float(np.ptp(np.concatenate([stroke.points for stroke in strokes]), axis=0).max())
    return [
        Stroke(
            np.asarray((_unsteady(stroke.points, 0.02 * size, rng) - 0.5) @ matrix.T + 0.5, np.float32),
            width=width,
        )
        for stroke in strokes
    ]


def _unsteady(points: NDArray[Any], amount: float, rng: np.random.Generator) -> NDArray[Any]:
    """The points displaced by a smooth random walk, as a hand would."""
    steps = rng.standard_normal(points.shape)
    walk = np.cumsum(steps, axis=0) / np.sqrt(max(1, len(points)))
    return np.asarray(points + amount * (walk - walk.mean(axis=0) + rng.standard_normal((1, 2))))
