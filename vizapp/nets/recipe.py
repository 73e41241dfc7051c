"""Recipe: everything that decides what a training comes out as, apart from the data."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from vizapp.nets.augment import Augmentation


@dataclass(frozen=True)
class Recipe:
    """How a network is trained: AdamW, cosine decay of the rate, and an average of the weights at the end.

    Attributes:
        network: name of the architecture.
        seed: of the weights, the order of the images, and their distortions.
        epochs: passes over the images.
        batch: images per step.
        rate: peak learning rate; warm-up takes `warm_up` steps.
        decay: decoupled weight decay (Loshchilov & Hutter 2019), of weights, not of biases.
        smoothing: share of a label's probability that is spread over all classes.
        average: decay per step of the moving average of the weights, which is what is kept.
        strokes: share of each batch taken from rendered pen strokes, if there are any.
        augmentation: how the images are distorted.
    """

    network: str
    seed: int = 1
    epochs: int = 100
    batch: int = 128
    rate: float = 2e-3
    warm_up: int = 500
    decay: float = 0.01
    smoothing: float = 0.02
    average: float = 0.9995
    strokes: float = 0.25
    augmentation: Augmentation = field(default_factory=Augmentation)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


# The convolutional network has few parameters: the further the images are distorted, the less well it can do
# on those that are not. Its range is so no wider than it must be.
RECIPES = {
    "mlp": Recipe(
        "mlp",
        epochs=150,
        strokes=0.2,
        augmentation=Augmentation(
            rotation=38, shift=5.2, scale=0.28, shear=0.2, elastic=0.6, thinner=0.4, thicker=0.6
        ),
    ),
    "cnn": Recipe(
        "cnn",
        epochs=200,
        strokes=0.12,
        augmentation=Augmentation(
            rotation=31,
            shift=5.3,
            scale=0.33,
            aspect=0.06,
            shear=0.1,
            elastic=0.45,
            thinner=0.3,
            thicker=0.45,
        ),
    ),
}


def recipe_for(network: str) -> Recipe:
    """The recipe of a shipped network; ValueError for an unknown name."""
    if network not in RECIPES:
        raise ValueError(f"unknown network {network!r}; there are {' and '.join(RECIPES)}")
    return RECIPES[network]
