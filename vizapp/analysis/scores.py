"""What ten logits say about how sure an answer is: probabilities, entropy, margin. For one input or for many."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def probabilities(logits: NDArray[Any], temperature: float = 1.0) -> Floats:
    """softmax(z / T), float64[…, classes]. A temperature above 1 makes every answer less sure, its order kept.

    Raises:
        ValueError: for a temperature that is not positive.
    """
    if not temperature > 0:
        raise ValueError(f"a temperature is positive, not {temperature}")
    scaled = np.asarray(logits, np.float64) / temperature
    weight = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))


def entropy(shares: NDArray[Any]) -> Floats:
    """−Σ p log₂ p in bits, float64[…] of probabilities […, classes]: 0 for a sure answer, log₂ n at most."""
    shares = np.asarray(shares, np.float64)
    logarithm = np.log2(shares, out=np.zeros_like(shares), where=shares > 0)
    return np.asarray(np.maximum(-(shares * logarithm).sum(axis=-1), 0))


def margin(logits: NDArray[Any]) -> Floats:
    """float64[…]: by how much the largest logit exceeds the second; 0 is a tie.

    Of two classes it is the logarithm of the ratio of their probabilities.
    """
    best = np.partition(np.asarray(logits, np.float64), -2, axis=-1)
    return np.asarray(best[..., -1] - best[..., -2])
