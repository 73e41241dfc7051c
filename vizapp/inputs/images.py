"""Image files, as people paste and drop them, turned into ink on black."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from .files import read_bounded
from .normalise import normalise, placed, resampling
from .pad import PAD_SIDE, SIDE
from .strokes import InputError

Floats = NDArray[np.float32]

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
MAX_FILE = 16 << 20
MAX_PIXELS = 25_000_000
MAX_SIDE = 16_384
_TOO_MANY_BYTES = f"The image file has {{}} MB; at most {MAX_FILE >> 20} MB are taken."
_LOSSY = ("JPEG", "WEBP")
_FLOOR = 0.1
"""Share of the contrast that is paper grain or compression noise, and not ink."""
_FLAT = 0.06
"""Less contrast than this (of black to white) is a blank sheet."""


def image_to_input(source: bytes | str | Path, normalised: bool = False) -> Floats:
    """An image file, or its bytes -> float32[28, 28] in 0..1, 1 = ink; `normalised` as MNIST was made.

    A grey 28x28 image with a black background, as those of MNIST, comes through as its values / 255.

    Raises InputError: not an image, of another format than PNG, JPEG, GIF, BMP or WebP, damaged or too large.
    """
    ink = image_to_ink(source)
    if len(ink) == SIDE:
        return normalise(ink) if normalised else ink
    small = normalise(ink) if normalised else placed(ink, SIDE / len(ink), 0.0, 0.0)
    # Averaging made thin lines pale, where a pen that is seen at 28x28 leaves ink of full strength.
    return small / max(float(small.max()), _FLAT)


def check_image(data: bytes) -> None:
    """InputError if the header says that `image_to_input` will not take it; nothing is unpacked for that."""
    if len(data) > MAX_FILE:
        raise InputError(_TOO_MANY_BYTES.format(len(data) >> 20))
    with _refused():
        _opened(data)


def image_to_ink(source: bytes | str | Path) -> Floats:
    """As `image_to_input`, but float32[280, 280] where the image is larger than 28x28, for normalising.

    The image keeps its aspect, in the middle of the square. Its background becomes 0: dark ink on a bright
    background is inverted, grain is cut off, and the contrast is stretched so that the strongest ink is 1.
    """
    grey, lossy = _grey(source)
    side = SIDE if max(grey.shape) <= SIDE else PAD_SIDE
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    background = float(np.median(border))
    if background > 0.5:
        grey, background = 1 - grey, 1 - background
    if lossy or background > 0 or side != SIDE:
        grey = _fitted(grey, side)
        peak = float(grey.max())
        if peak - background < _FLAT:
            return np.zeros((side, side), np.float32)
        floor = background + _FLOOR * (peak - background)
        grey = np.clip((grey - floor) / (peak - floor), 0.0, 1.0)
    return _centred(grey, side)


def _grey(source: bytes | str | Path) -> tuple[Floats, bool]:
    """The image as float32[rows, columns] in 0..1, and whether its format adds noise."""
    data = source if isinstance(source, bytes) else read_bounded(Path(source), MAX_FILE)
    if len(data) > MAX_FILE:
        raise InputError(_TOO_MANY_BYTES.format(len(data) >> 20))
    with _refused():
        return _decoded(data)


@contextmanager
def _refused() -> Iterator[None]:
    """Whatever is wrong with an image becomes an InputError."""
    try:
        with warnings.catch_warnings():
            # A doubtful palette or EXIF block is nothing to print: the image shows what came of it.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InputError(
            f"The image has far more than {MAX_PIXELS // 10**6} million pixels; scale it down."
        ) from None
    except UnidentifiedImageError:
        raise InputError("This is not an image that can be read; PNG, JPEG, GIF, BMP and WebP are.") from None
    except InputError:
        raise
    except Exception as error:
        # Pillow's decoders raise what they like for damaged files: OSError, SyntaxError, struct.error, ...
        raise InputError("The image is damaged: it ends too early or holds what no image holds.") from error


def _opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    # Only the header is read so far.
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise InputError(
            f"The image has {width:,} x {height:,} pixels; at most {MAX_PIXELS // 10**6} million"
            f" and {MAX_SIDE:,} along a side are taken: scale it down."
        )
    return image


def _decoded(data: bytes) -> tuple[Floats, bool]:
    image = _opened(data)
    lossy = image.format in _LOSSY
    image.draft("L", (2 * PAD_SIDE, 2 * PAD_SIDE))
    return _values(ImageOps.exif_transpose(image)), lossy


def _values(image: Image.Image) -> Floats:
    """Grey values; large images are reduced before they become floats, to spare memory."""
    if image.mode.startswith(("I", "F")):
        values: Floats = np.asarray(image, np.float32)
        top = 65535.0 if image.mode.startswith("I") else max(float(values.max()), 1.0)
        return np.asarray(np.clip(values / top, 0.0, 1.0), np.float32)
    if image.has_transparency_data:
        return _composited(image)
    return _bytes(_reduced(image.convert("L")))


def _composited(image: Image.Image) -> Floats:
    """A transparent image on the background its ink stands out from: dark ink on white, bright on black."""
    luminance, alpha = np.moveaxis(_bytes(_reduced(image.convert("RGBA")).convert("LA")), 2, 0)
    total = float(alpha.sum())
    dark = total > 0 and float((luminance * alpha).sum()) < total / 2
    return np.asarray(luminance * alpha + (1 - alpha) * dark, np.float32)


def _bytes(image: Image.Image) -> Floats:
    values: Floats = np.asarray(image, np.float32)
    return values / np.float32(255)


def _reduced(image: Image.Image) -> Image.Image:
    return image.reduce(factor) if (factor := max(image.size) // (2 * PAD_SIDE)) > 1 else image


def _fitted(grey: Floats, side: int) -> Floats:
    """Scaled so that the longer side has `side` pixels; a small image is left as it is."""
    longest = max(grey.shape)
    if longest <= SIDE:
        return grey
    scale = side / longest
    rows, columns = (max(1, round(length * scale)) for length in grey.shape)
    down = resampling(grey.shape[0], rows / grey.shape[0], 0.0, rows)
    across = resampling(grey.shape[1], columns / grey.shape[1], 0.0, columns)
    return np.asarray(down @ grey @ across.T, np.float32)


def _centred(grey: Floats, side: int) -> Floats:
    square = np.zeros((side, side), np.float32)
    rows, columns = grey.shape
    top, left = (side - rows) // 2, (side - columns) // 2
    square[top : top + rows, left : left + columns] = grey
    return square
