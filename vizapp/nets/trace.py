"""Trace: the value of every node for a batch of inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from vizapp.nets.network import Network


class Trace:
    """Every pre-activation and activation of every node for B inputs.

    The arrays belong to the trace alone, and are read-only: a trace can be kept and shared for as long as
    one likes. Input and pooling nodes have no activation function; their two values are the same.

    Attributes:
        network: the network that was run.
        pre, activation: float32[B, n_nodes], columns are node ids.
    """

    __slots__ = ("_values", "network")

    def __init__(self, network: Network, values: NDArray[Any]) -> None:
        """`values` [2, B, n_nodes], the pre-activations and the activations, become the trace's own."""
        values.setflags(write=False)
        self.network = network
        self._values = values

    @property
    def pre(self) -> NDArray[Any]:
        return np.asarray(self._values[0])

    @property
    def activation(self) -> NDArray[Any]:
        return np.asarray(self._values[1])

    def __len__(self) -> int:
        return int(self._values.shape[1])

    def __repr__(self) -> str:
        return f"<Trace of {len(self)} inputs through {self.network.name}>"

    def layer(self, name: str) -> NDArray[Any]:
        """Activations of a layer, (B, *shape); KeyError for an unknown name."""
        return self._view(self.activation, name)

    def pre_of(self, name: str) -> NDArray[Any]:
        """Pre-activations of a layer, (B, *shape); KeyError for an unknown name."""
        return self._view(self.pre, name)

    def _view(self, values: NDArray[Any], name: str) -> NDArray[Any]:
        return values[:, self.network.span(name)].reshape(len(self), *self.network.layer(name).shape)

    @property
    def logits(self) -> NDArray[Any]:
        """float32[B, classes]: pre-activations of the output layer."""
        return self.pre[:, self.network.span(self.network.layers[-1].name)]

    @property
    def probabilities(self) -> NDArray[Any]:
        """float32[B, classes]: activations of the output layer."""
        return self.activation[:, self.network.span(self.network.layers[-1].name)]

    @property
    def prediction(self) -> NDArray[Any]:
        """int64[B]: the class of the largest logit."""
        return np.asarray(self.logits.argmax(axis=1))
