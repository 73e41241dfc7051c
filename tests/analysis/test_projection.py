"""Projection onto a half-space within a box, against a closed form and a general optimiser."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from vizapp.analysis.projection import projected


def test_away_from_the_limits_it_is_the_foot_of_the_perpendicular():
    rng = np.random.default_rng(1)
    image, gradient = rng.uniform(0.4, 0.6, (28, 28)), rng.normal(size=(28, 28))
    found = projected(image, gradient, 2.0)
    np.testing.assert_allclose(found, image - 2 * gradient / (gradient**2).sum(), rtol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_is_what_an_optimiser_finds(seed):
    rng = np.random.default_rng(seed)
    image, gradient = rng.random((2, 3)), rng.normal(size=(2, 3)) * (rng.random((2, 3)) < 0.8)
    image[rng.random((2, 3)) < 0.3] = rng.integers(0, 2)
    if not gradient.any():
        gradient[0, 0] = 1.0
    most = np.where(gradient > 0, gradient * image, gradient * (image - 1)).sum()  # by which the gap can fall
    gap = rng.uniform(0.05, 0.95) * most
    found = projected(image, gradient, gap)
    if most == 0:
        np.testing.assert_array_equal(found, image)
        return
    assert gap + (gradient * (found - image)).sum() == pytest.approx(0, abs=1e-12)
    assert ((found >= 0) & (found <= 1)).all()
    best = minimize(
        lambda y: ((y - image.ravel()) ** 2).sum(),
        image.ravel(),
        jac=lambda y: 2 * (y - image.ravel()),
        bounds=[(0, 1)] * 6,
        constraints={"type": "ineq", "fun": lambda y: -gap - gradient.ravel() @ (y - image.ravel())},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    np.testing.assert_allclose(found.ravel(), best.x, atol=1e-5)


def test_what_cannot_be_reached_is_approached():
    image, gradient = np.array([[0.5, 0.2, 0.7]]), np.array([[1.0, -2.0, 0.0]])
    np.testing.assert_array_equal(projected(image, gradient, 5.0), [[0, 1, 0.7]])
    assert projected(image, np.zeros((1, 3)), 1.0) is None
    for gap in (0.0, -1.0):
        np.testing.assert_array_equal(projected(image, gradient, gap), image)


def test_pixels_that_are_at_their_limit_do_not_stand_in_the_way():
    image, gradient = np.array([[0.0, 1.0, 0.5]]), np.array([[3.0, -3.0, 1.0]])
    np.testing.assert_allclose(projected(image, gradient, 0.25), [[0, 1, 0.25]])
