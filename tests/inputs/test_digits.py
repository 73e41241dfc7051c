from __future__ import annotations

import numpy as np
import pytest

from vizapp import nets
from vizapp.inputs import drawing_to_input
from vizapp.inputs.digits import drawn_digits


def test_there_are_ten() -> None:
    assert list(drawn_digits()) == list(range(10))


@pytest.mark.parametrize("name", nets.names())
@pytest.mark.parametrize("digit", range(10))
def test_both_networks_know_a_drawn_digit(name: str, digit: int) -> None:
    image = drawing_to_input(drawn_digits()[digit])
    probabilities = nets.load(name).forward(image).probabilities[0]
    assert probabilities.argmax() == digit
    assert probabilities[digit] > 0.7


@pytest.mark.parametrize("digit", [0, 8])
def test_a_digit_is_a_curve_inside_of_the_pad(digit: int) -> None:
    for stroke in drawn_digits()[digit]:
        assert 0.1 < stroke.points.min() < stroke.points.max() < 0.9
        assert np.hypot(*np.diff(stroke.points, axis=0).T).max() < 0.05
