"""What the page is told of two sweeps crossed: the map, how far it is, and what can be crossed."""

from __future__ import annotations

from typing import Any

import numpy as np

from vizapp.analysis.grid import Grid
from vizapp.analysis.ranges import RANGES
from vizapp.analysis.regions import regions
from vizapp.analysis.sweep import Axis
from vizapp.crossing import WAY, Crossing, choices, stays
from vizapp.explorer import Explorer
from vizapp.views.crossing_picture import LEVELS, coded, palette
from vizapp.views.incoming import MessageError
from vizapp.views.sweeping import label

Message = dict[str, Any]

LEAST_ROOM = 1.5
"""Cells between the middle of a region and the next: where there is less room, its name is not written."""
LEAST_RUN = 5
"""Positions of a way with the same answer, the same."""
MAX_NAMES = 24
_WITHOUT = {
    "rotation": "rotation",
    "x": "the shift sideways",
    "y": "the shift up or down",
    "scale": "scaling",
    "width": "wider or thinner strokes",
    "noise": "noise",
    "hidden": "the hidden square",
}


def cross(explorer: Explorer, second: str | None) -> None:
    """Cross the sweep with a second axis, or with none any more; its position begins where it does nothing.

    Raises:
        MessageError: if it does not go with the sweep.
    """
    if second is not None:
        timeline = explorer.timeline
        if timeline is None:
            raise MessageError(
                "There is no sweep to cross with: put a morph or a range on the timeline first."
            )
        if second == timeline.kind:
            raise MessageError("A range is not crossed with itself: choose another one.")
        if second not in choices(timeline):
            raise MessageError("This sweep cannot be crossed with that: a range has no ways.")
    if second != explorer.crossed:
        explorer.cross(second)


def crossing_of(explorer: Explorer, fine: bool = True) -> Crossing | None:
    """What is to be shown; None if nothing is crossed, or with something that does not go with the sweep."""
    timeline, second = explorer.timeline, explorer.crossed
    if timeline is None or second is None or second not in choices(timeline) or timeline.problem:
        return None
    way = timeline.kind if timeline.range or second == WAY else timeline.taken(explorer.way)
    return Crossing(timeline, way, second, fine)


def state_message(explorer: Explorer, state: str, done: int = 0, total: int = 0) -> Message:
    """How far the map is: "none", "waiting" for the pen, "working", "done", "stopped" or "failed"."""
    timeline = explorer.timeline
    names = choices(timeline)
    return {
        "type": "crossing_state",
        "state": state,
        "second": explorer.crossed if explorer.crossed in names else None,
        "choices": [
            {"value": name, "label": "ways" if name == WAY else RANGES[name].axis.label} for name in names
        ],
        "problem": None if timeline is None else timeline.problem,
        "done": done,
        "total": total,
    }


def crossing_message(crossing: Crossing, network: str, grid: Grid, size: tuple[int, int]) -> Message:
    """The map as pixels, and every number behind it; for a worker thread.

    size: width and height of the picture, in pixels.
    """
    timeline = crossing.timeline
    pixels = coded(grid, timeline.bounds, crossing.bounds, *size)
    range_ = timeline.range
    return {
        "type": "crossing",
        "network": network,
        "kind": timeline.kind,
        "way": crossing.way,
        "fine": crossing.fine,
        "first": _axis(timeline.axis, timeline.bounds, range_.neutral if range_ else None),
        "second": _axis(crossing.axis, crossing.bounds, crossing.neutral),
        "names": [{"name": name, "label": label(name)} for name in crossing.names],
        "columns": grid.columns.astype(np.float32),
        "rows": grid.rows.astype(np.float32),
        "answers": grid.answers.astype(np.uint8).ravel(),
        "confidence": grid.confidence.astype(np.float32).ravel(),
        "margin": grid.margin.astype(np.float32).ravel(),
        "regions": _named(crossing, grid)[:MAX_NAMES],
        "sentence": sentence(crossing, grid),
        "width": size[0],
        "height": size[1],
        # The best way comes first, the largest number on top.
        "pixels": np.ascontiguousarray(pixels[::-1] if crossing.names else pixels).ravel(),
        "levels": LEVELS,
        "palette": palette(),
    }


def _named(crossing: Crossing, grid: Grid) -> list[Message]:
    """Where the name of an answer is written; ways are told apart, so each has its own names."""
    if crossing.second != WAY:
        found = [region for region in regions(grid.answers) if region.room >= LEAST_ROOM]
        return [{"answer": region.answer, "row": region.row, "column": region.column} for region in found]
    named = []
    for row, answers in enumerate(grid.answers):
        starts = np.flatnonzero(np.diff(answers, prepend=-1))
        for start, end in zip(starts, [*starts[1:], len(answers)], strict=True):
            if end - start >= LEAST_RUN:
                named.append(
                    {"answer": int(answers[start]), "row": row, "column": int((start + end - 1) // 2)}
                )
    return named


def sentence(crossing: Crossing, grid: Grid) -> str:
    """In what share of the rectangle the answer stays, and what that means."""
    share, kind = stays(crossing, grid), crossing.timeline.kind
    if crossing.second == WAY:
        if len(crossing.names) < 2:
            return "There is only one way."
        return f"All {len(crossing.names)} ways have the same answer {_part(share, 'of the morph')}."
    if crossing.timeline.range is None:
        without = _WITHOUT[crossing.second]
        return f"The answer is the same as without {without} {_part(share, 'of the rectangle')}."
    middle = [_nearest(grid.rows, crossing.neutral), _nearest(grid.columns, RANGES[kind].neutral)]
    return f"The answer stays {grid.answers[tuple(middle)]} {_part(share, 'of the rectangle')}."


def _part(share: float, whole: str) -> str:
    if share > 1 - 1e-9:
        return f"in all {whole}"
    return f"in {100 * share:.0f} % {whole}" if share < 0.995 else f"in {100 * share:.1f} % {whole}"


def _nearest(positions: Any, position: float | None) -> int:
    return int(np.abs(positions - (position or 0.0)).argmin())


def _axis(axis: Axis, bounds: tuple[float, float], neutral: float | None) -> Message:
    low, high = bounds
    return {
        "name": axis.name,
        "label": axis.label,
        "unit": axis.unit,
        "low": low,
        "high": high,
        "neutral": neutral,
    }
