"""The map of the reference set, against singular values, SciPy's eigenproblem, and counting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import eigh

from vizapp import nets
from vizapp.analysis import landscape as module
from vizapp.analysis import scores
from vizapp.analysis.landscape import lda, pca
from vizapp.analysis.references import answers
from vizapp.inputs import reference

NETWORKS = pytest.mark.parametrize("name", nets.names())
METHODS = pytest.mark.parametrize("method", module.METHODS)


def clouds(seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Three classes in six dimensions, of which one never varies."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, 400)
    centres = rng.normal(0, 2, (3, 6))
    features = centres[labels] + rng.normal(size=(400, 6)) * np.array([5, 1, 1, 0.5, 2, 0])
    features[:, 5] = 0.25
    return features, labels


@NETWORKS
def test_principal_components_are_the_singular_vectors(name):
    found = answers(nets.load(name))
    projection = module.landscape(nets.load(name)).projection
    centred = found.features.astype(float) - found.features.astype(float).mean(axis=0)
    _, values, vectors = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(np.abs(projection.axes.T @ vectors[:2].T), np.eye(2), atol=1e-6)
    assert projection.share == pytest.approx((values[:2] ** 2).sum() / (values**2).sum())
    assert 0.2 < projection.share < 1
    # The larger comes first, and neither knows anything of the other.
    x, y = (centred @ projection.axes).T
    assert x.var() > y.var()
    assert np.corrcoef(x, y)[0, 1] == pytest.approx(0, abs=1e-6)


def test_no_other_plane_has_more_variance():
    features, labels = clouds()
    best = pca(features, labels)
    rng = np.random.default_rng(2)
    for _ in range(200):
        plane, _ = np.linalg.qr(best.axes + 0.3 * rng.normal(size=best.axes.shape))
        assert ((features - best.centre) @ plane).var(axis=0).sum() <= best(features).var(axis=0).sum()


def test_discriminants_solve_the_generalised_eigenproblem():
    features, labels = clouds()
    found = lda(features, labels)
    means = np.stack([features[labels == label].mean(axis=0) for label in range(3)])
    around = features - means[labels]
    within = around.T @ around / len(labels)
    within += module.RIDGE * np.trace(within) / 6 * np.eye(6)
    apart = means[labels] - features.mean(axis=0)
    _, vectors = eigh(apart.T @ apart, within)
    for axis, expected in zip(found.axes.T, vectors.T[::-1], strict=False):
        assert abs(axis @ expected) / np.linalg.norm(axis) / np.linalg.norm(expected) == pytest.approx(1)
    # Within the classes the spread is one in either direction.
    np.testing.assert_allclose(found.axes.T @ within @ found.axes, np.eye(2), atol=1e-9)


@NETWORKS
def test_discriminants_part_the_classes_as_far_as_a_plane_can(name):
    network = nets.load(name)
    labels = answers(network).labels

    def parted(axes):
        """Spread between the classes in units of that within them."""
        place = (answers(network).features - blind.centre) @ axes
        means = np.stack([place[labels == label].mean(axis=0) for label in range(10)])
        within = np.cov((place - means[labels]).T)
        return np.trace(np.linalg.solve(within, np.cov(means[labels].T)))

    blind, informed = (module.landscape(network, method).projection for method in ("pca", "lda"))
    best = parted(informed.axes)
    assert parted(blind.axes) < best
    rng = np.random.default_rng(1)
    size = np.abs(informed.axes).max()
    for step in (0.01, 0.1, 1):
        assert parted(informed.axes + step * size * rng.normal(size=informed.axes.shape)) < best
    assert informed.share < blind.share


@NETWORKS
@METHODS
def test_a_drawing_lands_where_its_image_is(name, method):
    network = nets.load(name)
    found = module.landscape(network, method)
    some = [0, 17, 4_321]
    trace = network.forward(reference()[0][some] / np.float32(255))
    np.testing.assert_allclose(found.project(trace), found.position[some], rtol=1e-3, atol=1e-2)
    assert [found.nearest(*place) for place in found.position[some]] == some
    assert found is module.landscape(network, method)
    largest = found.projection.axes[np.abs(found.projection.axes).argmax(axis=0), [0, 1]]
    assert (largest > 0).all()
    with pytest.raises(ValueError, match="read-only"):
        found.position[0] = 0


@NETWORKS
def test_columns_and_lists(name):
    network = nets.load(name)
    found, known = module.landscape(network), answers(network)
    np.testing.assert_array_equal(found.label, reference()[1])
    np.testing.assert_array_equal(found.answer, known.logits.argmax(axis=1))
    np.testing.assert_array_equal(found.error, found.answer != found.label)
    np.testing.assert_allclose(found.entropy, scores.entropy(known.probabilities), rtol=1e-6)
    ordered = np.sort(known.logits.astype(float), axis=1)
    np.testing.assert_allclose(found.margin, ordered[:, -1] - ordered[:, -2], rtol=1e-6)

    wrong = found.misclassified()
    assert set(wrong) == set(np.flatnonzero(known.prediction != known.labels))
    assert (np.diff(found.margin[wrong]) <= 0).all()
    torn = found.most_ambiguous(50)
    assert len(torn) == 50
    np.testing.assert_array_equal(found.margin[torn], np.sort(found.margin)[:50])
    sevens = np.flatnonzero(found.label == 7)
    among = found.most_ambiguous(5, among=sevens)
    assert (found.label[among] == 7).all()
    np.testing.assert_array_equal(found.margin[among], np.sort(found.margin[sevens])[:5])


def test_within_a_polygon():
    base = module.landscape(nets.load("mlp"))
    grid = np.stack(np.meshgrid(np.arange(0.5, 10), np.arange(0.5, 10)), axis=-1).reshape(-1, 2)
    found = replace(base, position=grid.astype(np.float32))
    box = found.within([[1, 2], [4, 2], [4, 5], [1, 5]])
    assert grid[box].tolist() == [[x, y] for y in (2.5, 3.5, 4.5) for x in (1.5, 2.5, 3.5)]
    # An L, and a figure of eight, whose overlap counts as outside.
    ell = found.within([[0, 0], [6, 0], [6, 2], [2, 2], [2, 6], [0, 6]])
    assert len(ell) == 6 * 2 + 2 * 4
    twice = np.array([[0, 0], [4, 0], [4, 4], [0, 4]])
    assert len(found.within(np.concatenate([twice, twice[:1], twice]))) == 0
    triangle = found.within([[0, 0], [10, 0], [0, 10]])
    assert set(triangle) == set(np.flatnonzero(grid.sum(axis=1) < 10 - 1e-9))
    for nothing in ([], [[1, 1]], [[1, 1], [5, 5]], [[20, 20], [30, 20], [30, 30]]):
        assert len(found.within(nothing)) == 0


def test_there_is_no_other_method():
    with pytest.raises(ValueError, match="no projection 'umap'"):
        module.landscape(nets.load("mlp"), "umap")
