"""Training: the steps of the optimiser against a plain version, and that nothing is lost by an interrupt."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp.nets import train as training
from vizapp.nets import zoo
from vizapp.nets.augment import Augmentation, Augmenter
from vizapp.nets.backward import parameter_gradients
from vizapp.nets.data import Examples
from vizapp.nets.recipe import RECIPES, Recipe, recipe_for
from vizapp.nets.store import Store
from vizapp.nets.train import checkpoint_steps, train
from vizapp.nets.trainer import Trainer, TrainingError

Array = NDArray[Any]


@pytest.fixture
def digits() -> Examples:
    """Ten patterns that can be told apart, with noise."""
    rng = np.random.default_rng(0)
    patterns = rng.random((10, 28, 28)) > 0.7
    labels = (np.arange(640) % 10).astype(np.uint8)
    noise = rng.random((640, 28, 28))
    return Examples((255 * np.clip(patterns[labels] * 0.8 + 0.2 * noise, 0, 1)).astype(np.uint8), labels)


@pytest.fixture
def recipe(name: str) -> Recipe:
    return Recipe(name, seed=3, epochs=3, warm_up=5, rate=1e-3)


def test_it_learns(recipe: Recipe, digits: Examples) -> None:
    trainer = Trainer(replace(recipe, epochs=8, augmentation=Augmentation(plain=0.9)), digits)
    losses = [trainer.advance()[0] for _ in range(trainer.steps)]
    assert trainer.step == 8 * 5
    assert losses[0] > 0.9 * np.log(10)
    assert np.mean(losses[-3:]) < 0.75 * np.mean(losses[:3])


def test_steps_equal_a_plain_optimiser(recipe: Recipe, digits: Examples) -> None:
    """AdamW as in its paper, written with `Network.forward` and `parameter_gradients`."""
    recipe = replace(recipe, decay=0.1, augmentation=replace(Augmentation(), plain=1.0))
    trainer = Trainer(recipe, digits)
    start = zoo.random(recipe.network, recipe.seed, np.float64)
    values = {name: value.copy() for name, value in start.parameters.items()}
    first = {name: np.zeros_like(value) for name, value in values.items()}
    second = {name: np.zeros_like(value) for name, value in values.items()}
    average = {name: value.copy() for name, value in values.items()}
    order = np.random.default_rng([recipe.seed, 0, 0]).permutation(len(digits))
    for t in range(1, 4):
        chosen = order[(t - 1) * 128 : t * 128]
        images, labels = digits.images[chosen] / 255, digits.labels[chosen]
        network = start.with_parameters(values)
        wanted = np.full((128, 10), recipe.smoothing / 10)
        wanted[np.arange(128), labels] += 1 - recipe.smoothing
        probabilities = network.forward(images).probabilities
        loss = -(wanted * np.log(probabilities)).sum() / 128
        gradients = parameter_gradients(network, images, (probabilities - wanted) / 128)
        rate = recipe.rate * min(1, t / 5) * 0.5 * (1 + np.cos(np.pi * (t - 1) / 15))
        for name, gradient in gradients.items():
            first[name] = 0.9 * first[name] + 0.1 * gradient
            second[name] = 0.999 * second[name] + 0.001 * gradient**2
            move = first[name] / (1 - 0.9**t) / (np.sqrt(second[name] / (1 - 0.999**t)) + 1e-8)
            shrunk = 1 - rate * recipe.decay * name.endswith("weight")
            values[name] = values[name] * shrunk - rate * move
            average[name] += (1 - min(recipe.average, t / (t + 10))) * (values[name] - average[name])
        assert trainer.advance()[0] == pytest.approx(loss, rel=1e-4)
    for name, value in trainer.network().parameters.items():
        # Where a gradient is next to nothing, Adam divides rounding errors by each other.
        close = np.abs(value - average[name]) < 0.02 * recipe.rate
        assert close.mean() > 0.98, name


def test_an_epoch_sees_every_image_once(recipe: Recipe, digits: Examples) -> None:
    numbered = Examples(digits.images, np.arange(640))
    trainer = Trainer(replace(recipe, augmentation=Augmentation(plain=1)), numbered)
    for _ in range(2):
        seen = []
        for _ in range(5):
            seen.append(trainer._batch()[1])
            trainer.step += 1
        assert sorted(np.concatenate(seen).tolist()) == list(range(640))


def test_strokes_are_mixed_in(recipe: Recipe, digits: Examples) -> None:
    strokes = Examples(digits.images[:50], np.full(50, 99))
    trainer = Trainer(replace(recipe, strokes=0.25), digits, strokes)
    _, labels = trainer._batch()
    assert len(labels) == 128
    assert (labels == 99).sum() == 32
    assert trainer.steps_per_epoch == 640 // 96


def test_a_diverging_training_is_stopped(recipe: Recipe, digits: Examples) -> None:
    trainer = Trainer(replace(recipe, rate=1e30, warm_up=1), digits)

    def all_steps() -> None:
        while trainer.step < trainer.steps:
            trainer.advance()

    with np.errstate(all="ignore"), pytest.raises(TrainingError, match="learning rate"):
        all_steps()


def test_a_batch_that_does_not_fit_is_refused(digits: Examples) -> None:
    with pytest.raises(ValueError, match="multiple of 32"):
        Trainer(Recipe("cnn", batch=100), digits)


def run(tmp_path: Path, recipe: Recipe, digits: Examples, name: str) -> Path:
    output = tmp_path / f"{name}.safetensors"
    strokes = Examples(digits.images[::-1], digits.labels[::-1])
    few = Examples(digits.images[:64], digits.labels[:64])
    about = {"data": {"train": "ab"}}
    train(recipe, digits, few, output, tmp_path / f"{name}.state", strokes, {"held": few}, about)
    return output


def test_interrupted_and_resumed_is_the_same_to_the_bit(
    tmp_path: Path, recipe: Recipe, digits: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(tmp_path, recipe, digits, "whole").read_bytes()
    assert run(tmp_path, recipe, digits, "again").read_bytes() == whole
    advance, seen = Trainer.advance, []

    def interrupted(self: Trainer) -> tuple[float, float]:
        seen.append(self.step)
        if len(seen) in (4, 11):
            os.kill(os.getpid(), signal.SIGINT)  # in the middle of a step
        return advance(self)

    monkeypatch.setattr(Trainer, "advance", interrupted)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path, recipe, digits, "parts")
        assert (tmp_path / "parts.state").exists()
        assert not (tmp_path / "parts.safetensors").exists()
    assert run(tmp_path, recipe, digits, "parts").read_bytes() == whole
    assert seen == list(range(len(seen)))  # no step is done twice
    assert not (tmp_path / "parts.state").exists()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_is_written(tmp_path: Path, recipe: Recipe, digits: Examples) -> None:
    output = run(tmp_path, recipe, digits, "w")
    network = zoo.load(output)
    metadata = zoo.metadata(output)
    assert metadata["recipe"] == recipe.as_dict()
    assert metadata["data"] == {"train": "ab"}
    steps = [checkpoint["step"] for checkpoint in metadata["checkpoints"]]
    assert steps == checkpoint_steps(metadata["steps"])
    assert metadata["checkpoints"][-1]["epoch"] == 3
    images = digits.images[:64] / np.float32(255)
    right = (network.forward(images).prediction == digits.labels[:64]).mean()
    assert metadata["accuracy"]["clean"] == pytest.approx(right, abs=1e-4)
    assert metadata["accuracy"]["held"] == pytest.approx(right, abs=1e-4)
    last = Store(output).checkpoint(len(steps) - 1, zoo.parameter_shapes(recipe.network))
    for key, value in network.parameters.items():
        np.testing.assert_allclose(last[key], value, rtol=1e-3, atol=1e-6)
    start = Store(output).checkpoint(0, zoo.parameter_shapes(recipe.network))
    np.testing.assert_allclose(
        start["fc1.weight"], zoo.random(recipe.network, 3).parameters["fc1.weight"], atol=1e-3
    )


def test_a_state_of_another_training_is_refused(
    tmp_path: Path, recipe: Recipe, digits: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "SAVE_EVERY", 0.0)
    advance = Trainer.advance

    def failing(self: Trainer) -> tuple[float, float]:
        if self.step == 3:
            raise TrainingError("stopped")
        return advance(self)

    monkeypatch.setattr(Trainer, "advance", failing)
    with pytest.raises(TrainingError, match="stopped"):
        run(tmp_path, recipe, digits, "w")
    with pytest.raises(TrainingError, match="another training"):
        run(tmp_path, replace(recipe, seed=4), digits, "w")
    state = tmp_path / "w.state"
    for damaged in (state.read_bytes()[:-100], b"", b"\x80\x04pickle"):
        state.write_bytes(damaged)
        with pytest.raises(TrainingError, match="damaged"):
            run(tmp_path, recipe, digits, "w")


@pytest.mark.parametrize("steps", [1, 5, 20, 109000, 10**6])
def test_checkpoints_are_closer_at_first(steps: int) -> None:
    found = checkpoint_steps(steps)
    assert found[0] == 0
    assert found[-1] == steps
    assert len(found) <= 20
    if steps > 1000:
        assert len(found) == 20
        assert (np.diff(found)[2:] >= np.diff(found)[1:-1]).all()


def test_shipped_recipes() -> None:
    assert set(RECIPES) == set(zoo.names())
    for name, recipe in RECIPES.items():
        assert recipe_for(name) is recipe
        assert recipe.network == name
        Augmenter(recipe.augmentation)
    with pytest.raises(ValueError, match="unknown network"):
        recipe_for("lenet")
