"""Drawings that a page can name: the present one, those of the state, samples, digits, test images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vizapp.explorer import Explorer
from vizapp.inputs.digits import drawn_digits
from vizapp.inputs.reference import reference
from vizapp.inputs.samples import SAMPLES
from vizapp.state.drawing import Drawing
from vizapp.views import incoming
from vizapp.views.incoming import MessageError

SOURCES = ("present", "start", "end", "kept", "digit", "sample", "reference")


def drawing_named(explorer: Explorer, data: object) -> Drawing:
    """
    Raises:
        MessageError: if there is no such drawing, or it has no ink.
    """
    if not isinstance(data, Mapping):
        raise MessageError("An end of a morph is named by where it comes from.")
    source = incoming.choice(data, "source", SOURCES)
    drawing = _found(explorer, source, data)
    if drawing is None or not (drawing.strokes or drawing.image is not None):
        raise MessageError("There is nothing to start from or to end in: draw something first.")
    return Drawing(drawing.strokes, drawing.image)


def _found(explorer: Explorer, source: str, data: Mapping[str, Any]) -> Drawing | None:
    of_state = {
        "present": explorer.drawing,
        "start": explorer.start,
        "end": explorer.end,
        "kept": explorer.reference,
    }
    if source in of_state:
        found: Drawing | None = of_state[source]
        return found
    if source == "digit":
        return Drawing(drawn_digits()[incoming.whole(data, "index", 0, 9)])
    if source == "sample":
        return Drawing(tuple(SAMPLES[incoming.whole(data, "index", 0, len(SAMPLES) - 1)].strokes))
    images = reference()[0]
    index = incoming.whole(data, "index", 0, len(images) - 1)
    return Drawing(image=images[index].astype(np.float32) / 255)
