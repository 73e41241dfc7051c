"""Bilinear resampling of whole batches of images, zero outside; rotation, scaling and shifting with it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def framed(images: Array) -> Array:
    """float32[B, rows + 3, columns + 3]: the images in an empty frame, as `sample` wants them.

    It is one pixel wide, to the right and below two.
    """
    count, rows, columns = images.shape
    frame = np.zeros((count, rows + 3, columns + 3), np.float32)
    frame[:, 1:-2, 1:-2] = images
    return frame


def sample(frame: Array, x: Array, y: Array) -> Array:
    """Values of images at points between their pixels.

    Args:
        frame: float32[B, rows + 3, columns + 3], from `framed`.
        x, y: float32[B or 1, n], columns and rows in pixels of the image without its frame; overwritten.

    Returns:
        float32[B, n]; points outside the image fade to zero within one pixel.
    """
    count, height, width = frame.shape
    x += 1
    y += 1
    # Points clipped onto the frame are zero, as are their right and lower neighbours, which are read as well.
    np.clip(x, 0, np.float32(width - 2), out=x)
    np.clip(y, 0, np.float32(height - 2), out=y)
    column, row = x.astype(np.int32), y.astype(np.int32)
    x -= column
    y -= row
    row *= width
    row += column
    index = row + np.arange(0, count * height * width, height * width, dtype=np.intp)[:, None]
    values = frame.reshape(-1)
    upper = values.take(index)
    upper += x * (values[1:].take(index) - upper)
    lower = values[width:].take(index)
    lower += x * (values[width + 1 :].take(index) - lower)
    lower -= upper
    lower *= y
    upper += lower
    return upper


def transform(images: Array, matrix: Array) -> Array:
    """Every image [B, rows, columns] seen through one affine map about its centre.

    `matrix` [2, 3] takes a point (x, y) of the result, from the centre, to the point of the original that
    is shown there.
    """
    _, rows, columns = images.shape
    y, x = np.mgrid[:rows, :columns].reshape(2, -1).astype(np.float64)
    centre = np.array([(columns - 1) / 2, (rows - 1) / 2])
    source = matrix[:, :2] @ (np.stack([x, y]) - centre[:, None]) + matrix[:, 2:] + centre[:, None]
    # Each point is the same in all images, so the chunks are only there to keep the memory small.
    return np.concatenate(
        [
            sample(framed(chunk), *source.astype(np.float32)[:, None]).reshape(chunk.shape)
            for chunk in np.array_split(images, max(1, len(images) // 500))
        ]
    )


def rotated(images: Array, degrees: float) -> Array:
    """The images turned about their centre, counter-clockwise as seen (y points down)."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return transform(images, np.array([[c, -s, 0], [s, c, 0]]))


def scaled(images: Array, factor: float) -> Array:
    """The images enlarged about their centre by `factor`, shrunk if it is less than one."""
    return transform(images, np.array([[1 / factor, 0, 0], [0, 1 / factor, 0]]))


def shifted(images: Array, right: int, down: int) -> Array:
    """The images moved by whole pixels."""
    _, rows, columns = images.shape
    result = np.zeros_like(images)
    result[:, max(0, down) : rows + min(0, down), max(0, right) : columns + min(0, right)] = images[
        :, max(0, -down) : rows + min(0, -down), max(0, -right) : columns + min(0, -right)
    ]
    return result
