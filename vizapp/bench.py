"""`vizapp bench`: what the server takes for one movement of the pen, and for its parts."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp import nets
from vizapp.explorer import Explorer
from vizapp.inputs.samples import SAMPLES
from vizapp.nets.bench import benchmark as benchmark_forward
from vizapp.views import wire

POINTS_PER_MESSAGE = 3
"""A pen reports some 120 points a second, and the page asks for an answer some 30 or 40 times."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument(
        "--edges", action="store_true", help="the raster of all edges, too, against Datashader; takes minutes"
    )
    parser.add_argument("--repeat", type=int, default=20, metavar="N", help="of each drawing (default: 20)")


def run(args: argparse.Namespace) -> int:
    figures = {name: measure(name, args.repeat, args.edges) for name in nets.names()}
    if args.json:
        print(json.dumps(figures))
        return 0
    for name, value in flat(figures):
        print(f"{name:52} {value:12.4g}")
    return 0


def measure(name: str, repeat: int = 20, edges: bool = False) -> dict[str, Any]:
    """Figures for one network; times in ms, sizes in bytes.

    "pen": the way of a pen movement; "forward": the network alone, against ONNX Runtime where that is
    installed; with `edges` also "edges": the raster of all edges, against Datashader.
    """
    network = nets.load(name)
    figures: dict[str, Any] = {
        "pen": pen_path(name, repeat),
        "forward": benchmark_forward(network, onnx_engine(network), repetitions=15 * repeat),
    }
    if edges:
        figures["edges"] = edge_path(name)
    return figures


def onnx_engine(network: nets.Network) -> Callable[[Any], Any] | None:
    """ONNX Runtime with the same network, in one thread; None where it is not installed."""
    try:
        from vizapp.onnx_engine import session
    except ImportError:
        return None
    engine = session(network)
    names = [output.name for output in engine.get_outputs()]
    return lambda images: engine.run(names, {"image": images[:, None]})


def edge_path(name: str) -> dict[str, Any]:
    """What `vizapp.views.edge_bench` measures, for the movements of a pen."""
    from vizapp.views.edge_bench import measure as measure_edges

    return measure_edges(name, lambda explorer: list(movements(explorer)))


def pen_path(name: str, repeat: int = 20) -> dict[str, float]:
    """From the points of a pen movement to the message with the answer, as the server does it.

    The strokes are those of the samples, a few points at a time.
    """
    explorer = Explorer(network=name)
    times: list[float] = []
    sizes: list[int] = []
    for _ in range(repeat):
        explorer.clear()
        for act in movements(explorer):
            began = time.perf_counter()
            act()
            message = wire.frame_message(explorer)
            times.append(1e3 * (time.perf_counter() - began))
            sizes.append(message_bytes(message))
    times.sort()
    return {
        "movements": len(times),
        "median_ms": statistics.median(times),
        "p95_ms": times[int(0.95 * len(times))],
        "message_bytes": statistics.median(sizes),
    }


def movements(explorer: Explorer) -> Iterator[Callable[[], None]]:
    """The pen movements that draw the first sample, each to be called."""
    for number, stroke in enumerate(SAMPLES[0].strokes):
        points = spaced(stroke.points)
        for start in range(0, len(points), POINTS_PER_MESSAGE):
            part = points[start : start + POINTS_PER_MESSAGE]

            def act(number: int = number, start: int = start, part: NDArray[np.float32] = part) -> None:
                explorer.pen(stroke=number, start=start, points=part, width=2.4, erase=False)

            yield act


def spaced(points: NDArray[np.float32], step: float = 0.01) -> NDArray[np.float32]:
    """Points float32[n, 2] along the same path, `step` apart, as a moving pen reports them."""
    if len(points) < 2:
        return points
    along = np.concatenate([[0], np.hypot(*np.diff(points, axis=0).T).cumsum()])
    at = np.arange(0, along[-1], step)
    return np.stack([np.interp(at, along, points[:, axis]) for axis in (0, 1)], axis=1).astype(np.float32)


def message_bytes(message: wire.Message) -> int:
    """Size on the wire: arrays as they are, the rest as JSON."""
    arrays = sum(value.nbytes for value in message.values() if isinstance(value, np.ndarray))
    rest = {key: value for key, value in message.items() if not isinstance(value, np.ndarray)}
    return arrays + len(json.dumps(rest))


def flat(figures: dict[str, Any], path: str = "") -> Iterator[tuple[str, float]]:
    """Nested figures as "cnn.pen.median_ms" and value."""
    for key, value in figures.items():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict):
            yield from flat(value, name)
        else:
            yield name, value
