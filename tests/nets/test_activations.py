"""Activation functions: closed forms, and their derivatives against finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from vizapp.nets import activations


@pytest.mark.parametrize("name", activations.NAMES)
def test_derivatives(name: str) -> None:
    rng = np.random.default_rng(0)
    pre, gradient, move = rng.standard_normal((3, 5, 10))
    pulled = activations.pull_back(name, gradient, activations.apply(name, pre))
    ahead = activations.apply(name, pre + 1e-6 * move)
    behind = activations.apply(name, pre - 1e-6 * move)
    assert (pulled * move).sum() == pytest.approx((gradient * (ahead - behind)).sum() / 2e-6, rel=1e-6)


def test_closed_forms() -> None:
    pre = np.array([-1000.0, -1.0, 0.0, 2.0, 1000.0])
    assert activations.apply("relu", pre).tolist() == [0, 0, 0, 2, 1000]
    assert activations.apply("identity", pre).tolist() == pre.tolist()
    np.testing.assert_allclose(
        activations.apply("sigmoid", pre), [0, 1 / (1 + np.e), 0.5, 1 / (1 + np.exp(-2)), 1]
    )
    assert activations.apply("tanh", pre)[4] == 1
    assert activations.apply("softmax", pre).tolist() == [0, 0, 0, 0, 1]
    np.testing.assert_allclose(activations.softmax(np.log([[1.0, 3.0]])), [[0.25, 0.75]])
    assert activations.apply("relu", np.float32([-0.0]))[0] == 0


def test_unknown_names() -> None:
    for call in (activations.apply, activations.pull_back):
        with pytest.raises(ValueError, match="unknown activation function 'gelu'"):
            call("gelu", *[np.zeros(3)] * (1 if call is activations.apply else 2))
