"""How long a map of two sweeps crossed takes the server: 31 × 31 inputs, drawn, answered and painted.

    python tests/views/bench_crossing.py

Prints medians over some runs, in milliseconds of the processor: what else the machine does counts little.
"""

from __future__ import annotations

import statistics
import time

from vizapp import nets
from vizapp.crossing import Crossing, joined
from vizapp.explorer import Explorer
from vizapp.inputs import SAMPLES
from vizapp.state.drawing import Drawing
from vizapp.views.crossing import crossing_message
from vizapp.views.topics.crossing import ROWS

RUNS = 3
SIZE = (340, 130)
CASES = (("rotation", "x"), ("noise", "hidden"), ("morph", "rotation"), ("morph", "way"))


def main() -> None:
    explorer = Explorer(drawing=Drawing(tuple(SAMPLES[0].strokes)))
    for kind, second in CASES:
        explorer.morph() if kind == "morph" else explorer.vary(kind)
        timeline = explorer.timeline
        assert timeline is not None
        found = {}
        for name in nets.names():
            network, times = nets.load(name), []
            for _ in range(RUNS + 1):
                began = time.process_time()
                crossing = Crossing(timeline, "strokes", second)
                parts = [crossing.part(network, row, ROWS) for row in range(0, len(crossing.rows), ROWS)]
                answered = time.process_time()
                crossing_message(crossing, name, joined(parts), SIZE)
                times.append((answered - began, time.process_time() - answered))
            # The first one compiles what Datashader needs.
            found[name] = [1000 * statistics.median(run) for run in zip(*times[1:], strict=True)]
        shape = f"{len(crossing.rows)} × {len(crossing.columns)}"
        texts = (f"{name} {inputs:.0f} + {picture:.0f} ms" for name, (inputs, picture) in found.items())
        print(f"{kind} × {second}, {shape} inputs + picture: {', '.join(texts)}")


if __name__ == "__main__":
    main()
