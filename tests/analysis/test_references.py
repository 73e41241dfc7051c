"""Answers to the reference images, against traces of them."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from vizapp import nets
from vizapp.analysis import references
from vizapp.inputs import reference
from vizapp.nets import Network

NETWORKS = pytest.mark.parametrize("name", nets.names())


@NETWORKS
def test_answers_are_those_of_traces(name):
    network = nets.load(name)
    found = references.answers(network)
    images, labels = reference()
    assert len(found) == 10_000
    np.testing.assert_array_equal(found.labels, labels)
    for some in (slice(0, 40), slice(5_000, 5_003), slice(9_980, 10_000)):
        trace = network.forward(images[some].astype(np.float32) / np.float32(255))
        hidden = trace.layer("fc2")
        np.testing.assert_allclose(found.features[some], hidden, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(found.logits[some], trace.logits, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(found.probabilities[some], trace.probabilities, atol=1e-5)
        np.testing.assert_array_equal(found.prediction[some], trace.prediction)
    with pytest.raises(ValueError, match="read-only"):
        found.logits[0] = 0


def test_halves_share_the_reference_set():
    fit, check = references.halves()
    assert len(fit) == len(check) == 5_000
    np.testing.assert_array_equal(np.sort(np.concatenate([fit, check])), np.arange(10_000))
    # Neither the easy first nor the hard second half of MNIST's test images, nor any class, is on one side.
    assert abs((fit < 5_000).mean() - 0.5) < 0.03
    labels = reference()[1]
    assert np.abs(np.bincount(labels[fit]) / np.bincount(labels) - 0.5).max() < 0.05


def test_sessions_that_ask_at_once_compute_once_and_networks_are_let_go():
    network = Network("mlp", nets.load("mlp").layers)
    with ThreadPoolExecutor(3) as threads:
        found = set(threads.map(references.answers, [network] * 3))
    assert len(found) == 1
    answers = weakref.ref(found.pop())
    del network
    gc.collect()
    assert answers() is None
