"""Networks and images that the tests of `nets` share."""

from __future__ import annotations

from typing import Any

import vizapp  # noqa: F401  (before NumPy: it sets the number of BLAS threads)

# isort: split
import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp.nets import Network, zoo


@pytest.fixture(params=zoo.names())
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def network(name: str) -> Network:
    """A network with random weights, biases included."""
    start = zoo.random(name, seed=3)
    rng = np.random.default_rng(4)
    biases = {
        key: rng.normal(0, 0.2, value.shape).astype(np.float32)
        for key, value in start.parameters.items()
        if key.endswith("bias")
    }
    return start.with_parameters(biases)


@pytest.fixture
def images() -> NDArray[Any]:
    """Smooth random images: like drawings in that neighbouring pixels agree."""
    rng = np.random.default_rng(5)
    noise = rng.random((37, 34, 34))
    smooth = sum(noise[:, i : i + 28, j : j + 28] for i in range(7) for j in range(7)) / 49
    return np.asarray(np.clip(6 * smooth - 2.5, 0, 1), np.float32)
