"""Links, files and embedding: the whole state for others."""

from __future__ import annotations

import param

from vizapp.explorer import Explorer
from vizapp.state import GROUPS, TABLE
from vizapp.views.component import Component

PANES = {
    "pad": "Drawing pad",
    "answer": "Answer",
    "seen": "What the network sees",
    "flat": "Flat plot",
    "scene": "3D scene",
    "edges": "Lenses and legend",
    "inspector": "Inspector",
    "timeline": "Timeline",
}
"""What a page in a frame can show, by its name in the address: `?embed=pad,answer,flat` (page/embed.js)."""


class Share(Component):
    """A dialog: copy a link, save, open, and what a link or file locks."""

    groups = param.List(doc="What can be locked: a title and the parameters that it stands for.")
    panes = param.List(doc="What can be embedded: name and title.")

    def __init__(self, explorer: Explorer, **params: object) -> None:
        groups = [
            {"title": title, "names": [entry.name for entry in TABLE if entry.group == group]}
            for group, title in GROUPS.items()
        ]
        panes = [{"name": name, "title": title} for name, title in PANES.items()]
        super().__init__(explorer, groups=groups, panes=panes, **params)
