"""How sure the network is of the present answer, and what that is worth."""

from __future__ import annotations

import param

from vizapp.explorer import Explorer
from vizapp.parameters import COVERAGES
from vizapp.views.component import Component


class Hesitation(Component):
    """Scores of the present answer and what they are held against; asked for while they are seen."""

    levels = param.List(doc="What prediction sets can be asked to cover.")

    def __init__(self, explorer: Explorer, **params: object) -> None:
        super().__init__(explorer, levels=list(COVERAGES), **params)
