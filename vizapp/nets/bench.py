"""How long a forward pass takes, against ONNX Runtime running the same network in the same process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from vizapp.nets.network import Network

BATCHES = (1, 64)


def benchmark(
    network: Network, other: Callable[[Any], Any] | None = None, repetitions: int = 300
) -> dict[str, dict[str, float]]:
    """Times of `Network.forward`, everything being kept, for one image and for a batch.

    Args:
        other: another engine for the same network, called with images float32[B, rows, columns]. The two
            take turns, so that what else the machine does meets both.

    Returns:
        "batch 1", "batch 64" → "ms" (least) and "median_ms" of ours; with `other` also "other_ms",
        "other_median_ms", and "ratio" of the medians and "ratio_least" of the least times.
    """
    rng = np.random.default_rng(0)
    rows, columns = network.image_shape
    figures: dict[str, dict[str, float]] = {}
    for count in BATCHES:
        images = rng.random((count, rows, columns), np.float32)
        engines = [network.forward, other] if other else [network.forward]
        times: list[list[float]] = [[] for _ in engines]
        for _ in range(repetitions if count == 1 else max(20, repetitions // 10)):
            for engine, taken in zip(engines, times, strict=True):
                start = time.perf_counter()
                engine(images)
                taken.append(1e3 * (time.perf_counter() - start))
        found = {"ms": min(times[0]), "median_ms": statistics.median(times[0])}
        if other:
            found |= {"other_ms": min(times[1]), "other_median_ms": statistics.median(times[1])}
            found["ratio"] = found["median_ms"] / found["other_median_ms"]
            found["ratio_least"] = found["ms"] / found["other_ms"]
        figures[f"batch {count}"] = {key: round(value, 5) for key, value in found.items()}
    return figures
