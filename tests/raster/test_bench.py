from __future__ import annotations

import numpy as np

from tests.raster.samples import activation, edges_of, whole
from vizapp.raster.bench import benchmark


def test_the_benchmark_reports_both_sizes() -> None:
    viewport = whole("mlp")
    moves = np.stack([activation("mlp", seed) for seed in (0, 1)])
    bounds = (viewport.x0, viewport.x1, viewport.y0, viewport.y1)
    report = benchmark(edges_of("mlp"), bounds, moves, repeat=1, sizes=[(200, 120), (300, 180)])
    assert report["edges"] == 266_200
    assert set(report["sizes"]) == {"200x120", "300x180"}
    for size in report["sizes"].values():
        assert set(size["ratio"]) == {"dense", "full", "update"}
        assert size["error_of_maximum"] < 4e-3
        assert size["operator_bytes"] > size["session_bytes"] > size["zlib_bytes"]
