"""What the server needs for each picture of where the answer comes from: `python tests/views/bench_explaining.py`.

From the question to the message, over all sample drawings and 40 test images, for both networks, in processor time of
one thread: on a quiet machine that is how long it takes.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from vizapp import nets
from vizapp.analysis.references import answers
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import SAMPLES, reference
from vizapp.views.explaining_messages import Asked, deletion_message, explanation_message, found

METHODS = ("lrp", "gradient", "deconvolution", "integrated", "occlusion", "flip", "deletion curve")
IMAGES = 40
ROUNDS = 2


def main() -> None:
    images = reference()[0][:IMAGES].astype(np.float32) / 255
    drawings = [
        *(Drawing(tuple(sample.strokes)) for sample in SAMPLES),
        *(Drawing(image=image) for image in images),
    ]
    print(f"{'':16}{'median':>10}{'p95':>10}  ms")
    for name in nets.names():
        explorer = Explorer(network=name, selection=[nets.load(name).n_nodes - 10])
        answers(explorer.net)  # once in the life of a server
        for method in METHODS:
            times = [once(explorer, method, drawing) for _ in range(ROUNDS) for drawing in drawings]
            median, high = 1000 * np.percentile(times[len(drawings) :], [50, 95])
            print(f"{name + ' ' + method:20}{median:6.1f}{high:10.1f}")


def once(explorer: Explorer, method: str, drawing: Drawing) -> float:
    """Seconds."""
    tested = method == "deletion curve"
    explorer.pad_shows = "integrated" if tested else method
    explorer.drawing = drawing
    asked = Asked.of(explorer)
    begun = time.thread_time()
    answer = found(asked)
    if tested:
        begun = time.thread_time()
        deletion_message(asked, answer)  # type: ignore[arg-type]
    else:
        explanation_message(asked, answer)
    return time.thread_time() - begun


if __name__ == "__main__":
    main()
