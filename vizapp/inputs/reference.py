"""The reference images: MNIST's 10,000 test images, shipped with vizapp (licence beside the data)."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .files import gunzip, read_bounded
from .strokes import InputError

_FOLDER = Path(__file__).parent / "reference_data"
_IMAGES = ("t10k-images-idx3-ubyte.gz", "5634745efa576a17e7d4cf5cd9d09123c75e6538e5114267c2d156edaf519341")
_LABELS = ("t10k-labels-idx1-ubyte.gz", "ae18e77e031ccde52407f794d123116439864147d33ac992975f85dd4dc42af6")


@cache
def reference() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images uint8[10000, 28, 28], 255 = ink, and labels uint8[10000]; read-only, loaded at the first call.

    Raises InputError if a file is missing or is not the one that was shipped.
    """
    # An idx file is a header of 4 bytes and 4 more a dimension, then the values in C order.
    images = np.frombuffer(_verified(*_IMAGES), np.uint8, offset=16).reshape(-1, 28, 28)
    labels = np.frombuffer(_verified(*_LABELS), np.uint8, offset=8)
    return images, labels


def title(index: int) -> str:
    """ "test image 5, a 1"."""
    return f"test image {index}, a {reference()[1][index]}"


def index_of(image: NDArray[np.float32]) -> int | None:
    """Which reference image this is, float32[28, 28] in 0..1; None for any other. Microseconds after the first call."""
    images = reference()[0]
    if image.shape != images.shape[1:]:
        return None
    pixels = np.rint(image * 255).astype(np.uint8)
    index = _indices().get(hash(pixels.tobytes()))
    return index if index is not None and np.array_equal(images[index], pixels) else None


@cache
def _indices() -> dict[int, int]:
    return {hash(image.tobytes()): index for index, image in enumerate(reference()[0])}


def _verified(name: str, digest: str) -> bytes:
    try:
        packed = read_bounded(_FOLDER / name)
    except InputError as error:
        raise InputError(f"The reference data {name} cannot be used: {error} Install vizapp again.") from None
    if hashlib.sha256(packed).hexdigest() != digest:
        raise InputError(f"The reference data {name} is damaged; install vizapp again.")
    return gunzip(packed)
