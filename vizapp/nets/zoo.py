"""The networks that vizapp knows: their architectures, and their trained weights.

`mlp` and `cnn` are those of Harley (2015), "An Interactive Node-Link Visualization of Convolutional Neural
Networks"; the latter follows LeNet-5 of LeCun et al. (1998), "Gradient-Based Learning Applied to Document
Recognition", with max pooling and with full connection from the first pooled maps to the second convolution.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.nets import layers
from vizapp.nets.network import Network
from vizapp.nets.store import NetworkError, Store
from vizapp.resources import weights_dir

Array = NDArray[Any]


def _mlp() -> list[layers.Layer]:
    return [
        image := layers.image("input", 28, 28),
        fc1 := layers.dense("fc1", image.shape, 300, "relu"),
        fc2 := layers.dense("fc2", fc1.shape, 100, "relu"),
        layers.dense("output", fc2.shape, 10, "softmax"),
    ]


def _cnn() -> list[layers.Layer]:
    return [
        image := layers.image("input", 28, 28, pad=2),
        conv1 := layers.conv("conv1", image.shape, 6, 5, "relu"),
        pool1 := layers.pool("pool1", conv1.shape, 2),
        conv2 := layers.conv("conv2", pool1.shape, 16, 5, "relu"),
        pool2 := layers.pool("pool2", conv2.shape, 2),
        fc1 := layers.dense("fc1", pool2.shape, 120, "relu"),
        fc2 := layers.dense("fc2", fc1.shape, 100, "relu"),
        layers.dense("output", fc2.shape, 10, "softmax"),
    ]


ARCHITECTURES: dict[str, Callable[[], list[layers.Layer]]] = {"mlp": _mlp, "cnn": _cnn}


def names() -> tuple[str, ...]:
    """The names that `load` knows."""
    return tuple(ARCHITECTURES)


def parameter_shapes(name: str) -> dict[str, tuple[int, ...]]:
    """ "fc1.weight" and so on → shape; NetworkError for an unknown name."""
    return {
        f"{layer.name}.{key}": shape
        for layer in _architecture(name)
        for key, shape in layer.parameter_shapes.items()
    }


def build(name: str, parameters: dict[str, Array]) -> Network:
    """A network of a known architecture with the given parameters; NetworkError for an unknown name."""
    return Network(
        name,
        (
            layer.with_parameters(parameters[f"{layer.name}.weight"], parameters[f"{layer.name}.bias"])
            if layer.parameter_shapes
            else layer
            for layer in _architecture(name)
        ),
    )


def random(name: str, seed: int = 0, dtype: Any = np.float32) -> Network:
    """A network that has learned nothing yet: weights after He et al. (2015), biases zero."""
    rng = np.random.default_rng(seed)
    parameters: dict[str, Array] = {}
    for key, shape in parameter_shapes(name).items():
        if key.endswith("bias"):
            parameters[key] = np.zeros(shape, dtype)
        else:
            scale = np.sqrt(2 / np.prod(shape[1:]))
            parameters[key] = (rng.standard_normal(shape) * scale).astype(dtype)
    return build(name, parameters)


def load(name: str | Path) -> Network:
    """The trained network of that name, or the one in a safetensors file written by ``vizapp train``.

    A shipped network is read once per process and shared; its arrays are read-only.

    Raises:
        NetworkError: for an unknown name, or a file that is damaged or does not fit the architecture.
    """
    if str(name) in ARCHITECTURES:
        return _shipped(str(name))
    if Path(name).suffix == ".safetensors":
        return _read(Store(name))
    raise NetworkError(f"unknown network {str(name)!r}; there are {' and '.join(ARCHITECTURES)}")


_lock = threading.Lock()
_loaded: dict[str, Network] = {}


def _shipped(name: str) -> Network:
    with _lock:  # so that a process never holds two copies
        if name not in _loaded:
            network = _read(store(name))
            if network.name != name:
                raise NetworkError(f"the weights file of {name} holds the network {network.name}")
            _loaded[name] = network
        return _loaded[name]


def store(name: str) -> Store:
    """The weights file of a shipped network, opened; NetworkError as for `load`."""
    _architecture(name)
    return Store(weights_dir() / f"{name}.safetensors")


def metadata(name: str | Path) -> dict[str, Any]:
    """What a weights file says about itself: recipe, data, accuracy, scales; NetworkError as for `load`."""
    return (store(str(name)) if str(name) in ARCHITECTURES else Store(name)).metadata


def _read(source: Store) -> Network:
    name = source.metadata.get("network")
    if not isinstance(name, str) or name not in ARCHITECTURES:
        raise NetworkError(f"{source.path.name} holds a network that vizapp does not know: {name!r}")
    return build(name, source.parameters(parameter_shapes(name)))


def _architecture(name: str) -> list[layers.Layer]:
    if name not in ARCHITECTURES:
        raise NetworkError(f"unknown network {name!r}; there are {' and '.join(ARCHITECTURES)}")
    return ARCHITECTURES[name]()


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The parameters at one moment of training, read from disk when `network` is called.

    Attributes:
        step: optimiser steps done; 0 is the random start.
        epoch: the same in passes over the training images.
        accuracy: share of the reference images that the network got right at this moment, 0 to 1.
    """

    step: int
    epoch: float
    accuracy: float
    index: int
    name: str
    source: Store

    def network(self) -> Network:
        """The network as it was; NetworkError if the file does not hold it."""
        return build(self.name, self.source.checkpoint(self.index, parameter_shapes(self.name)))


def checkpoints(name: str) -> list[Checkpoint]:
    """The moments of training that the weights file of a network holds, in their order; may be empty.

    Raises:
        NetworkError: for an unknown name or a damaged file.
    """
    source = store(name)
    try:
        return [
            Checkpoint(int(at["step"]), float(at["epoch"]), float(at["accuracy"]), index, name, source)
            for index, at in enumerate(source.metadata.get("checkpoints", []))
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise NetworkError(f"{source.path.name} does not say what its checkpoints are") from error
