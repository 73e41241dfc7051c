"""What can be taken from a pane: the numbers behind it, and pictures of it."""

from __future__ import annotations

import param

from vizapp.explorer import Explorer
from vizapp.views.component import Component


class Actions(Component):
    """Buttons beside a pane: a table of its numbers, a picture of it as PNG or SVG."""

    pane = param.String(doc='The pane: "pad", "seen", "flat", "scene" or "inspector".')

    def __init__(self, explorer: Explorer, pane: str, **params: object) -> None:
        super().__init__(explorer, pane=pane, **params)
