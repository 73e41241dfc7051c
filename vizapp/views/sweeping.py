"""What the page is told of a sweep: its ends and ways, its curves, where the cursor is."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from vizapp.analysis import curve
from vizapp.analysis.ranges import robust_interval
from vizapp.analysis.sweep import Sweep
from vizapp.explorer import Explorer
from vizapp.inputs.path import Path
from vizapp.inputs.reference import reference
from vizapp.nets.network import Network
from vizapp.timeline import HAND, Timeline

Message = dict[str, Any]

STRIP = 9
"""Pictures of what lies along a sweep."""

LABELS = {
    "strokes": ("strokes", "Pen strokes move into each other: every frame could have been written by hand."),
    "transport": ("transport", "Ink moves to its place by the shortest way."),
    "distance": ("distance field", "The edges of the ink move."),
    "blend": ("blend", "Pixels fade into each other: the baseline."),
    "hand": ("by hand", "The strokes that were drawn and erased, one after the other."),
}


def timeline_message(explorer: Explorer, turn: int) -> Message:
    """What is on the timeline; `kind` is None while nothing is, and then the rest is not there.

    `turn` counts the timelines of a session; `problem` says in a sentence why there are no curves.
    """
    timeline = explorer.timeline
    if timeline is None:
        return {"type": "timeline", "kind": None, "turn": turn}
    problem = timeline.problem
    ways = timeline.ways if problem is None else ()
    start, end = _ends(timeline)
    axis, (low, high) = timeline.axis, timeline.bounds
    return {
        "type": "timeline",
        "kind": timeline.kind,
        "turn": turn,
        "axis": {"name": axis.name, "label": axis.label, "unit": axis.unit},
        "low": low,
        "high": high,
        "neutral": None if timeline.range is None else timeline.range.neutral,
        "ways": [{"name": name, "label": label(name), "about": about(name)} for name in ways],
        "start": start,
        "end": end,
        "steps": _steps(timeline) if problem is None else [],
        "problem": problem,
    }


def label(way: str) -> str:
    return LABELS.get(way, (way, ""))[0]


def about(way: str) -> str:
    return LABELS.get(way, ("", ""))[1]


def cursor_message(explorer: Explorer, ack: int = 0) -> Message:
    """Where the cursor is; `position` is None while the drawing is not on the sweep."""
    timeline = explorer.timeline
    way = explorer.way
    if timeline is not None and timeline.problem is None:
        way = timeline.taken(way)
    return {
        "type": "cursor",
        "ack": ack,
        "position": explorer.cursor,
        "across": explorer.across,
        "way": way,
    }


def curve_message(
    timeline: Timeline, way: str, network: Network, pair: tuple[int, int] | None, exact: bool
) -> Message:
    """The curve of one way for one network. Costs 64 inputs, and as many again where it is `exact`: then what
    lies between the rows is looked for by bisection, and reference images along the way are.

    pair: the two classes that are read out, or None: the answers at both ends; of a range the answer where it does
        nothing, and the class that comes nearest to it.

    Raises:
        InputError: if there is no way.
    """
    sweep = timeline.kept(network, way)
    neutral = None if timeline.range is None else sweep.nearest(timeline.range.neutral)
    a, b = pair or (ends_of(sweep) if neutral is None else rivals(sweep, neutral))
    evaluate = None
    if exact and timeline.range is None:
        evaluate = curve.evaluation(network, timeline.way(way))
    found = curve.readouts(sweep, a, b, evaluate=evaluate)
    interval = None if neutral is None else asdict(robust_interval(sweep, neutral))
    return {
        "type": "curve",
        "way": way,
        "label": label(way),
        "network": network.name,
        "exact": exact,
        "positions": sweep.positions.astype(np.float32),
        "probabilities": np.ascontiguousarray(sweep.probabilities, np.float32).ravel(),
        "margin": sweep.margin.astype(np.float32),
        "entropy": sweep.entropy.astype(np.float32),
        "answers": sweep.answers.astype(np.uint8),
        "readouts": {**asdict(found), "flips": found.flips},
        "interval": interval,
        "strip": _strip(sweep),
        "nearest": _nearest(sweep) if exact else None,
    }


def ends_of(sweep: Sweep) -> tuple[int, int]:
    """The answers at both ends; if they are the same, the other class that comes nearest to it on the way."""
    first, last = int(sweep.answers[0]), int(sweep.answers[-1])
    return (first, last) if first != last else rivals(sweep, 0)


def rivals(sweep: Sweep, row: int) -> tuple[int, int]:
    """The answer of a row, and the other class that becomes most probable somewhere."""
    answer = int(sweep.answers[row])
    others = sweep.probabilities.max(axis=0)
    return answer, next(int(label) for label in np.argsort(-others, kind="stable") if label != answer)


def _strip(sweep: Sweep) -> Message:
    """Some of the inputs, evenly spaced, as uint8[n * 784]."""
    rows = np.unique(np.linspace(0, len(sweep) - 1, STRIP).round().astype(np.intp))
    images = np.round(sweep.images[rows] * 255).astype(np.uint8)
    return {"positions": sweep.positions[rows].astype(np.float32), "images": images.ravel()}


def _steps(timeline: Timeline) -> list[float]:
    """Where each stroke of a way by hand begins."""
    way = None if timeline.kind != HAND else timeline.way(HAND)
    found: list[float] = way.steps[:-1].tolist() if isinstance(way, Path) else []
    return found


def _nearest(sweep: Sweep) -> Message:
    """The reference image that each input is nearest to, its distance, and how strange the input is, 0 to 100.

    `picture` says which of `pictures`, uint8[n * 784], the image is.
    """
    closest = curve.nearest(sweep)
    label = closest.distance.argmin(axis=1)
    rows = np.arange(len(label))
    image = closest.image[rows, label]
    different, which = np.unique(image, return_inverse=True)
    return {
        "image": image.astype(np.uint32),
        "picture": which.astype(np.uint8),
        "pictures": reference()[0][different].ravel(),
        "label": label.astype(np.uint8),
        "distance": closest.distance[rows, label].astype(np.float32),
        "strangeness": closest.strangeness.astype(np.float32),
    }


def _ends(timeline: Timeline) -> list[Message | None]:
    """Both ends as thumbnails uint8[784]; None for each that there is not."""
    if timeline.start is None or timeline.end is None:
        return [None, None]
    return [
        {"image": np.round(picture * 255).astype(np.uint8).ravel(), "drawn": drawing.image is None}
        for drawing, picture in zip((timeline.start, timeline.end), timeline.pictures, strict=True)
    ]
