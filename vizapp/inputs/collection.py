"""Files of drawings: from a path to every drawing or image in it, the bad ones with the reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .drawing import drawing_to_input
from .files import gunzip, read_bounded
from .images import image_to_input
from .strokes import InputError, clean_strokes

NO_INK = "There is no ink in it, so there is no answer."


def inputs_in(path: Path) -> Iterator[NDArray[np.float32] | InputError]:
    """What a network sees, float32[28, 28], of each drawing in a file, in order; for a bad one the reason.

    A file is an image, or JSON, which may be compressed by gzip: one drawing, as `clean_strokes` takes it, or
    a list of `{"strokes": ...}`. Other keys of a drawing are ignored.
    """
    try:
        data = read_bounded(path)
        if data.startswith(b"\x1f\x8b"):
            data = gunzip(data)
        if not _looks_like_json(path, data):
            yield _inked(image_to_input(data, normalised=True))
            return
        drawings = _drawings(_parsed(data))
    except InputError as error:
        yield error
        return
    for drawing in drawings:
        try:
            yield _inked(drawing_to_input(clean_strokes(drawing)))
        except InputError as error:
            yield error


def _inked(image: NDArray[np.float32]) -> NDArray[np.float32]:
    if not image.any():
        raise InputError(NO_INK)
    return image


def _looks_like_json(path: Path, data: bytes) -> bool:
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return path.name.endswith((".json", ".json.gz")) or start.startswith((b"{", b"["))


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except RecursionError:
        raise InputError("The JSON is nested too deeply to be a drawing.") from None
    except UnicodeDecodeError:
        raise InputError("The JSON is not text in UTF-8.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"This is not JSON: {error.msg} at {where}.") from None
    except ValueError:
        # Python refuses integers of thousands of digits.
        raise InputError("The JSON holds a number that is too long.") from None


def _drawings(content: Any) -> list[Any]:
    """The drawings in parsed JSON; a list is a list of drawings unless all its items can only be strokes."""
    if not isinstance(content, list):
        return [content]
    if not content:
        raise InputError("The list is empty: there is no drawing in it.")
    strokes = all(isinstance(item, list) or (isinstance(item, dict) and "points" in item) for item in content)
    return [content] if strokes else content
