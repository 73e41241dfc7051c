"""What the server needs for the map of the test images: `python tests/views/bench_landscape.py`.

For both networks and both projections: pictures of what is zoomed into step by step, in all colours; where the drawing
is, for each of its images; the image at a place; an area of 500 corners, listed. Processor time of one thread: on a
quiet machine that is how long it takes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from vizapp import nets
from vizapp.analysis.landscape import METHODS, landscape
from vizapp.inputs import reference
from vizapp.raster.viewport import Viewport
from vizapp.views.landscape_messages import list_message, mark_message, point_message
from vizapp.views.landscape_picture import COLOURS, Wanted, compiled, picture

SIDE = 614
"""Pixels, of a pane of 307 on a fine screen."""
STEPS = 12
IMAGES = 200


def main() -> None:
    begun = time.thread_time()
    for colour in COLOURS:
        assert not compiled(colour)
        picture(landscape(nets.load("cnn")), Wanted(view(5.0), colour, "light"))
    print(f"first pictures of a process, all colours: {time.thread_time() - begun:.1f} s")
    print(f"{'':24}{'median':>10}{'p95':>10}  ms")
    for name in nets.names():
        pictures: dict[str, list[float]] = {colour: [] for colour in COLOURS}
        marks, points, areas = [], [], []
        traces = [nets.load(name).forward(image / np.float32(255)) for image in reference()[0][:IMAGES]]
        for method in METHODS:
            found = landscape(nets.load(name), method)
            reach = 0.6 * float(np.ptp(found.position, axis=0).max())
            for step in range(STEPS):
                for colour in COLOURS:
                    wanted = Wanted(view(reach * 1.2**-step), colour, "light")
                    pictures[colour].append(timed(picture, found, wanted))
            marks += [timed(mark_message, found, trace, False) for trace in traces]
            points += [timed(point_message, found, x, 1.0) for x in np.linspace(-9, 9, IMAGES)]
            angle = np.linspace(0, 2 * np.pi, 500, endpoint=False)
            for radius in np.linspace(0.1, 1, STEPS) * reach:
                polygon = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
                areas.append(timed(list_message, found, "area", 0, polygon))
        rows = {f"picture, {colour}": times for colour, times in pictures.items()}
        for what, times in {**rows, "drawing": marks, "image at a place": points, "area": areas}.items():
            median, high = 1000 * np.percentile(times, [50, 95])
            print(f"{name + ' ' + what:24}{median:10.2f}{high:10.2f}")


def view(reach: float) -> Viewport:
    return Viewport(-reach, reach, -reach, reach, SIDE, SIDE)


def timed(act: Callable[..., object], *what: object) -> float:
    """Seconds."""
    begun = time.thread_time()
    act(*what)
    return time.thread_time() - begun


if __name__ == "__main__":
    main()
