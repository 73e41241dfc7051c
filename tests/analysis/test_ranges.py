"""Ranges of one input, and the robust interval against a dense scan."""

from __future__ import annotations

import numpy as np
import pytest

from vizapp import nets
from vizapp.analysis.ranges import RANGES, robust_interval, vary
from vizapp.inputs import reference
from vizapp.inputs.samples import FOUR_NINE, ONE_TWO
from vizapp.inputs.variants import AS_IT_IS, Setting, Variants

from .test_curve import given

TWO = Variants(ONE_TWO.strokes(1))
DIGIT = Variants.of_image(reference()[0][8] / np.float32(255))


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("variants", [TWO, DIGIT])
def test_where_nothing_is_done_is_the_input(name: str, variants: Variants) -> None:
    sweep = vary(nets.load("cnn"), variants, name, 21)
    row = sweep.nearest(RANGES[name].neutral)
    assert sweep.positions[row] == RANGES[name].neutral
    assert np.array_equal(sweep.images[row], variants.image)
    assert (sweep.positions[0], sweep.positions[-1]) == (RANGES[name].low, RANGES[name].high)
    # Something happens at both ends, or the one that is not neutral.
    assert not all(np.array_equal(sweep.images[end], variants.image) for end in (0, -1))
    other = 0 if row != 0 else 5
    assert np.array_equal(
        sweep.images[other], variants.at(RANGES[name].put(AS_IT_IS, float(sweep.positions[other])))
    )


def test_ranges_can_be_added_to_each_other() -> None:
    found = RANGES["x"].images(TWO, np.array([-1.0, 2.0]), Setting(rotation=20))
    assert np.array_equal(found[1], TWO.at(Setting(rotation=20, x=2)))


def test_another_name_is_refused() -> None:
    with pytest.raises(KeyError):
        vary(nets.load("mlp"), TWO, "tilt")


@pytest.mark.parametrize("name", nets.names())
@pytest.mark.parametrize("knob", ["rotation", "x", "scale", "hidden", "noise"])
def test_the_robust_interval_is_that_of_a_dense_scan(name: str, knob: str) -> None:
    """Of a drawing that is not so torn that every fraction of a pixel decides."""
    network, variants = nets.load(name), Variants(FOUR_NINE.strokes(0.3))
    sweep = vary(network, variants, knob, 161)
    row = sweep.nearest(RANGES[knob].neutral)
    found = robust_interval(sweep, row)
    dense = np.linspace(RANGES[knob].low, RANGES[knob].high, 641)
    answers = np.concatenate(
        [
            network.forward(RANGES[knob].images(variants, part)).prediction
            for part in np.array_split(dense, 10)
        ]
    )
    present = int(network.forward(variants.image).prediction[0])
    assert found.answer == present
    step = sweep.positions[1] - sweep.positions[0]
    at = int(np.abs(dense - RANGES[knob].neutral).argmin())
    other = np.flatnonzero(answers != present)
    low, high = other[other < at], other[other > at]
    assert found.open_low == (not len(low))
    assert found.open_high == (not len(high))
    assert found.low == pytest.approx(dense[low[-1]] if len(low) else dense[0], abs=step)
    assert found.high == pytest.approx(dense[high[0]] if len(high) else dense[-1], abs=step)


def test_straight_logits() -> None:
    t = np.linspace(-4, 4, 9)
    # 0 leads between −2.5 and 1.25; 1 beyond the one, 2 beyond the other.
    logits = np.stack([np.zeros(9), -(t + 2.5), 4 * (t - 1.25)], axis=1)
    found = robust_interval(given(t, logits), 4)
    assert (found.low, found.high) == (pytest.approx(-2.5), pytest.approx(1.25))
    assert (found.below, found.above, found.answer) == (1, 2, 0)
    assert not found.open_low
    assert not found.open_high
    # The interval is that of the row asked for.
    found = robust_interval(given(t, logits), 0)
    assert (found.low, found.high, found.answer) == (-4, pytest.approx(-2.5), 1)
    assert (found.open_low, found.open_high) == (True, False)
    assert (found.below, found.above) == (None, 0)


def test_an_answer_that_always_holds_is_open_at_both_ends() -> None:
    found = robust_interval(given(np.linspace(0, 1, 3), np.tile([1.0, 0.0], (3, 1))), 1)
    assert (found.low, found.high, found.open_low, found.open_high) == (0, 1, True, True)
