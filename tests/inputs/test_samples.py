from __future__ import annotations

import numpy as np
import pytest

from vizapp.inputs import clean_strokes, drawing_to_input, strokes_to_json
from vizapp.inputs.samples import SAMPLES, Sample
from vizapp.nets import load


def probabilities(sample: Sample, shares: np.ndarray) -> np.ndarray:
    """[share, 2]: what cnn gives the sample's two digits along its way."""
    inputs = np.stack([drawing_to_input(sample.way.strokes(share)) for share in shares])
    return load("cnn").forward(inputs).probabilities[:, sample.way.digits]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_cnn_hesitates_between_the_two_digits(sample: Sample) -> None:
    here = probabilities(sample, np.array([sample.share]))[0]
    # The page opens with the first: both its digits must be in the running for everybody to see.
    least = 0.35 if sample is SAMPLES[0] else 0.25
    if here.min() < least:
        shares = np.linspace(0, 1, 201)
        best = shares[probabilities(sample, shares).min(axis=1).argmax()]
        pytest.fail(f"{sample.title}: {here} with the shipped cnn; a share of {best:.3f} would do better")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_both_ends_of_the_way_are_clear(sample: Sample) -> None:
    start, end = probabilities(sample, np.array([0.0, 1.0]))
    assert start[0] > 0.7
    assert end[1] > 0.7


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_samples_are_drawings_like_any_other(sample: Sample) -> None:
    again = clean_strokes(strokes_to_json(sample.strokes))
    for before, after in zip(sample.strokes, again, strict=True):
        np.testing.assert_allclose(after.points, before.points, atol=1e-4)
        assert 0.1 < before.points.min() < before.points.max() < 0.9
        # A curve and not a few corners.
        assert np.hypot(*np.diff(before.points, axis=0).T).max() < 0.05
    assert f"between {sample.way.digits[0]} and {sample.way.digits[1]}" == sample.title


def test_a_way_goes_through_its_control_points() -> None:
    way = SAMPLES[1].way
    for path, control in zip(way.strokes(0.0), way.start, strict=True):
        np.testing.assert_allclose(path.points[::8], control, atol=1e-6)
