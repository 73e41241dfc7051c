"""Activation functions: a declared property of a layer, looked up by name.

The hidden layers of the shipped networks use ``relu``. A node that is off is then *exactly* zero: what is
dark on the page is really silent, no edge out of it carries anything, and a live update has to touch the
changed sources only. ``tanh`` and ``sigmoid`` are here for networks that need a bounded answer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

NAMES = ("identity", "relu", "tanh", "sigmoid", "softmax")


def softmax(pre: Array, axis: int = -1) -> Array:
    """Probabilities of the same shape as `pre`, summing to one along `axis`."""
    shifted = np.exp(pre - pre.max(axis=axis, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=axis, keepdims=True))


def sigmoid(pre: Array) -> Array:
    """1 / (1 + exp(-pre)), through tanh so that no large negative number overflows."""
    return np.asarray(0.5 * np.tanh(0.5 * pre) + 0.5)


def apply(name: str, pre: Array, axis: int = -1) -> Array:
    """The activation of pre-activations `pre`, any shape; `axis` holds the units that softmax shares out.

    Raises:
        ValueError: if there is no activation function of that name.
    """
    if name == "identity":
        return pre.copy()
    if name == "relu":
        return np.asarray(np.maximum(pre, 0))
    if name == "tanh":
        return np.asarray(np.tanh(pre))
    if name == "sigmoid":
        return sigmoid(pre)
    if name == "softmax":
        return softmax(pre, axis)
    raise ValueError(f"unknown activation function {name!r}; there are {', '.join(NAMES)}")


def pull_back(name: str, gradient: Array, activation: Array, axis: int = -1) -> Array:
    """The gradient with respect to the pre-activations, from that with respect to the activations.

    Everything is expressed through the activation itself, which a trace holds. At exactly zero the
    derivative of relu is taken as zero.

    Raises:
        ValueError: if there is no activation function of that name.
    """
    if name == "identity":
        return gradient.copy()
    if name == "relu":
        return np.asarray(gradient * (activation > 0))
    if name == "tanh":
        return np.asarray(gradient * (1 - activation * activation))
    if name == "sigmoid":
        return np.asarray(gradient * activation * (1 - activation))
    if name == "softmax":
        shared = (gradient * activation).sum(axis=axis, keepdims=True)
        return np.asarray(activation * (gradient - shared))
    raise ValueError(f"unknown activation function {name!r}; there are {', '.join(NAMES)}")
