"""Trainer: one step of training after the other, in NumPy; the same steps from the same seed, always.

Every random number comes from a generator made of the seed and the number of the step or epoch. So the
whole state of a training is the step it has reached and four vectors, and one that was interrupted goes on
to exactly the weights it would have come to.

A batch is worked through in parts, by as many threads as there are processors (NumPy lets them run at once).
Each part has its own random numbers, and the gradients are added up in the order of the parts: the number
of threads makes no difference to what comes out. (Another kind of processor does, in the last digits, since
OpenBLAS has other kernels for it; OPENBLAS_CORETYPE names one.)
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.nets import zoo
from vizapp.nets.augment import Augmenter
from vizapp.nets.backward import BackwardPlan
from vizapp.nets.data import Examples
from vizapp.nets.network import Network
from vizapp.nets.plan import Plan
from vizapp.nets.recipe import Recipe

Array = NDArray[Any]

# Images per part of a batch. Convolutions are quickest while their patches stay in the cache; where all
# weights are in dense layers, larger products are.
WIDTH = {"cnn": 32, "mlp": 64}


class TrainingError(RuntimeError):
    """Training that cannot go on."""


class Trainer:
    """A training under way.

    Attributes:
        step, steps: those done, and those to do.
        weights, first, second, average: the parameters, the two moments of Adam (Kingma & Ba 2015), and
            the moving average of the parameters; float32 vectors in the order of `Network.parameters`.
    """

    def __init__(self, recipe: Recipe, digits: Examples, strokes: Examples | None = None) -> None:
        self.recipe = recipe
        self.digits = digits
        self.strokes = strokes
        self._from_strokes = round(recipe.batch * recipe.strokes) if strokes else 0
        self._from_digits = recipe.batch - self._from_strokes
        self.steps_per_epoch = len(digits) // self._from_digits
        self.steps = recipe.epochs * self.steps_per_epoch
        self.step = 0
        start = zoo.random(recipe.network, recipe.seed)
        self.weights: Array = np.concatenate([value.ravel() for value in start.parameters.values()])
        self.first: Array = np.zeros_like(self.weights)
        self.second: Array = np.zeros_like(self.weights)
        self.average: Array = self.weights.copy()
        self._gradient = np.zeros_like(self.weights)
        self._work = np.zeros_like(self.weights)
        # The network under training uses `weights` itself, without a copy.
        self._network = zoo.build(recipe.network, self._named(self.weights))
        self._decayed = np.concatenate(
            [np.full(value.size, value.ndim > 1) for value in start.parameters.values()]
        ).astype(np.float32)
        width = WIDTH[recipe.network]
        if recipe.batch % width:
            raise ValueError(f"the batch must be a multiple of {width} images, not {recipe.batch}")
        self._parts = [slice(start, start + width) for start in range(0, recipe.batch, width)]
        self._part_gradients = np.zeros((len(self._parts), len(self.weights)), np.float32)
        plans = [Plan(self._network.layers, width) for _ in range(min(len(self._parts), os.cpu_count() or 1))]
        self._workers = [(plan, BackwardPlan(self._network.layers, plan, down_to=1)) for plan in plans]
        self._pool = ThreadPoolExecutor(len(plans), "training")
        self._augmenter = Augmenter(recipe.augmentation)
        self._order: tuple[int, Array] = (-1, np.empty(0, int))

    def advance(self) -> tuple[float, float]:
        """One step; the mean loss over its batch, and the share of it that was recognised.

        Raises:
            TrainingError: if the loss is no longer a number.
        """
        images, labels = self._batch()
        threads = len(self._workers)

        def work(thread: int) -> list[tuple[float, int]]:
            with np.errstate(over="ignore", invalid="ignore"):  # a loss that is no number is reported below
                return [
                    self._part(thread, part, images, labels)
                    for part in range(thread, len(self._parts), threads)
                ]

        results = [result for found in self._pool.map(work, range(threads)) for result in found]
        loss = sum(result[0] for result in results) / len(labels)
        right = sum(result[1] for result in results) / len(labels)
        if not np.isfinite(loss):
            raise TrainingError(f"the loss is {loss} after {self.step} steps; try a lower learning rate")
        self._update()
        self.step += 1
        return loss, right

    @property
    def vectors(self) -> dict[str, Array]:
        """The four vectors by name: with `step`, all that a training needs to go on."""
        return {
            "weights": self.weights,
            "first": self.first,
            "second": self.second,
            "average": self.average,
        }

    def restore(self, step: int, vectors: Mapping[str, Array]) -> None:
        """Go on from a state that `step` and `vectors` described."""
        for name, vector in self.vectors.items():
            vector[:] = vectors[name]
        self.step = step

    def network(self) -> Network:
        """The network with the average of the weights so far."""
        return zoo.build(self.recipe.network, self._named(self.average.copy()))

    def _named(self, vector: Array) -> dict[str, Array]:
        """Views of a vector under the names of the parameters."""
        shapes = zoo.parameter_shapes(self.recipe.network)
        ends = np.cumsum([int(np.prod(shape)) for shape in shapes.values()])
        parts = np.split(vector, ends[:-1])
        return {name: part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}

    def _batch(self) -> tuple[Array, Array]:
        epoch, within = divmod(self.step, self.steps_per_epoch)
        if self._order[0] != epoch:
            rng = np.random.default_rng([self.recipe.seed, 0, epoch])
            self._order = epoch, rng.permutation(len(self.digits))
        rng = np.random.default_rng([self.recipe.seed, 1, self.step])
        chosen = self._order[1][within * self._from_digits :][: self._from_digits]
        images, labels = self.digits.images[chosen], self.digits.labels[chosen]
        if self.strokes:
            chosen = rng.integers(len(self.strokes), size=self._from_strokes)
            images = np.concatenate([images, self.strokes.images[chosen]])
            labels = np.concatenate([labels, self.strokes.labels[chosen]])
        return images, labels

    def _part(self, thread: int, part: int, images: Array, labels: Array) -> tuple[float, int]:
        """Distort one part of a batch and propagate it there and back; its loss, and how many were right."""
        plan, backward = self._workers[thread]
        images, labels = images[self._parts[part]], labels[self._parts[part]]
        rng = np.random.default_rng([self.recipe.seed, 2, self.step, part])
        plan.refresh(self._network.layers)
        plan.run(self._augmenter(np.multiply(images, np.float32(1 / 255)), rng))
        output = self._network.span(self._network.layers[-1].name)
        classes, smooth = output.stop - output.start, self.recipe.smoothing
        wanted = np.full((classes, plan.width), smooth / classes, np.float32)
        wanted[labels, np.arange(plan.width)] += np.float32(1 - smooth)
        probabilities = plan.activation[output]
        # Cross entropy through softmax: the gradient with respect to the logits is a difference.
        top = len(self._network.layers) - 1
        backward.seed(top, (probabilities - wanted) / self.recipe.batch)
        backward.run(top, down_to=1, with_parameters=True)
        np.concatenate(
            [backward.parameters[name].ravel() for name in self._network.parameters],
            out=self._part_gradients[part],
        )
        loss = -float((wanted * np.log(np.maximum(probabilities, 1e-30))).sum())
        return loss, int((probabilities.argmax(axis=0) == labels).sum())

    def _update(self) -> None:
        recipe, work, t = self.recipe, self._work, self.step + 1
        np.add.reduce(self._part_gradients, axis=0, out=self._gradient)
        rate = recipe.rate * min(1, t / recipe.warm_up) * 0.5 * (1 + np.cos(np.pi * self.step / self.steps))
        np.multiply(self._decayed, np.float32(-rate * recipe.decay), out=work)
        work *= self.weights
        self.weights += work
        self.first *= np.float32(0.9)
        np.multiply(self._gradient, np.float32(0.1), out=work)
        self.first += work
        self.second *= np.float32(0.999)
        np.multiply(self._gradient, self._gradient, out=work)
        work *= np.float32(0.001)
        self.second += work
        np.sqrt(self.second, out=work)
        work *= np.float32(1 / np.sqrt(1 - 0.999**t))
        work += np.float32(1e-8)
        np.divide(self.first, work, out=work)
        work *= np.float32(-rate / (1 - 0.9**t))
        self.weights += work
        # At the start an average over few steps, so that the random weights are soon forgotten.
        share = np.float32(1 - min(recipe.average, t / (t + 10)))
        np.subtract(self.weights, self.average, out=work)
        work *= share
        self.average += work
