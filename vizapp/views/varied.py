"""What a range does to the drawing before the network sees it: in words, and as a picture to lay over the pad."""

from __future__ import annotations

from typing import Any

import numpy as np

from vizapp.analysis.ranges import RANGES
from vizapp.crossing import choices
from vizapp.explorer import Explorer
from vizapp.inputs import rendered
from vizapp.inputs.drawing import View

Message = dict[str, Any]

_WORDS = {
    "rotation": ("turned {}° counter-clockwise", "turned {}° clockwise"),
    "x": ("moved {} px to the right", "moved {} px to the left"),
    "y": ("moved {} px down", "moved {} px up"),
    "width": ("strokes {} px wider", "strokes {} px thinner"),
    "noise": ("with noise of {}", ""),
    "hidden": ("with {} px hidden", ""),
}
"""Of positions above and below zero."""


def settings_of(explorer: Explorer) -> dict[str, float]:
    """The ranges that the network's input went through, and how far; nothing if it is as it was drawn."""
    timeline, found = explorer.timeline, {}
    if timeline is None or explorer.cursor is None:
        return {}
    if timeline.range is not None:
        found[timeline.kind] = explorer.cursor
    second = explorer.crossed
    if second in RANGES and second in choices(timeline) and explorer.across is not None:
        found[second] = explorer.across
    return {
        name: min(max(at, RANGES[name].low), RANGES[name].high)
        for name, at in found.items()
        if at != RANGES[name].neutral
    }


def words(settings: dict[str, float]) -> str:
    """ "turned 20° clockwise and moved 3 px down"."""
    return " and ".join(_word(name, at) for name, at in settings.items())


def varied_message(explorer: Explorer) -> Message:
    """`words` is None while the network sees what was drawn, and then there is no picture.

    `image` uint8[784] is what it sees, `frame` left, top and side, on the pad whose side is 1, of where those pixels
    would be had nothing been done.
    """
    settings = settings_of(explorer)
    if not settings:
        return {"type": "varied", "words": None, "image": None, "frame": None}
    view = _view(explorer) or View(1.0, 0.0, 0.0)
    return {
        "type": "varied",
        "words": words(settings),
        "image": np.round(explorer.image * 255).astype(np.uint8).ravel(),
        "frame": [float(part) for part in view.frame],
    }


def _view(explorer: Explorer) -> View | None:
    """Where the frame lies before anything is done to what is in it."""
    timeline, drawing = explorer.timeline, explorer.drawing
    assert timeline is not None
    if timeline.range is not None:
        return timeline.variants.view
    if drawing.image is not None and explorer.cursor not in (0, 1):
        return None  # a frame of the morph, which is as large as the pad
    return rendered(drawing.strokes, explorer.normalise, drawing.image).view


def _word(name: str, at: float) -> str:
    if name == "scale":
        return f"scaled to {100 * at:.0f} %"
    return _WORDS[name][at < 0].format(f"{abs(at):.3g}")
