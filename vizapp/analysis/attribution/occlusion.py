"""Occlusion: wipe a part of the drawing and see what changes.

Zeiler and Fergus (2014), "Visualizing and Understanding Convolutional Networks", section 4.2, with an empty
window in place of a grey one, since empty is what a sheet is where nobody has drawn.
"""

from __future__ import annotations

import numpy as np

from vizapp.analysis.attribution.method import Array, Method, Pixels, contrast, image_of
from vizapp.analysis.gradients import logits
from vizapp.nets.trace import Trace

WINDOW, STRIDE = 7, 3


def occlusion(trace: Trace, row: int, a: int, b: int, window: int = WINDOW, stride: int = STRIDE) -> Pixels:
    """For each pixel by how much z_a − z_b falls when a window over it is wiped, averaged over these windows.

    The windows are `window` × `window` pixels, `stride` apart, the last ones flush with the edge.

    Raises:
        ValueError: for a window that is larger than the image, or a stride that leaves gaps.
    """
    image, functional = image_of(trace, row), contrast(trace, a, b)
    if not 1 <= window <= min(image.shape) or not 1 <= stride <= window:
        raise ValueError(f"windows of {window} pixels, {stride} apart, do not cover the image")
    corners = [
        (y, x) for y in starts(image.shape[0], window, stride) for x in starts(image.shape[1], window, stride)
    ]
    total, cover = np.zeros(image.shape), np.zeros(image.shape)
    wiped: list[Array] = [image]
    places = []
    for y, x in corners:
        part = np.s_[y : y + window, x : x + window]
        cover[part] += 1
        if image[part].any():  # without ink in it, nothing falls
            places.append(part)
            wiped.append(image.copy())
            wiped[-1][part] = 0
    values = logits(trace.network, np.stack(wiped)).astype(np.float64) @ functional
    for part, value in zip(places, values[1:], strict=True):
        total[part] += values[0] - value
    return Pixels(total / cover, None)


def starts(length: int, window: int, stride: int) -> list[int]:
    """First pixels of the windows along one side, the last window flush with its end."""
    last = length - window
    return [*range(0, last, stride), last]


OCCLUSION = Method(
    "occlusion",
    "occlusion",
    f"By how much the difference falls when a square of {WINDOW} × {WINDOW} pixels is wiped, averaged over the"
    " squares that cover a pixel.",
    "Not a split: squares overlap, two that stand in for each other both seem unimportant, and nothing adds up.",
    "",
    "Zeiler and Fergus (2014), Visualizing and Understanding Convolutional Networks",
    occlusion,
)
