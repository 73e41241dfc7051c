"""What lies along a session's sweep: the ways of a morph or by hand, the range of one drawing, at any position."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vizapp.analysis.ranges import RANGES, Range
from vizapp.analysis.sweep import Axis, Sweep
from vizapp.inputs import InputError, Rendered, drawing_to_input, rendered
from vizapp.inputs.morphs import NO_INK, WAYS, End, Morph, to_image, ways_between
from vizapp.inputs.path import NO_EDITS, Path, continues
from vizapp.inputs.samples import SAMPLES
from vizapp.inputs.variants import Setting, Variants
from vizapp.nets.network import Network
from vizapp.state.drawing import Drawing

Floats = NDArray[np.float32]

COUNT = 64
"""Positions on a way."""
HAND = "hand"
NO_ENDS = "A morph needs two ends: choose where it starts and where it ends."
MAX_KEPT = 3
"""Sweeps that a timeline keeps: one of the larger network takes 5 MB."""


@dataclass(frozen=True)
class Timeline:
    """A sweep of drawings, whatever the network.

    Attributes:
        kind: "morph", "hand" or the name of a range.
        start, end: of a morph or a way by hand, else None.
        base: the drawing that goes through a range.
        normalised: whether drawings are fitted and centred.
    """

    kind: str
    start: Drawing | None
    end: Drawing | None
    base: Drawing | None
    normalised: bool
    _kept: OrderedDict[tuple[str, str], Sweep] = field(
        default_factory=OrderedDict, init=False, repr=False, compare=False
    )
    _keeping: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    @property
    def range(self) -> Range | None:
        return RANGES.get(self.kind)

    @property
    def axis(self) -> Axis:
        return self.range.axis if self.range else Axis("t", "by hand" if self.kind == HAND else "morph")

    @property
    def bounds(self) -> tuple[float, float]:
        return (self.range.low, self.range.high) if self.range else (0.0, 1.0)

    @cached_property
    def ways(self) -> tuple[str, ...]:
        """The ways of a morph that can be taken, the best first; the only one of any other sweep is its kind."""
        if self.kind != "morph":
            return (self.kind,)
        start, end = self.ends
        return ways_between(start, end)

    def taken(self, way: str) -> str:
        """The way itself, or where it cannot be taken the best one."""
        return way if way in self.ways else self.ways[0]

    @cached_property
    def ends(self) -> tuple[End, End]:
        if self.start is None or self.end is None:
            raise InputError(NO_ENDS)
        return _end(self.start, self.normalised), _end(self.end, self.normalised)

    @property
    def pictures(self) -> tuple[Floats, Floats]:
        """What the network sees of both ends, float32[28, 28] each."""
        assert self.start is not None
        assert self.end is not None
        return _picture(self.start, self.normalised), _picture(self.end, self.normalised)

    @cached_property
    def problem(self) -> str | None:
        """Why nothing lies along the sweep, in a sentence. Asked at every movement of a pen, so no way is made."""
        if self.range:
            base = self.base
            empty = base is None or not (base.strokes or base.image is not None)
            return "There is nothing to put through a range: draw something first." if empty else None
        if self.start is None or self.end is None:
            return NO_ENDS
        if self.kind == HAND:
            return NO_EDITS if len(self._versions) < 2 else None
        return None if all(picture.any() for picture in self.pictures) else NO_INK

    def way(self, name: str) -> Morph | Path:
        """
        Raises:
            InputError: if there is no way: an end without ink, nothing drawn by hand yet.
        """
        known: dict[str, Morph | Path] = self._ways
        if name not in known:
            if self.kind == HAND:
                known[name] = Path(self._versions, self.normalised)
            else:
                known[name] = Morph(name, *self.ends, self.normalised)
        return known[name]

    @cached_property
    def _ways(self) -> dict[str, Morph | Path]:
        return {}

    @cached_property
    def _versions(self) -> Sequence[Drawing]:
        """What was on the pad, stroke by stroke; where something else than strokes came in between, both ends."""
        start, end = self.start, self.end
        assert start is not None
        assert end is not None
        # By value: what comes from a file or a link has strokes of its own.
        if continues(start, end):
            counts = range(len(start.strokes), len(end.strokes) + 1)
            return [Drawing(end.strokes[:count], end.image) for count in counts]
        return [start, end]

    @cached_property
    def variants(self) -> Variants:
        assert self.base is not None
        return Variants(self.base.strokes, self.normalised, self.base.image)

    def frame(self, way: str, position: float) -> Drawing | None:
        """What is on the pad there; None in a range, where the drawing stays what it is. InputError."""
        if self.range:
            return None
        position = min(max(position, 0.0), 1.0)
        ends = {0.0: self.start, 1.0: self.end}
        end = ends.get(position)
        if end is not None:
            return end
        frame = self.way(self.taken(way)).frames([position])[0]
        return Drawing(image=frame) if isinstance(frame, np.ndarray) else Drawing(tuple(frame))

    def rendered(self, way: str, position: float, across: tuple[str, float] | None = None) -> Rendered:
        """What the network sees there, and how it came about.

        across: name of another range, and a position in it, that the input goes through as well.

        Raises:
            InputError: if there is no way.
        """
        if self.range:
            setting = self.range.put(Setting(), _inside(self.range, position))
            if across is not None and across[0] != self.kind:
                setting = RANGES[across[0]].put(setting, _inside(RANGES[across[0]], across[1]))
            return _moved(self.variants, setting)
        end = {0.0: self.start, 1.0: self.end}.get(position)
        if end is not None and across is None:
            # Whichever the way; while an end is drawn no way is made for it.
            return rendered(end.strokes, self.normalised, end.image)
        frame = self.way(self.taken(way)).frames([min(max(position, 0.0), 1.0)])[0]
        image = frame if isinstance(frame, np.ndarray) else None
        strokes = () if isinstance(frame, np.ndarray) else frame
        if across is not None:
            variants = Variants(strokes, self.normalised) if image is None else Variants.of_image(image)
            return _moved(variants, RANGES[across[0]].put(Setting(), _inside(RANGES[across[0]], across[1])))
        return rendered(strokes, self.normalised) if image is None else _as_it_is(image)

    def kept(self, network: Network, way: str) -> Sweep:
        """The same as `along` at its own positions, made once for the curve and the charts beside it. InputError.

        From several threads, each waits for what another one is making.
        """
        key = way, network.name
        with self._keeping:
            sweep = self._kept.get(key)
            if sweep is None or sweep.network is not network:
                sweep = self._kept[key] = self.along(network, way)
            self._kept.move_to_end(key)
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
            return sweep

    def along(self, network: Network, way: str, positions: ArrayLike | None = None) -> Sweep:
        """The sweep of a network, 64 positions of a way or 61 of a range unless others are given. InputError."""
        if self.range:
            places = self.range.positions() if positions is None else np.asarray(positions, np.float64)
            return Sweep.of(network, self.axis, places, self.range.images(self.variants, places))
        places = np.linspace(0, 1, COUNT) if positions is None else np.asarray(positions, np.float64)
        return Sweep.along(network, self.axis, self.way(way), places)


def first_morph() -> tuple[Drawing, Drawing]:
    """From a 1 to a 2, drawn by the same movements of the hand: what is offered first."""
    way = SAMPLES[0].way
    return Drawing(tuple(way.strokes(0))), Drawing(tuple(way.strokes(1)))


def _end(drawing: Drawing, normalised: bool) -> End:
    return drawing.strokes if drawing.image is None else _picture(drawing, normalised)


@lru_cache(maxsize=16)
def _picture(drawing: Drawing, normalised: bool) -> Floats:
    """Of two ends one stays while the other is drawn."""
    picture = drawing_to_input(drawing.strokes, normalised, drawing.image)
    picture.setflags(write=False)
    return picture


def _as_it_is(image: Floats) -> Rendered:
    """An image of the network's own size, not fitted again: bit for bit."""
    return replace(rendered((), False, image), image=to_image(image))


def _moved(variants: Variants, setting: Setting) -> Rendered:
    """Where on the pad something is, is not said: the drawing there is not moved."""
    return replace(_as_it_is(variants.at(setting)), view=None)


def _inside(range_: Range, position: float) -> float:
    return min(max(position, range_.low), range_.high)


__all__ = ["COUNT", "HAND", "WAYS", "Timeline", "first_morph"]
