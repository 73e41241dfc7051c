"""Many drawings at once: the same pictures as one by one, and only where that is so."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from vizapp.inputs import SAMPLES, Stroke, compiled, drawing_to_input

SQUARE = np.array([[0.2, 0.2], [0.8, 0.2], [0.8, 0.8]], np.float32)


def scribbles(count: int, seed: int) -> list[tuple[Stroke, ...]]:
    """Drawings as hands make them, and as none does: dots, leaps, many points at a place, pens of all widths."""
    rng = np.random.default_rng(seed)

    def stroke(width: float) -> Stroke:
        steps = rng.normal(0, rng.choice([0.001, 0.03, 0.3]), (int(rng.integers(1, 60)), 2))
        path = np.cumsum(steps, axis=0) + rng.uniform(0.1, 0.9, 2)
        return Stroke(np.clip(path, 0, 1).astype(np.float32), width)

    widths = rng.choice([0.8, 1.2, 2.4, 3.5, 6.0], count)
    return [tuple(stroke(float(width)) for _ in range(rng.integers(1, 5))) for width in widths]


@pytest.mark.parametrize("seed", range(4))
def test_pictures_are_those_of_drawings_one_by_one(seed: int) -> None:
    drawings = [*scribbles(150, seed), *(tuple(sample.strokes) for sample in SAMPLES)]
    assert all(map(compiled.is_plain, drawings))
    expected = np.stack([drawing_to_input(drawing) for drawing in drawings])
    np.testing.assert_allclose(compiled.pictures(drawings), expected, atol=2e-6)


@pytest.mark.parametrize(
    "strokes",
    [
        (),
        (Stroke(SQUARE), Stroke(SQUARE, 6.0)),
        (Stroke(SQUARE), Stroke(SQUARE, erase=True)),
        (Stroke(SQUARE + np.float32(0.5)),),
        (Stroke(SQUARE - np.float32(0.5)),),
    ],
    ids=["nothing", "two pens", "an eraser", "beyond the pad", "before the pad"],
)
def test_others_are_not_plain(strokes: tuple[Stroke, ...]) -> None:
    assert not compiled.is_plain(strokes)


def test_morphs_use_it_once_it_is_warm() -> None:
    """In a new process: it stays warm."""
    code = """
import numpy as np
from vizapp.inputs import SAMPLES, morphs
way = SAMPLES[0].way
morph = morphs.Morph("strokes", way.strokes(0), way.strokes(1))
shares = np.linspace(0, 1, 32)
cold = morph.images(shares)
morphs.warm_up()
calls = []
real = morphs._compiled.pictures
morphs._compiled.pictures = lambda drawings: calls.append(len(drawings)) or real(drawings)
assert np.abs(morph.images(shares) - cold).max() < 2e-6
blend = morphs.Morph("blend", way.strokes(0), way.strokes(1))
blend.images(shares)
bare = morphs.Morph("strokes", way.strokes(0), way.strokes(1), normalised=False)
bare.images(shares)
assert calls == [32], calls
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)
