"""In a notebook: an Explorer that displays itself, and takes and gives NumPy and pandas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn

from vizapp import explorer
from vizapp.inputs.samples import SAMPLES
from vizapp.state.drawing import Drawing
from vizapp.views.alone import PAGE, Display
from vizapp.views.answer import Answer
from vizapp.views.control import Control
from vizapp.views.flat import Flat
from vizapp.views.inspector import Inspector
from vizapp.views.lens import Lens
from vizapp.views.pad import Pad
from vizapp.views.readout import Readout
from vizapp.views.scene import Scene
from vizapp.views.search import Search
from vizapp.views.seen import Seen
from vizapp.views.showing import in_words, show
from vizapp.views.timeline import Timeline

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]

VIEW_HEIGHT = 460
"""Of the flat plot and of the scene, in CSS px."""


class Explorer(explorer.Explorer):
    """An `Explorer` for notebooks: the last line of a cell displays it, with every pane that a page has room for.

    Args:
        drawing: an image [28, 28] in 0..1, 1 being ink; a list of strokes, each [n, 2] in the pad's unit square,
            x to the right and y down; a `Drawing`; or None for a sample.

    Raises:
        InputError: if the drawing cannot be used.
    """

    def __init__(self, drawing: object = None, **values: Any) -> None:
        super().__init__(**values)
        if drawing is None:
            self.drawing = Drawing(tuple(SAMPLES[0].strokes), sample=True)
        else:
            self.take(drawing)
        self._undo.forget()

    def take(self, drawing: object) -> None:
        """Put an image, strokes or a `Drawing` on the pad, as for the class. InputError."""
        if isinstance(drawing, Drawing):
            self.drawing = drawing
        elif isinstance(drawing, np.ndarray) and drawing.shape == (28, 28):
            self.load_image(drawing)
        else:
            strokes = drawing if isinstance(drawing, Sequence) else [drawing]
            self.draw([one if isinstance(one, dict) else {"points": one} for one in strokes])

    @property
    def probabilities(self) -> pd.Series:
        """Of each class."""
        import pandas as pd

        return pd.Series(self.trace.probabilities[0], name="probability").rename_axis("class")

    def table(self, nodes: Sequence[int] | None = None) -> pd.DataFrame:
        """Pre-activation and activation of nodes, the selected ones unless others are given, a row each."""
        import pandas as pd

        chosen = list(self.selection if nodes is None else nodes)
        return pd.DataFrame(
            {
                "name": [self.net.node_name(node) for node in chosen],
                "pre_activation": self.trace.pre[0, chosen],
                "activation": self.trace.activation[0, chosen],
            },
            index=pd.Index(chosen, name="node"),
        )

    def panel(self) -> Display:
        """All panes, as a Panel object: for `.servable()`, or to be put among others."""
        style = {"stylesheets": [(PAGE / "display.css").read_text(encoding="utf-8")]}

        def group(
            kind: type[pn.layout.ListPanel], name: str, *panes: pn.viewable.Viewable
        ) -> pn.viewable.Viewable:
            return kind(*panes, css_classes=[name], sizing_mode="stretch_width", **style)

        high = {"height": VIEW_HEIGHT, "sizing_mode": "stretch_width"}
        seen = group(pn.Row, "sees", Seen(self, css_classes=["seen"]), Control(self, "normalise"))
        find = group(pn.Row, "find", Control(self, "network"), Search(self, css_classes=["search"]))
        views = group(pn.Row, "views", Flat(self, **high), Scene(self, **high))
        panes = (
            group(pn.Column, "input", Pad(self), group(pn.Column, "told", Answer(self), seen)),
            group(pn.Column, "network", find, views, Control(self, "lens"), Lens(self), Timeline(self)),
            group(pn.Column, "node", Readout(self), Inspector(self)),
        )
        return Display(self, group(pn.Column, "panes", *panes))

    def __repr__(self) -> str:
        return f"<Explorer: {in_words(self)}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return show(self.panel(), self, include, exclude)
