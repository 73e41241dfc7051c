"""What the scores of one pen movement cost the server: python tests/views/bench_hesitation.py

Of the thread's own processor time, so that other work on the machine hardly counts.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from vizapp import nets
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import SAMPLES
from vizapp.views.hesitating import prepared, scores_message

TIMES = 500


def measured(name: str) -> dict[str, float]:
    """Milliseconds: of preparing, once, and of one message, over all samples."""
    explorer = Explorer(network=name)
    start = time.thread_time()
    prepared(explorer.net)
    figures = {"prepare": time.thread_time() - start}
    taken = []
    for turn in range(TIMES):
        explorer.drawing = Drawing(tuple(SAMPLES[turn % len(SAMPLES)].strokes))
        start = time.thread_time()
        scores_message(explorer)
        taken.append(time.thread_time() - start)
    figures |= {"median": float(np.median(taken)), "p95": float(np.percentile(taken, 95))}
    return {key: round(1000 * value, 2) for key, value in figures.items()}


if __name__ == "__main__":
    print(json.dumps({name: measured(name) for name in nets.names()}))
