"""What a state contains, in words: for whoever is about to share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vizapp.state.drawing import Drawing
from vizapp.state.table import GROUPS, TABLE

if TYPE_CHECKING:
    from vizapp.explorer import Explorer


def summary(explorer: Explorer, locked: list[str]) -> list[str]:
    """Short phrases, the most important first."""
    found = [f"network {explorer.network}", _drawn(explorer.drawing)]
    for count, one, many in (
        (len(explorer.selection), "selected node", "selected nodes"),
        (len(explorer.pins), "pinned node", "pinned nodes"),
        (len(explorer.hidden), "hidden layer", "hidden layers"),
    ):
        if count:
            found.append(f"{count:,} {one if count == 1 else many}")
    if explorer.reference is not None:
        found.append("reference drawing")
    if explorer.walk is not None:
        found.append(f"step {explorer.step + 1} of a walk")
    found.append("all settings")
    groups = {entry.group for entry in TABLE if entry.name in locked}
    words = [text.lower() for group, text in GROUPS.items() if group in groups]
    return [*found, f"locks: {', '.join(words)}"] if words else found


def _drawn(drawing: Drawing) -> str:
    strokes = len(drawing.strokes)
    counted = f"{strokes} stroke{'' if strokes == 1 else 's'}"
    if drawing.image is not None:
        return f"image with {counted}" if strokes else "image"
    return f"drawing of {counted}" if strokes else "empty pad"
