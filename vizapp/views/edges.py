"""The raster of all edges under the flat plot's cells, for one session.

While the pen moves the picture has fewer pixels and follows by the changed nodes only; when it rests the exact one
replaces it, made in a worker thread. Every picture's tones are scaled by itself, so that structure shows on every
input, and comes with its own numbers for the colour bar.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vizapp import nets
from vizapp.analysis.lenses import follows_drawing
from vizapp.explorer import Explorer
from vizapp.nets.layout import load_layout
from vizapp.raster.cache import OperatorCache
from vizapp.raster.edges import EdgeSet, Kind
from vizapp.raster.hit import edges_near
from vizapp.raster.picture import Picture
from vizapp.raster.shade import parts
from vizapp.raster.viewport import Viewport
from vizapp.raster.warm import warm_up
from vizapp.views.edge_codes import EdgeDetail, EdgeImage, coded, lit_pixels, scene_lines, shrunk, words
from vizapp.views.edge_values import Question, answer, edge_set, edges_shown, typical

Floats = NDArray[np.float32]

MOVING_PIXELS = 86_000
"""Of the picture while the pen moves: with a byte for each node it stays below 100 kB, before any compression."""

CACHE = OperatorCache()
KINDS: tuple[Kind, Kind] = ("magnitude", "signed")


@cache
def warm() -> Future[None]:
    """Done once the kernels are compiled, which takes seconds on a machine's first start; begins at the first call."""
    return ThreadPoolExecutor(1, "vizapp-warm-up").submit(_warm)


def _warm() -> None:
    warm_up()
    # What all sessions share, and none should wait for.
    for name in nets.names():
        network = nets.load(name)
        _ = edge_set(network, load_layout(network)).key, typical(network)


class EdgeRaster:
    """Pictures of a session's edges through its lens and filters, at the place it looks at."""

    def __init__(self, explorer: Explorer, cache: OperatorCache = CACHE) -> None:
        self._explorer, self._cache = explorer, cache
        owner = object()
        self._pictures = {kind: Picture(cache, owner) for kind in KINDS}
        self._looked_at: tuple[EdgeSet, Viewport] | None = None
        self._bars = _Bars()
        self.viewport: Viewport | None = None

    def close(self) -> None:
        """The session is over: give up what has been asked for."""
        self.viewport = None
        for picture in self._pictures.values():
            picture.close()

    @property
    def ready(self) -> bool:
        """Whether there can be a picture: the page has told where it looks, and the kernels are compiled."""
        return self.viewport is not None and warm().done()

    @property
    def follows_drawing(self) -> bool:
        """Whether another drawing makes another picture."""
        explorer = self._explorer
        return follows_drawing(explorer.lens) or (explorer.tracing and bool(explorer.selection))

    def moving(self) -> EdgeImage | None:
        """The quick picture, of fewer pixels; None if not `ready`."""
        if self.viewport is None or not warm().done():
            return None
        question, viewport, transfer = Question.of(self._explorer), self.viewport, self._explorer.transfer
        sums, lit = self._moving(question, viewport)
        image = coded(*sums, viewport, transfer, lit)
        return replace(image, bar=self._bars.moving(_looked_at(question, viewport, transfer), image.bar))

    def resting(self) -> Callable[[], tuple[EdgeImage, EdgeDetail]] | None:
        """A job for a worker thread, up to 0.1 s: the exact picture and its details; None if not `ready`."""
        if self.viewport is None or not warm().done():
            return None
        explorer, viewport, question = self._explorer, self.viewport, Question.of(self._explorer)
        view, transfer = explorer.rendered.view, explorer.transfer
        learn = self._bars.resting(_looked_at(question, viewport, transfer))

        def job() -> tuple[EdgeImage, EdgeDetail]:
            found, edges = answer(question), question.edges
            direct = self._cache.direct(edges, viewport, "signed")
            lit = lit_pixels(found)
            image = coded(direct.draw(found.first), direct.draw(found.second), viewport, transfer, lit)
            learn(image.bar)
            layers = question.network.offsets if question.whole else None
            frame = None if lit is None or view is None else view.frame
            return image, EdgeDetail(*scene_lines(edges, found, layers), words(question, found), frame)

        return job

    def near(self, x: float, y: float, limit: int = 5) -> list[tuple[int, int, float, float, float]]:
        """The strongest edges within two pixels of a place: source, target, weight and the two values."""
        if self.viewport is None or not warm().done():
            return []
        question = Question.of(self._explorer)
        edges, found = question.edges, answer(question)
        reach = (2 * self.viewport.unit_x, 2 * self.viewport.unit_y)
        columns = (edges.source, edges.target, edges.weight, found.first, found.second)
        return [
            (int(s), int(t), float(w), float(a), float(b))
            for e in edges_near(edges, found.strength, x, y, reach, limit)
            for s, t, w, a, b in [[column[e] for column in columns]]
        ]

    def _moving(
        self, question: Question, viewport: Viewport
    ) -> tuple[tuple[Floats, Floats], NDArray[np.uint8] | None]:
        factor = max(2, math.sqrt(viewport.pixels / MOVING_PIXELS))
        coarse, edges = viewport.coarse(factor), question.edges
        fine = self._cache.direct(edges, viewport, "signed")
        # Where few lines overlap, a mean over pixels would only make them fainter.
        if question.whole and fine.length > viewport.pixels:
            lens = question.edge_lens()
            if lens.per_node:
                return _divided(self._by_nodes(edges, lens.first.source, coarse), factor), None
        found = answer(question)
        lit = lit_pixels(found)
        if fine.length * (np.count_nonzero(found.strength) / max(1, len(edges))) <= viewport.pixels:
            sums = fine.draw(found.first), fine.draw(found.second)
            return shrunk(*sums, coarse.height, coarse.width), lit
        direct = self._cache.direct(edges, coarse, "signed")
        return _divided((direct.draw(found.first), direct.draw(found.second)), factor), lit

    def _by_nodes(self, edges: EdgeSet, source: Floats, viewport: Viewport) -> tuple[Floats, Floats]:
        """Sums of the negative and of the positive values per pixel, through the viewport's operators."""
        if self._looked_at != (edges, viewport):
            self._looked_at = (edges, viewport)
            for kind, picture in self._pictures.items():
                picture.look_at(edges, viewport, kind)
        magnitude, signed = (self._pictures[kind].moving(source) for kind in KINDS)
        if magnitude.shape != signed.shape:
            # One operator is ready and the other is not: both the slower way, once.
            magnitude, signed = (self._pictures[kind].resting(source) for kind in KINDS)
        positive, negative = parts(magnitude, signed)
        return negative, positive


def _divided(sums: tuple[Floats, Floats], factor: float) -> tuple[Floats, Floats]:
    """A line crosses `factor` times fewer pixels, each `factor`**2 times as large: sums as of small pixels."""
    first, second = sums
    return first / np.float32(factor), second / np.float32(factor)


def _looked_at(question: Question, viewport: Viewport, transfer: str) -> Hashable:
    """What has to stay the same for the numbers of two pictures to be comparable."""
    return question.edges, question.lens, question.node, question.kept, question.k, viewport, transfer


class _Bars:
    """Numbers of the colour bar for pictures of fewer pixels, as those of the exact picture would be.

    The sum in a large pixel says how much runs through its small ones on average, not how much through the fullest.
    The two differ by a factor that hardly changes along a stroke: it is learnt whenever the pen rests.
    """

    def __init__(self) -> None:
        self._key: Hashable = None
        self._last: list[float] = []
        self._factors: list[float] | None = None

    def moving(self, key: Hashable, bar: list[float]) -> list[float]:
        if key != self._key:
            self._key, self._factors = key, None
        self._last = bar
        return bar if self._factors is None else [v * f for v, f in zip(bar, self._factors, strict=True)]

    def resting(self, key: Hashable) -> Callable[[list[float]], None]:
        """To be called, in any thread, with the numbers of the exact picture of what was last seen moving."""
        last = self._last if key == self._key else []

        def learn(exact: list[float]) -> None:
            if last and key == self._key:
                self._factors = [e / v if v > 0 else 1.0 for e, v in zip(exact, last, strict=True)]

        return learn


__all__ = ["CACHE", "EdgeDetail", "EdgeImage", "EdgeRaster", "edges_shown", "warm"]
