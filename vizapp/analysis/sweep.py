"""Sweep: K inputs along one axis, and the trace of one network for all of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vizapp.analysis import scores
from vizapp.inputs.morphs import Frame, drawings, to_images
from vizapp.inputs.strokes import Stroke
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Drawn = tuple[Stroke, ...]

MAX_POSITIONS = 1024
"""A trace keeps every activation: 73 kB a position for the larger network."""


class Way(Protocol):
    """A `Morph` or a `Path`: frames anywhere between 0 and 1."""

    normalised: bool

    def frames(self, positions: ArrayLike) -> list[Frame]: ...


@dataclass(frozen=True)
class Axis:
    """What changes along a sweep: `name` "t" or "rotation", `label` "1 → 2", `unit` "°" or nothing."""

    name: str
    label: str
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Sweep:
    """Inputs along one axis and what a network makes of them; row k of everything belongs to `positions[k]`.

    Attributes:
        axis: what changes.
        positions: float64[K], rising, in the axis's unit.
        images: float32[K, 28, 28], what the network saw.
        trace: K rows.
        drawings: the strokes behind each image, None for an image that was not drawn; or nothing at all.

    Raises:
        ValueError: if the lengths differ, or the positions do not rise.
    """

    axis: Axis
    positions: Doubles
    images: Floats
    trace: Trace
    drawings: tuple[Drawn | None, ...] = ()

    def __post_init__(self) -> None:
        _check(self.positions, self.images, self.drawings)
        if len(self.trace) != len(self.positions):
            raise ValueError(f"a sweep of {len(self.positions)} positions has a trace of {len(self.trace)}")

    @classmethod
    def of(
        cls,
        network: Network,
        axis: Axis,
        positions: ArrayLike,
        images: ArrayLike,
        drawings: Sequence[Drawn | None] = (),
    ) -> Sweep:
        """Run the network on images [K, 28, 28]: one batched forward pass. ValueError as for the class."""
        places, pictures = np.array(positions, np.float64), np.array(images, np.float32)
        _check(places, pictures, drawings)
        places.flags.writeable = pictures.flags.writeable = False
        return cls(axis, places, pictures, network.forward(pictures), tuple(drawings))

    @classmethod
    def along(cls, network: Network, axis: Axis, way: Way, positions: ArrayLike) -> Sweep:
        """Run the network along a way, positions between 0 and 1. InputError as for the way's frames."""
        frames = way.frames(positions)
        images = to_images(frames, way.normalised)
        return cls.of(network, axis, positions, images, drawings(frames))

    def with_network(self, network: Network) -> Sweep:
        """The same inputs, answered by another network."""
        return dataclasses.replace(self, trace=network.forward(self.images))

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def network(self) -> Network:
        return self.trace.network

    @property
    def logits(self) -> Floats:
        """float32[K, classes]."""
        return self.trace.logits

    @property
    def probabilities(self) -> Floats:
        """float32[K, classes]."""
        return self.trace.probabilities

    @property
    def answers(self) -> NDArray[np.int64]:
        """int64[K]: the class of the largest logit."""
        return self.trace.prediction

    @property
    def margin(self) -> Doubles:
        """float64[K]: the largest logit minus the second largest."""
        return scores.margin(self.logits)

    @property
    def entropy(self) -> Doubles:
        """float64[K] of the probabilities, in bits: 1 is torn between two classes, 0 is certain."""
        return scores.entropy(scores.probabilities(self.logits))

    def active(self, layer: str) -> NDArray[np.int64]:
        """int64[K]: how many nodes of a layer are above zero; KeyError for an unknown layer."""
        values = self.trace.activation[:, self.network.span(layer)]
        return np.asarray(np.count_nonzero(values > 0, axis=1))

    def nearest(self, position: float) -> int:
        """The row whose position is nearest, of two equally near ones the first."""
        return int(np.abs(self.positions - position).argmin())


def _check(positions: Doubles, images: Floats, drawings: Sequence[object]) -> None:
    count = len(positions)
    if positions.ndim != 1 or not 1 <= count <= MAX_POSITIONS:
        raise ValueError(f"a sweep has 1 to {MAX_POSITIONS} positions in a row, not {positions.shape}")
    if not np.isfinite(positions).all() or (np.diff(positions) <= 0).any():
        raise ValueError("the positions of a sweep must be finite and rise")
    if len(images) != count:
        raise ValueError(f"a sweep of {count} positions has {len(images)} images")
    if drawings and len(drawings) != count:
        raise ValueError(f"a sweep of {count} positions has {len(drawings)} drawings")
