"""What the networks make of the first sample drawing."""

from __future__ import annotations

from functools import cache

from vizapp import nets
from vizapp.inputs import SAMPLES, drawing_to_input
from vizapp.nets import Trace


@cache
def trace(name: str) -> Trace:
    return nets.load(name).forward(drawing_to_input(SAMPLES[0].strokes))
