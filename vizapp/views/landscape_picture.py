"""Pictures of the map of the test images, made by Datashader.

An image is a dot in the pixel where it lies. Where dots meet, colours of classes are mixed by how many there are of
each; of entropies and margins the most ambiguous shows; errors lie on top. Datashader is imported at the first picture:
that, and what it compiles, take some seconds.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.landscape import Landscape
from vizapp.raster.viewport import Viewport
from vizapp.views.class_colours import CLASS_COLOURS
from vizapp.views.colours import palettes

COLOURS = ("class", "entropy", "margin", "error")
SPANS = {"entropy": (0.0, 2.0), "margin": (0.0, 6.0)}
"""Bits, and difference of logits: what the ends of the colours stand for. What is beyond has the colour of the end."""
MAX_PIXELS = 1_200_000
MAX_BYTES, MAX_KEPT = 24_000_000, 1000
"""Of all pictures that are kept: their bytes, and how many of however few bytes."""
_FAINTEST = 150
"""Opacity, of 255, where one image lies and elsewhere many do."""
_QUIET = {"light": "#8d99a5", "dark": "#6b7884"}
_ERROR = {"light": "#9d174d", "dark": "#ffa3bd"}
_REST = {"light": "#d5dae0", "dark": "#333c46"}
_EDGE = 56
"""The first of the 256 steps of the sequential colours that is told from the page."""


@dataclass(frozen=True)
class MapPicture:
    """`png`: bytes of a file, transparent where no image is. `shown`: images in sight, of the wanted class if any."""

    png: bytes
    shown: int


@dataclass(frozen=True)
class Wanted:
    """What a picture is of. `of`: only images of this class are coloured, the others are grey; None: all are."""

    view: Viewport
    colour: str
    theme: str
    of: int | None = None


def counts(landscape: Landscape, view: Viewport, of: int | None = None) -> NDArray[np.int64]:
    """Datashader's own aggregate: how many images of each class lie in each pixel, int64[height, width, 10]."""
    import datashader

    found = _canvas(view).points(_rows(landscape, of), "x", "y", datashader.count_cat("label"))
    return np.asarray(found, np.int64)


def picture(landscape: Landscape, wanted: Wanted) -> MapPicture:
    """5 to 60 ms, for a worker thread; remembered, for all sessions of the process."""
    key = landscape, wanted
    with _lock:
        if key in _pictures:
            _pictures.move_to_end(key)
            return _pictures[key]
    made = _picture(landscape, wanted)
    with _lock:
        _compiled.add(wanted.colour)
        _pictures[key] = made
        while len(_pictures) > MAX_KEPT or sum(len(kept.png) for kept in _pictures.values()) > MAX_BYTES:
            _pictures.popitem(last=False)
    return made


def compiled(colour: str) -> bool:
    """Whether there was a picture in such colours before: the first one takes seconds."""
    return colour in _compiled


def legend(colour: str) -> dict[str, list[str]]:
    """By theme the colours of a map: ten of classes, 16 steps from the least to the most, or right and wrong."""
    return {theme: list(_colours(colour, theme)) for theme in ("light", "dark")}


@cache
def _colours(colour: str, theme: str) -> tuple[str, ...]:
    if colour == "class":
        return CLASS_COLOURS[theme]
    if colour == "error":
        return _QUIET[theme], _ERROR[theme]
    table = palettes()[theme].reshape(2, 256, 4)[0, :, :3]
    steps = ["#{:02x}{:02x}{:02x}".format(*table[i]) for i in np.linspace(_EDGE, 255, 16).round().astype(int)]
    # The ambiguous stand out: of entropies the large ones, of margins the small.
    return tuple(steps if colour == "entropy" else steps[::-1])


def _picture(landscape: Landscape, wanted: Wanted) -> MapPicture:
    from datashader import transfer_functions as tf

    view, of = wanted.view, wanted.of
    rows = _rows(landscape, of)
    shown = int(_canvas(view).points(rows, "x", "y").sum())
    px = _dot(view, shown)
    layers = [_layer(rows, wanted, px)]
    if of is not None:
        others = _canvas(view).points(_others(landscape, of), "x", "y")
        rest = _REST[wanted.theme]
        layers.insert(0, tf.spread(tf.shade(others, cmap=[rest, rest], min_alpha=255), px=px))
    image = layers[0] if len(layers) == 1 else tf.stack(*layers)
    return MapPicture(image.to_bytesio().getvalue(), shown)


def _layer(rows: Any, wanted: Wanted, px: int) -> Any:
    import datashader
    from datashader import transfer_functions as tf

    canvas, colours = _canvas(wanted.view), list(_colours(wanted.colour, wanted.theme))
    if wanted.colour == "class":
        amounts = canvas.points(rows, "x", "y", datashader.count_cat("label"))
        # What lies beneath is not to shine through.
        faintest = _FAINTEST if wanted.of is None else 255
        return tf.spread(tf.shade(amounts, color_key=colours, how="linear", min_alpha=faintest), px=px)
    if wanted.colour == "error":
        # Errors are the larger dots, too: colour alone would not tell everybody.
        right, wrong = (
            tf.spread(
                tf.shade(canvas.points(rows[rows.error == found], "x", "y"), cmap=[one, one], min_alpha=255),
                px=px + found,
            )
            for found, one in zip((False, True), colours, strict=True)
        )
        return tf.stack(right, wrong)
    # Spread before they are shaded, or a dot would lie on a more ambiguous one beside it.
    most, how = (datashader.max, "max") if wanted.colour == "entropy" else (datashader.min, "min")
    values = tf.spread(canvas.points(rows, "x", "y", most(wanted.colour)), px=px, how=how)
    return tf.shade(values, cmap=colours, how="linear", span=SPANS[wanted.colour], min_alpha=255)


def _dot(view: Viewport, shown: int) -> int:
    """How far around its pixel a dot is spread: larger where there are few, and on finer screens."""
    crowd = shown / view.pixels
    return 1 + (crowd < 0.04) + (crowd < 0.008) + (crowd < 0.0015) + (crowd < 0.0003)


def _canvas(view: Viewport) -> Any:
    import datashader

    ranges = (view.x0, view.x1), (view.y0, view.y1)
    return datashader.Canvas(view.width, view.height, x_range=ranges[0], y_range=ranges[1])


def _rows(landscape: Landscape, of: int | None) -> Any:
    table = _table(landscape)
    return table if of is None else table[landscape.label == of]


def _others(landscape: Landscape, of: int) -> Any:
    return _table(landscape)[landscape.label != of]


def _table(landscape: Landscape) -> Any:
    import pandas as pd  # type: ignore[import-untyped]

    with _lock:
        if landscape not in _tables:
            _tables[landscape] = pd.DataFrame(
                {
                    "x": landscape.position[:, 0],
                    "y": landscape.position[:, 1],
                    "label": pd.Categorical(landscape.label, categories=range(10)),
                    "entropy": landscape.entropy,
                    "margin": landscape.margin,
                    "error": landscape.error,
                }
            )
        return _tables[landscape]


_lock = threading.Lock()
_tables: WeakKeyDictionary[Landscape, Any] = WeakKeyDictionary()
_pictures: OrderedDict[tuple[Landscape, Wanted], MapPicture] = OrderedDict()
_compiled: set[str] = set()
