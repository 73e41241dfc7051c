"""Inputs to rank that are in no folder: images that a person gave, and the test images."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vizapp.inputs import InputError, reference
from vizapp.inputs.collection import NO_INK
from vizapp.inputs.images import check_image, image_to_input

Floats = NDArray[np.float32]

TESTED = "test images"
LONGEST_NAME = 100
_TOGETHER = 500
"""Test images in one piece of work."""


@dataclass(frozen=True)
class Given:
    """An image file by its content: a name given by a stranger is never the way to anything."""

    title: str
    number: int
    """In the pile that it is of: its `index` in the table."""
    data: bytes
    problem: str = ""
    """Why it cannot be used, as far as its header tells."""

    @property
    def name(self) -> str:
        title = self.title[:LONGEST_NAME]
        return title if title.isprintable() else ascii(title)

    @cached_property
    def key(self) -> str:
        """Asked for again and again while a ranking is made, of megabytes of images."""
        return f"given {self.number} {hashlib.sha256(self.data).hexdigest()} {self.title!a}"

    @property
    def count(self) -> int:
        return 1

    @property
    def keeps(self) -> bool:
        return True

    def inputs(self) -> Iterator[tuple[int, Floats | InputError]]:
        yield self.number, self._input()

    def _input(self) -> Floats | InputError:
        if self.problem:
            return InputError(self.problem)
        try:
            image = image_to_input(self.data, normalised=True)
        except InputError as error:
            return error
        return image if image.any() else InputError(NO_INK)


def given(title: str, number: int, data: bytes) -> Given:
    """An image of which nothing but the header was looked at; without its data if that is enough to refuse it."""
    try:
        if not data:
            raise InputError("The file is empty.")
        check_image(data)
    except InputError as error:
        return Given(title, number, b"", str(error))
    return Given(title, number, data)


@dataclass(frozen=True)
class Tested:
    """Some of the test images, as they are."""

    start: int
    stop: int

    @property
    def name(self) -> str:
        return TESTED

    @property
    def key(self) -> str:
        return f"{TESTED} {self.start} to {self.stop}"

    @property
    def count(self) -> int:
        return self.stop - self.start

    @property
    def keeps(self) -> bool:
        return False

    def inputs(self) -> Iterator[tuple[int, Floats | InputError]]:
        for number in range(self.start, self.stop):
            yield number, reference()[0][number] / np.float32(255)


def tested() -> list[Tested]:
    """All test images, a few hundred in each piece."""
    count = len(reference()[0])
    return [Tested(start, min(start + _TOGETHER, count)) for start in range(0, count, _TOGETHER)]
