"""An attribution: a picture that gives every pixel its part in the difference of two logits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.relevance import without_frame
from vizapp.nets.trace import Trace

Array = NDArray[Any]


class Pixels(NamedTuple):
    """What a method computes: `values` [rows, columns], in logits, and the `whole` that they should sum to;
    None for a method that does not share anything out."""

    values: Array
    whole: float | None


@dataclass(frozen=True, eq=False)
class Method:
    """A way of attributing.

    Attributes:
        name: what code calls it. label: what people call it.
        what: what it is, in a sentence. what_not: what it is not.
        rest: what its residual is; empty for a method that has none.
        source: where it comes from.
        compute: (trace, row, a, b) → `Pixels` of z_a − z_b.
    """

    name: str
    label: str
    what: str
    what_not: str
    rest: str
    source: str
    compute: Callable[[Trace, int, int, int], Pixels]


@dataclass(frozen=True, eq=False)
class Attribution:
    """The answer of one method: a pixel speaks for `a` where positive, and for `b` where negative.

    Attributes:
        difference: z_a − z_b for this input.
        pixels: float32[rows, columns], in logits; read-only.
        whole: what the pixels should sum to, in logits, or None.
    """

    method: Method
    a: int
    b: int
    difference: float
    pixels: NDArray[np.float32]
    whole: float | None

    @property
    def residual(self) -> float | None:
        """The part of the whole that no pixel got; None for a method that does not share anything out."""
        return None if self.whole is None else self.whole - float(self.pixels.sum(dtype=np.float64))


def attributed(method: Method, trace: Trace, a: int, b: int, row: int = 0) -> Attribution:
    """Ask one method for z_a − z_b of one row of a trace.

    Raises:
        ValueError: for a class that the network does not have.
    """
    classes = trace.logits.shape[1]
    for digit in (a, b):
        if not 0 <= digit < classes:
            raise ValueError(f"{trace.network.name} has no class {digit}: they go from 0 to {classes - 1}")
    values, whole = method.compute(trace, row, a, b)
    pixels = np.array(values, np.float32)
    pixels.setflags(write=False)
    logits = trace.logits[row].astype(np.float64)
    return Attribution(method, a, b, float(logits[a] - logits[b]), pixels, whole)


def contrast(trace: Trace, a: int, b: int) -> Array:
    """The k of Σ k_c z_c = z_a − z_b, [classes]."""
    functional = np.zeros(trace.logits.shape[1], trace.network.dtype)
    functional[a] += 1
    functional[b] -= 1
    return functional


def image_of(trace: Trace, row: int) -> Array:
    """[rows, columns]: the image that a row of a trace is of, without its frame."""
    return np.asarray(without_frame(trace.network, trace.activation[row]))
