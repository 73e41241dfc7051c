"""How edges are coded for the page: a byte a pixel, a byte a line, and the words that go with them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vizapp.raster.edges import EdgeSet, strongest
from vizapp.raster.shade import Transfer, scale_for
from vizapp.raster.viewport import Viewport
from vizapp.views.colours import HUES, TONES
from vizapp.views.edge_values import Answer, Question

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

TRANSFERS: dict[str, Transfer] = {
    "equalised": "eq_hist",
    "square root": "sqrt",
    "logarithm": "log",
    "linear": "linear",
}
"""Words of the page for how sums become tones."""
SCENE_EDGES = 2000
"""Edges in the 3D scene unless the person asks for another number."""
MAX_SCENE_EDGES = 20_000


@dataclass(frozen=True, eq=False)
class EdgeImage:
    """A coded picture, uint8[rows, cols], row 0 at the bottom: 0 is nothing, else 1 + tone * HUES + hue.

    It covers all of `viewport`, which may have more pixels. `bar`: the sums (shares, or counts) at 0, 20 … 100 %
    of the colour bar. `lit` uint8[784] or None: what the lens says of the input's pixels, 128 being nothing.
    """

    pixels: Bytes
    viewport: Viewport
    bar: list[float]
    lit: Bytes | None = None


@dataclass(frozen=True, eq=False)
class EdgeDetail:
    """What comes with an exact picture.

    The strongest edges one by one, the weakest first: nodes uint16[k] at both ends, and a code each as in
    EdgeImage. `note`: a sentence with the numbers of a split logit, or None. `frame`: left, top and side of the
    28×28 pixels on the pad, whose side is 1, where pixels are lit.
    """

    source: NDArray[np.uint16]
    target: NDArray[np.uint16]
    code: Bytes
    note: str | None = None
    frame: tuple[float, float, float] | None = None


def coded(
    first: Floats, second: Floats, viewport: Viewport, transfer: str, lit: Bytes | None = None
) -> EdgeImage:
    """Strength and balance of two sums, float32[rows, cols] each, in one byte a pixel.

    Strength is their sum. Equalised, half of the inked pixels get the lower half of the tones, on every input.
    """
    strength = first + second
    scale = scale_for(strength, transfer=TRANSFERS[transfer])
    codes = _codes(scale.share(strength), _balance(second, strength))
    return EdgeImage(codes, viewport, [float(v) for v in scale.value(np.linspace(0, 1, 6))], lit)


def shrunk(first: Floats, second: Floats, rows: int, cols: int) -> tuple[Floats, Floats]:
    """Both sums with fewer pixels: the greatest strength of each block, at the block's balance.

    For pictures of few lines, which a mean would make fainter.
    """
    strength = first + second
    share = _balance(_blocks(second, rows, cols, np.add), _blocks(strength, rows, cols, np.add))
    greatest = _blocks(strength, rows, cols, np.maximum)
    return greatest * (1 - share), greatest * share


def _blocks(image: Floats, rows: int, cols: int, function: np.ufunc) -> Floats:
    height, width = image.shape
    across = function.reduceat(image, np.arange(rows) * height // rows, axis=0)
    return np.asarray(function.reduceat(across, np.arange(cols) * width // cols, axis=1))


def scene_lines(
    edges: EdgeSet, found: Answer, layers: NDArray[np.int64] | None
) -> tuple[NDArray[np.uint16], NDArray[np.uint16], Bytes]:
    """Ends and codes of the strongest edges, at most as many as one draw call takes.

    `layers`, the first node of each: take equally many edges out of every layer. Where few edges carry a layer's
    flow each has a large share of it, and the strongest of all would be theirs alone.
    """
    strength = found.strength if layers is None else _evenly(edges, found.strength, layers)
    chosen = strongest(strength, MAX_SCENE_EDGES)[::-1]
    # Tones by rank, as the raster's: shares differ by orders of magnitude from layer to layer.
    rank = np.arange(1, len(chosen) + 1) / max(1, len(chosen))
    second = found.second[chosen]
    codes = _codes(rank, _balance(second, found.first[chosen] + second))
    return edges.source[chosen].astype(np.uint16), edges.target[chosen].astype(np.uint16), codes


def _evenly(edges: EdgeSet, strength: Floats, layers: NDArray[np.int64]) -> Floats:
    kept = np.zeros_like(strength)
    bounds = np.searchsorted(edges.source, layers)
    filled = [(start, stop) for start, stop in pairwise(bounds.tolist()) if stop > start]
    for start, stop in filled:
        chosen = start + strongest(strength[start:stop], SCENE_EDGES // len(filled))
        kept[chosen] = strength[chosen]
    return kept


def _balance(second: Floats, strength: Floats) -> Floats:
    """The second's part of the strength, 0..1."""
    return np.divide(second, strength, out=np.zeros_like(second), where=strength > 0)


def _codes(share: NDArray[np.floating], balance: Floats) -> Bytes:
    tone = np.ceil(share * TONES)
    hue = np.clip(np.rint(balance * (HUES - 1)), 0, HUES - 1)
    return np.where(tone > 0, 1 + (tone - 1) * HUES + hue, 0).astype(np.uint8)


def lit_pixels(found: Answer) -> Bytes | None:
    """What is said of the input's pixels: 128 is nothing, 255 and 1 the most for and against; None if nothing is."""
    split = found.lens.split
    if found.traced is not None:
        values = found.traced.pixels
    elif split:
        values = split[0].pixels - split[1].pixels if len(split) > 1 else split[0].pixels
    else:
        return None
    peak = float(np.abs(values).max()) or 1.0
    return np.rint(128 + 127 * values / peak).astype(np.uint8).ravel()


def words(question: Question, found: Answer) -> str | None:
    """Where the evidence went: the numbers that add up to the logit."""
    traced = found.traced
    if traced is not None:
        name, value = question.network.node_name(traced.node), traced.relevance.start
        if not len(traced.source):
            return f"Nothing flows into {name}."
        fit = ", as many as fit," if traced.truncated else ""
        count = f"{len(traced.source):,} edges{fit}"
        return (
            f"{name} ({value:.2f}): {count} keep {traced.share:.0%} of it at every node down to the pixels."
        )
    notes = []
    for digit, split in zip(question.classes, found.lens.split, strict=False):
        bias, epsilon = (float(part.sum()) for part in split.absorbed)
        notes.append(
            f"Logit {digit} {split.start:.2f} = {split.arrived:.2f} pixels {bias:+.2f} biases {epsilon:+.2f} ε"
            f" (residual {split.residual - bias - epsilon:.0e})."
        )
    return " ".join(notes).replace("-", "−") or None
