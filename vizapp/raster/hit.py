"""From a place on the flat plot back to the edges that run through it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vizapp.jit import kernel, plain
from vizapp.raster.edges import EdgeSet, strongest


@kernel
def _near(first, target, positions, values, x, y, radius_x, radius_y, found):  # type: ignore[no-untyped-def]
    """Edges of value not 0 that pass within the ellipse around (x, y); returns how many are in `found`."""
    count = 0
    for source in range(first.size - 1):
        if first[source] == first[source + 1]:
            continue
        ax = (positions[source, 0] - x) / radius_x
        ay = (positions[source, 1] - y) / radius_y
        for e in range(first[source], first[source + 1]):
            if values[e] == 0:
                continue
            bx = (positions[target[e], 0] - x) / radius_x
            by = (positions[target[e], 1] - y) / radius_y
            if (ax > 1 and bx > 1) or (ax < -1 and bx < -1) or (ay > 1 and by > 1) or (ay < -1 and by < -1):
                continue
            dx, dy = bx - ax, by - ay
            square = dx * dx + dy * dy
            t = min(max(-(ax * dx + ay * dy) / square, 0.0), 1.0) if square > 0 else 0.0
            px, py = ax + t * dx, ay + t * dy
            if px * px + py * py <= 1:
                found[count] = e
                count += 1
    return count


def edges_near(
    edges: EdgeSet,
    values: NDArray[np.float32],
    x: float,
    y: float,
    radius: float | tuple[float, float],
    limit: int = 10,
) -> NDArray[np.int64]:
    """Indices of at most `limit` edges within `radius` of (x, y), the greatest |value| first.

    `values` float32[E] per edge, edges of value 0 are not there; `radius` in layout units, one number or one
    per axis: (2 * viewport.unit_x, 2 * viewport.unit_y) is two pixels around the pointer. Looks at all edges
    in less than a millisecond.
    """
    radius_x, radius_y = radius if isinstance(radius, tuple) else (radius, radius)
    if values.shape != (len(edges),):
        raise ValueError(f"one value per edge is needed: {len(edges)}, not {values.shape}")
    if not (radius_x > 0 and radius_y > 0 and np.isfinite([x, y, radius_x, radius_y]).all()):
        raise ValueError("a finite place and a radius above 0 are needed")
    found = np.empty(len(edges), dtype=np.int32)
    place = (float(x), float(y), float(radius_x), float(radius_y))
    count = _near(edges.first, edges.target, edges.positions, plain(values), *place, found)
    near = found[:count]
    return near[strongest(values[near], limit)].astype(np.int64)
