"""How well a network holds up: its accuracy on images as they are, and turned, moved and scaled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.nets.network import Network
from vizapp.nets.warp import rotated, scaled, shifted

Array = NDArray[Any]

# Rotation and scaling are about the centre of the image, bilinear, zero outside; shifts by whole pixels.
CASES: dict[str, Callable[[Array], Array]] = {
    "clean": lambda images: images,
    "rotated +15°": partial(rotated, degrees=15),
    "rotated −15°": partial(rotated, degrees=-15),
    "rotated +30°": partial(rotated, degrees=30),
    "rotated −30°": partial(rotated, degrees=-30),
    "shifted +2, +2 px": partial(shifted, right=2, down=2),
    "shifted −2, −2 px": partial(shifted, right=-2, down=-2),
    "shifted +4, +4 px": partial(shifted, right=4, down=4),
    "shifted −4, −4 px": partial(shifted, right=-4, down=-4),
    "scaled 0.8": partial(scaled, factor=0.8),
    "scaled 1.2": partial(scaled, factor=1.2),
}


def accuracy(network: Network, images: Array, labels: Array) -> float:
    """Share, 0 to 1, of images float32[n, rows, columns] whose label the network gives."""
    right = 0
    for start in range(0, len(images), 512):
        part = slice(start, start + 512)
        right += int((network.forward(images[part]).prediction == labels[part]).sum())
    return right / len(images)


def table(network: Network, images: Array, labels: Array) -> Iterator[tuple[str, float]]:
    """Name and accuracy of each of `CASES`, one after the other, for images uint8[n, 28, 28]."""
    plain = images / np.float32(255)
    for name, change in CASES.items():
        yield name, accuracy(network, change(plain), labels)
