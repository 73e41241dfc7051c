from __future__ import annotations

import numpy as np
import pytest

from vizapp.inputs import ambiguous, guesses, reference
from vizapp.nets import Network
from vizapp.nets.zoo import random


@pytest.fixture(scope="module")
def network() -> Network:
    return random("mlp")


def test_the_smallest_margins_come_first(network: Network) -> None:
    found = ambiguous(network, 50)
    images = reference()[0][found].astype(np.float32) / np.float32(255)
    probabilities = np.sort(network.forward(images).probabilities, axis=1)
    margins = probabilities[:, -1] - probabilities[:, -2]
    assert (np.diff(margins) >= -1e-6).all()
    assert margins[-1] <= np.sort(guesses(network).margin)[49] + 1e-6


def test_guesses_are_the_networks(network: Network) -> None:
    answers = guesses(network)
    row = 9_999
    probabilities = network.forward(reference()[0][row].astype(np.float32) / np.float32(255)).probabilities[0]
    order = np.argsort(-probabilities)
    assert (answers.first[row], answers.second[row]) == tuple(order[:2])
    np.testing.assert_allclose(answers.probability[row], probabilities[order[:2]], rtol=1e-4)
    assert len(answers.first) == len(answers.margin) == 10_000


def test_between_two_digits_in_either_order(network: Network) -> None:
    answers = guesses(network)
    first, second = int(answers.first[0]), int(answers.second[0])
    found = ambiguous(network, 10_000, between=(second, first))
    pairs = {frozenset((int(answers.first[i]), int(answers.second[i]))) for i in found}
    assert pairs == {frozenset((first, second))}
    assert 0 in found
    assert (np.diff(answers.margin[found]) >= 0).all()


def test_computed_once_a_network(network: Network) -> None:
    assert guesses(network) is guesses(network)
    other = network.with_parameters({"output.bias": np.eye(10, dtype=np.float32)[3] * 100})
    assert set(guesses(other).first) == {3}
    assert guesses(network) is not guesses(other)
