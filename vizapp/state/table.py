"""What a session's state consists of: one entry for each of the Explorer's parameters that is part of it.

Documents, links, undo, locks and the page's controls all follow from this table. To add a parameter, add an entry:
with a key that no entry ever had, and with what its absence means in documents and links from before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vizapp.inputs.morphs import WAYS
from vizapp.state.codecs import Choice, Codec, Fixed, Flag, LayerNames, Real, Share, TargetLayer, Whole
from vizapp.state.ink import Ink
from vizapp.state.nodes import Node, Nodes

ALL_LAYERS = "all layers"


class _Required:
    """Not absent from any document or link."""


REQUIRED = _Required()


@dataclass(frozen=True)
class Entry:
    """One parameter of the Explorer.

    name: the parameter's, and the entry's in documents.
    key: its name in links. Never changed, never used again.
    words: what it is called where changes of it are undone.
    group: what it is locked together with, one of `GROUPS`; None: cannot be locked.
    absent: what documents and links meant that do not have it, in JSON; REQUIRED if there never were any.
    undoable: changing it is a step that can be undone. If not, it says where one looks; it comes back with what
        changed it, as the network does.
    merges: several changes in a row are one step: a slider, a player.
    control: a control of the page may set it.
    lens: it says which edges are shown and how, whatever is selected.
    edges: it has a say in which edges are shown and how.
    """

    name: str
    key: str
    codec: Codec
    words: str
    group: str | None
    absent: Any = REQUIRED
    undoable: bool = True
    merges: bool = False
    control: bool = False
    lens: bool = False
    edges: bool = False


GROUPS = {
    "drawing": "The drawing",
    "network": "The network",
    "view": "Views and colours",
    "edges": "What the edges show",
    "nodes": "Selected and pinned nodes",
    "comparison": "The reference drawing",
    "walk": "Stepping through",
    "sweep": "Morphs and sweeps",
}
"""What can be locked, and in which words."""

TABLE = (
    # The network comes first: what follows is checked against its layers and nodes.
    Entry("network", "n", Choice(), "network", "network", control=True, edges=True),
    Entry("drawing", "d", Ink(), "drawing", "drawing"),
    Entry("normalise", "f", Flag(), "fit and centre", "drawing", True, control=True),
    Entry("scale", "c", Choice(), "colours", "view", "layer", control=True),
    Entry("panes", "p", Choice(), "panes", "view", "both", control=True),
    Entry("lens", "l", Choice(), "lens", "edges", "contribution", control=True, lens=True),
    Entry("for_class", "a", Whole(), "class", "edges", None, control=True, lens=True),
    Entry("against_class", "b", Whole(), "class against it", "edges", None, control=True, lens=True),
    Entry("transfer", "t", Choice(), "tones", "edges", "equalised", control=True, lens=True),
    Entry("into", "i", TargetLayer(ALL_LAYERS), "layer", "edges", ALL_LAYERS, control=True, lens=True),
    Entry("sign", "g", Choice(), "sign", "edges", "both", control=True, lens=True),
    Entry("strongest", "m", Whole(), "number of edges", "edges", 0, merges=True, control=True, lens=True),
    Entry("touching", "u", Flag(), "touching the selection", "edges", False, control=True, edges=True),
    Entry("tracing", "r", Flag(), "trace back", "edges", False, control=True, edges=True),
    Entry("kept", "k", Share(), "share of the evidence", "edges", 0.8, merges=True, control=True, edges=True),
    Entry("hidden", "h", LayerNames(), "layers shown", "view", [], control=True, edges=True),
    Entry("selection", "s", Nodes(), "selection", "nodes", [], edges=True),
    Entry("pins", "q", Nodes(), "pins", "nodes", []),
    Entry("reference", "e", Ink(), "reference drawing", "comparison", None),
    Entry("difference", "x", Flag(), "difference", "comparison", False, control=True),
    Entry("walk", "w", Choice(), "walk", "walk", None, undoable=False),
    Entry("walk_node", "j", Node(), "walk", "walk", None, undoable=False),
    Entry("step", "z", Whole(), "step", "walk", 0, undoable=False),
    Entry("sweep", "S", Choice(), "sweep", "sweep", None),
    Entry("start", "A", Ink(), "start of the morph", "sweep", None),
    Entry("end", "B", Ink(), "end of the morph", "sweep", None),
    Entry("way", "W", Choice(), "way", "sweep", "strokes", undoable=False),
    Entry("ways", "V", Fixed(), "ways", "sweep", list(WAYS), control=True),
    Entry("cursor", "T", Real(), "position", "sweep", None, undoable=False),
    Entry("overlay", "N", Flag(), "both networks", "sweep", False, control=True),
    Entry("crossed", "C", Choice(), "crossed sweep", "sweep", None, control=True),
    Entry("across", "U", Real(), "position", "sweep", None, undoable=False),
    Entry("chart", "Y", Choice(), "chart", "view", "read-outs", undoable=False, control=True),
    Entry("aside", "Z", Choice(), "column", "view", "node", undoable=False, control=True),
    Entry("coverage", "L", Choice(), "coverage", "view", "99.8 %", control=True),
    Entry("pad_shows", "P", Choice(), "picture on the pad", "view", "drawing", control=True),
    Entry("projection", "M", Choice(), "projection", "view", "pca", control=True),
    Entry("map_colour", "Q", Choice(), "colours of the map", "view", "class", control=True),
    Entry("locked", "o", Fixed(), "locks", None, []),
)

ENTRIES = {entry.name: entry for entry in TABLE}
CONTROLS = tuple(entry.name for entry in TABLE if entry.control)
"""Parameters that a page's controls may set."""
LENS_SETTINGS = tuple(entry.name for entry in TABLE if entry.lens)
EDGE_SETTINGS = frozenset(entry.name for entry in TABLE if entry.lens or entry.edges)
LOCKABLE = tuple(entry.name for entry in TABLE if entry.group is not None)
