"""Every edge at once: sums of edge values per pixel, equal to Datashader's, at the speed of a pen.

`EdgeSet` (what) and `Viewport` (where) make an `Operator` (node values to pixels; shared through the
`OperatorCache`) or `Direct` lines (values per edge); a session's `Picture` chooses between them. `shade`
makes levels of the sums, `edges_near` finds the edges under the pointer.
"""

from vizapp.raster.cache import OperatorCache
from vizapp.raster.direct import Direct
from vizapp.raster.edges import EdgeSet, Kind, Sign, strongest
from vizapp.raster.frame import Frame
from vizapp.raster.hit import edges_near
from vizapp.raster.operators import Cancelled, Operator
from vizapp.raster.picture import Picture
from vizapp.raster.shade import TRANSFERS, Scale, Transfer, parts, reduced, scale_for, shade, shade_signed
from vizapp.raster.viewport import Viewport
from vizapp.raster.warm import warm_up

__all__ = [
    "TRANSFERS",
    "Cancelled",
    "Direct",
    "EdgeSet",
    "Frame",
    "Kind",
    "Operator",
    "OperatorCache",
    "Picture",
    "Scale",
    "Sign",
    "Transfer",
    "Viewport",
    "edges_near",
    "parts",
    "reduced",
    "scale_for",
    "shade",
    "shade_signed",
    "strongest",
    "warm_up",
]
