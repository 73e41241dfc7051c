"""How a notebook shows a display: Panel's own ways, with all that it needs and nothing from elsewhere."""

from __future__ import annotations

import base64
import io
import sys
from importlib.util import find_spec
from typing import Any

import numpy as np
import panel as pn
from PIL import Image

from vizapp.explorer import Explorer
from vizapp.views.alone import WIDGETS, Display

NEEDED = (
    "To draw here, run the cell: what is displayed needs its kernel. If this sentence stays, run "
    "<code>import panel; panel.extension(inline=True)</code> in a cell of its own, and this cell again."
)
# Not while the display comes.
_LATE = (
    "<style>@keyframes vizapp-late { from { opacity: 0 } } "
    ".vizapp-still p { animation: vizapp-late 1s 5s both }</style>"
)
_carrier: str | None = None
"""The cell whose output has Panel's and Bokeh's JavaScript."""
_shown: dict[str, tuple[str, list[Display]]] = {}
"""What each cell displays, and by which of its runs."""


def show(display: Display, explorer: Explorer, include: Any = None, exclude: Any = None) -> Any:
    """The MIME bundle of a display. What the notebook's author has told Panel (`pn.extension`) stays as it is."""
    _load()
    _replace(display)
    if pn.config.comms in WIDGETS:
        return _widget(display)._repr_mimebundle_(include=include, exclude=exclude), {}
    bundle, metadata = display._repr_mimebundle_(include, exclude)
    bundle["text/html"] = still(display.still, explorer) + bundle["text/html"]
    return bundle, metadata


def still(name: str, explorer: Explorer) -> str:
    """What is seen where no kernel answers, as HTML: the drawing and the answer when it was displayed."""
    ink = Image.fromarray(np.uint8(np.round(255 * (1 - explorer.image))))
    data = io.BytesIO()
    ink.resize((112, 112), Image.Resampling.NEAREST).save(data, "PNG", optimize=True)
    said = in_words(explorer)
    picture = f"data:image/png;base64,{base64.b64encode(data.getvalue()).decode()}"
    image = f'<img alt="The drawing" src="{picture}" width="112" height="112">'
    return f'{_LATE}<div class="vizapp-still" id="{name}">{image}<p>{said} {NEEDED}</p></div>'


def in_words(explorer: Explorer) -> str:
    """The answer in a sentence."""
    network = explorer.network.upper()
    if explorer.prediction is None:
        return f"Nothing is drawn for {network}."
    share = 100 * float(explorer.trace.probabilities[0].max())
    return f"{network} says {explorer.prediction} with {share:.1f} %."


def _load() -> None:
    """Panel's and Bokeh's JavaScript, once; again in a cell that had it and is run again, and so would lose it."""
    global _carrier
    cell = _cell()
    if not pn.extension._loaded or (cell is not None and cell == _carrier):
        pn.extension(inline=True)
        _carrier = cell


def _replace(display: Display) -> None:
    """A cell that is run again shows no more what it showed: JupyterLab does not tell."""
    cell, run = _cell(), _of_cell("header", "msg_id")
    if cell is None or run is None:
        return
    before, displays = _shown.get(cell, (run, []))
    if before != run:
        for old in displays:
            for name in list(old._models):
                _, root, _, _ = pn.state._views.pop(name, (None, old._models[name][0], None, None))
                old._cleanup(root)
        displays = []
    _shown[cell] = run, [*displays, display]


def _cell() -> str | None:
    """Which cell runs, if the notebook tells."""
    return _of_cell("metadata", "cellId")


def _of_cell(part: str, name: str) -> str | None:
    """What the notebook said when it had the present cell run."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    try:
        return str(shell.kernel.get_parent()[part][name])
    except (AttributeError, KeyError, TypeError):
        return None


def _widget(display: Display) -> Any:
    """The display as an ipywidget: by jupyter_bokeh, through Panel.

    jupyter_bokeh would have a later message replace an earlier one while the kernel is busy: here each one counts.
    """
    if find_spec("jupyter_bokeh") is None:
        raise RuntimeError(
            f"Panel is told to use {pn.config.comms!r}, which needs the package jupyter_bokeh: install it, "
            "restart the kernel and reload the page; or leave out `comms` in pn.extension()."
        )
    widget = pn.ipywidget(display)
    widget.combine_events = False
    return widget
