"""The shipped networks."""

from __future__ import annotations

import numpy as np
import pytest

from vizapp import inputs
from vizapp.nets import NetworkError, checkpoints, load, names, zoo
from vizapp.nets.evaluate import table
from vizapp.nets.recipe import RECIPES

# What the weights must reach on the MNIST test images; case → share recognised by cnn and by mlp.
AT_LEAST = {
    "clean": (0.993, 0.985),
    "rotated +15°": (0.992, 0.98),
    "rotated −15°": (0.992, 0.98),
    "rotated +30°": (0.975, 0.95),
    "rotated −30°": (0.975, 0.95),
    "shifted +2, +2 px": (0.992, 0.98),
    "shifted −2, −2 px": (0.992, 0.98),
    "shifted +4, +4 px": (0.985, 0.95),
    "shifted −4, −4 px": (0.985, 0.95),
    "scaled 0.8": (0.992, 0.975),
    "scaled 1.2": (0.992, 0.975),
}


def test_names() -> None:
    assert names() == ("mlp", "cnn")


def test_a_network_is_loaded_once(name: str) -> None:
    assert load(name) is load(name)
    assert all(not value.flags.writeable for value in load(name).parameters.values())


def test_shipped_weights_are_as_accurate_as_required(name: str) -> None:
    measured = dict(table(load(name), *inputs.reference()))
    required = {case: pair[name == "mlp"] for case, pair in AT_LEAST.items()}
    assert list(measured) == list(required)
    short = {case: value for case, value in measured.items() if value < required[case]}
    assert not short
    stated = zoo.metadata(name)["accuracy"]
    for case, value in measured.items():
        assert value == pytest.approx(stated[case], abs=3e-4)


def test_shipped_metadata(name: str) -> None:
    metadata = zoo.metadata(name)
    assert metadata["network"] == name
    assert metadata["recipe"] == RECIPES[name].as_dict()
    assert metadata["recipe"]["seed"] == metadata["seed"]
    assert all(len(digest) == 64 for digest in metadata["data"].values())
    assert len(metadata["data"]) == 4
    assert "MNIST" in metadata["licence"]
    held_out = metadata["strokes"]["held_out_writers"]
    assert len(held_out) >= 8
    assert not set(held_out) & set(metadata["strokes"]["training_writers"])
    assert metadata["accuracy"]["pen digits, held-out writers"] >= {"cnn": 0.97, "mlp": 0.95}[name]


def test_shipped_scales_are_those_of_the_network(name: str) -> None:
    network = load(name)
    images, _ = inputs.reference()
    trace = network.forward(images[:500] / np.float32(255))
    scales = zoo.metadata(name)["scale"]
    assert list(scales) == [layer.name for layer in network.layers]
    for layer in network.layers:
        values = trace.layer(layer.name)
        scale = scales[layer.name]
        largest = np.median(values.reshape(500, -1).max(axis=1))
        assert scale["layer"] == pytest.approx(largest, rel=0.1)
        assert len(scale["maps"]) == (layer.shape[0] if len(layer.shape) == 3 else 1)
        assert max(scale["maps"]) <= scale["layer"] * 1.001
        assert scale["pre"] >= 0.99 * min(scale["layer"], scale["pre"])


def test_checkpoints_learn(name: str) -> None:
    found = checkpoints(name)
    assert 18 <= len(found) <= 22
    assert found[0].step == 0
    steps = [checkpoint.step for checkpoint in found]
    assert steps == sorted(set(steps))
    assert steps[len(steps) // 2] < steps[-1] / 10  # more densely at first
    images, labels = inputs.reference()
    images, labels = images[:1000] / np.float32(255), labels[:1000]
    for checkpoint in (found[0], found[len(found) // 2], found[-1]):
        network = checkpoint.network()
        share = (network.forward(images).prediction == labels).mean()
        assert share == pytest.approx(checkpoint.accuracy, abs=0.05)
    assert found[0].accuracy < 0.3
    last, final = found[-1].network(), load(name)
    for key, value in final.parameters.items():
        np.testing.assert_allclose(last.parameters[key], value, rtol=1e-3, atol=1e-4)


def test_unknown_names() -> None:
    for call in (checkpoints, zoo.metadata, zoo.build):
        with pytest.raises(NetworkError):
            call("lenet", {}) if call is zoo.build else call("lenet")
