"""Edges and values for the tests: both networks as laid out, and small random sets."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from vizapp.nets import load
from vizapp.nets.layout import load_layout
from vizapp.raster import EdgeSet, Viewport

NETWORKS = ("mlp", "cnn")


@cache
def edges_of(name: str) -> EdgeSet:
    network = load(name)
    return EdgeSet.of_network(network, load_layout(network).flat)


@cache
def whole(name: str, width: int = 500, height: int = 300) -> Viewport:
    return Viewport(*load_layout(load(name)).bounds, width, height)


def part(viewport: Viewport, x: float, y: float, share: float, width: int, height: int) -> Viewport:
    """A window `share` of the size, around the point at shares (x, y) of the viewport."""
    half_x = (viewport.x1 - viewport.x0) * share / 2
    half_y = (viewport.y1 - viewport.y0) * share / 2
    at_x = viewport.x0 + (viewport.x1 - viewport.x0) * x
    at_y = viewport.y0 + (viewport.y1 - viewport.y0) * y
    return Viewport(at_x - half_x, at_x + half_x, at_y - half_y, at_y + half_y, width, height)


def activation(name: str, seed: int = 0) -> NDArray[np.float32]:
    """Node values of a real pass through the network, scaled to 1 in each layer."""
    network = load(name)
    rng = np.random.default_rng(seed)
    image = np.zeros((28, 28), np.float32)
    image[4:24, 10:14] = rng.uniform(0.2, 1, (20, 4))
    values = network.forward(image).activation[0].copy()
    for start, stop in zip(network.offsets[:-1], network.offsets[1:], strict=True):
        values[start:stop] /= max(float(values[start:stop].max()), 1e-9)
    return values


def random_edges(n_nodes: int = 40, n_edges: int = 300, seed: int = 0, grid: float = 0.25) -> EdgeSet:
    """Edges between nodes on a grid, so that ends fall on pixel borders and slopes on halves."""
    rng = np.random.default_rng(seed)
    positions = rng.integers(-30, 31, (n_nodes, 2)) * grid
    source, target = rng.integers(0, n_nodes, (2, n_edges))
    return EdgeSet.of(source, target, rng.normal(size=n_edges), positions)
