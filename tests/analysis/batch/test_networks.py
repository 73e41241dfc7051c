"""Networks that are sent answer as they do here."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from vizapp import nets
from vizapp.analysis.batch.networks import digest, logits, sent
from vizapp.inputs import reference
from vizapp.nets import zoo


@pytest.mark.parametrize("name", nets.names())
@pytest.mark.parametrize("count", [1, 16, 37])
def test_logits_are_those_of_a_trace(name: str, count: int) -> None:
    images = reference()[0][:count] / np.float32(255)
    network = nets.load(name)
    found = logits(network, images)
    assert found == pytest.approx(network.forward(images).logits, abs=1e-4)
    assert found.shape == (count, 10)


@pytest.mark.parametrize("name", nets.names())
def test_what_arrives_is_the_same_network(name: str) -> None:
    parcel = sent(nets.load(name))
    # As between processes of one machine; nothing from outside is ever unpickled.
    arrived = pickle.loads(pickle.dumps(parcel))
    assert arrived == parcel
    assert arrived.network() is parcel.network()
    images = reference()[0][:5] / np.float32(255)
    assert np.array_equal(logits(arrived.network(), images), logits(nets.load(name), images))


def test_the_digest_is_that_of_the_parameters() -> None:
    network = zoo.random("mlp", seed=1)
    assert digest(network) == digest(zoo.random("mlp", seed=1))
    changed = network.parameters["fc1.bias"].copy()
    changed[7] = np.nextafter(changed[7], 1)
    others = [
        network.with_parameters({"fc1.bias": changed}),
        zoo.random("mlp", seed=2),
        zoo.random("cnn", seed=1),
    ]
    assert len({digest(network), *map(digest, others)}) == 4
