"""The state of one session. Views read it and write it; they never call each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from copy import copy
from typing import Any

import numpy as np
import param
from numpy.typing import NDArray

from vizapp import nets
from vizapp.analysis.ranges import RANGES
from vizapp.history import Step
from vizapp.inputs import InputError, Rendered, Stroke, clean_strokes, drawing_to_input, rendered
from vizapp.inputs.strokes import is_full
from vizapp.nets.layout import Layout, load_layout
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace
from vizapp.parameters import MAX_PINS as MAX_PINS
from vizapp.parameters import PANES as PANES
from vizapp.parameters import SCALES as SCALES
from vizapp.parameters import WALKS as WALKS
from vizapp.parameters import Parameters
from vizapp.state.drawing import Drawing as Drawing
from vizapp.state.held import held
from vizapp.state.table import ALL_LAYERS as ALL_LAYERS
from vizapp.state.table import ENTRIES
from vizapp.state.table import LENS_SETTINGS as LENS_SETTINGS
from vizapp.state.undo import Undo
from vizapp.timeline import HAND, Timeline, first_morph

Floats = NDArray[np.float32]
_LEADING = ("network", "drawing", "normalise", "sweep", "start", "end", "way", "cursor", "crossed", "across")
"""What the answer depends on."""
_OF_THE_NETWORK = ("hidden", "into", "touching", "selection", "pins", "walk", "walk_node", "step")
"""Nodes and layers of another network are others: these are forgotten."""


class LockedError(InputError):
    """What the person tried to change is locked; the message says so in one sentence."""


class Explorer(Parameters):
    """Everything a session knows: the network, the drawing, and what the views are set to.

    Set `network`, `normalise` or `drawing`, or call the methods below; `trace` follows at once and its watchers
    are told. `trace` holds one row; for an empty pad it is the network's answer to no ink, and `empty` is true.
    `rendered` says how the input pixels came about.
    """

    _guarded = _putting = False

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._name_layers()
        self._nodes_of = self.network
        self._live: int | None = None
        self._strokes_begun = 0
        self._undo = Undo(self)
        self._reference_of: tuple[str, bool, Drawing] | None = None
        self._reference_trace: Trace | None = None
        self._timeline: Timeline | None = None
        self._led: dict[str, Any] = {}
        self._follow()

    # What is selected

    def select(self, nodes: Iterable[int], mode: str = "replace") -> None:
        """Select nodes, the first of them becoming the primary one.

        mode: "replace" what was selected, "add" to it, or "toggle": nodes that are all selected already leave it.

        Raises:
            ValueError: for a node that the network does not have, or another mode.
        """
        picked, count = list(dict.fromkeys(int(node) for node in nodes)), self.net.n_nodes
        if picked and not 0 <= min(picked) <= max(picked) < count:
            raise ValueError(f"{self.network} has nodes 0 to {count - 1}")
        before = self.selection
        if mode == "toggle" and picked and set(picked) <= set(before):
            leaving = set(picked)
            self.selection = [node for node in before if node not in leaving]
        elif mode in ("add", "toggle"):
            self.selection = list(dict.fromkeys([*picked, *before]))
        elif mode == "replace":
            self.selection = picked
        else:
            raise ValueError(f"no way to select is called {mode!r}")

    # What follows from the state

    @property
    def net(self) -> Network:
        return nets.load(self.network)

    @property
    def layout(self) -> Layout:
        return load_layout(self.net)

    @property
    def empty(self) -> bool:
        """No ink, or all of it rubbed out: no answer is claimed."""
        return not self.image.any()

    @property
    def contrast(self) -> tuple[int, int]:
        """The two classes that are contrasted: first and second guess, unless others are chosen."""
        order = np.argsort(-self.trace.logits[0], kind="stable")
        first = int(order[0]) if self.for_class is None else self.for_class
        second = self.against_class
        if second is None or second == first:
            second = int(order[0] if order[0] != first else order[1])
        return first, second

    @property
    def reference_trace(self) -> Trace | None:
        """What the network makes of the reference drawing, one row; computed once for each."""
        if self.reference is None:
            return None
        key = self.network, self.normalise, self.reference
        if self._reference_of != key:
            image = drawing_to_input(self.reference.strokes, self.normalise, self.reference.image)
            self._reference_of, self._reference_trace = key, self.net.forward(image)
        return self._reference_trace

    @property
    def prediction(self) -> int | None:
        """The first guess, or None while the pad is empty."""
        return None if self.empty else int(self.trace.prediction[0])

    @param.depends(*_LEADING, watch=True)
    def _follow(self) -> None:
        """The answer to what has changed, before anybody else hears of the change."""
        if self._led == self._leading():
            return  # it follows from a change that was answered
        with self._undo.waiting(), held(self, _guarded=False), param.parameterized.batch_call_watchers(self):
            if self._nodes_of != self.network:
                self._nodes_of = self.network
                self._name_layers()
                self.focus = None
                if not self._putting:
                    self.param.update({name: copy(ENTRIES[name].absent) for name in _OF_THE_NETWORK})
            self._keep_to_sweep()
            self.rendered: Rendered = self._rendered()
            trace = self.net.forward(self.rendered.image)
            with held(self.param["image"], constant=False), held(self.param["trace"], constant=False):
                # One by one: to set them together, param looks at all there are.
                self.image, self.trace = self.rendered.image, trace

    @property
    def timeline(self) -> Timeline | None:
        """What lies along the sweep; the same one while it does not change, since its ways are costly."""
        if self.sweep is None:
            return None
        ends = self.sweep in ("morph", HAND)
        start, end, base = (self.start, self.end, None) if ends else (None, None, self.drawing)
        wanted = Timeline(self.sweep, start, end, base, self.normalise)
        if self._timeline != wanted:
            self._timeline = wanted
        return self._timeline

    def _rendered(self) -> Rendered:
        timeline = self.timeline
        if timeline is not None and self.cursor is not None:
            second = None
            if self.crossed in RANGES and self.across is not None:
                second = self.crossed, self.across
            with suppress(InputError):
                return timeline.rendered(self.way, self.cursor, second)
        return rendered(self.drawing.strokes, self.normalise, self.drawing.image)

    def _keep_to_sweep(self) -> None:
        """The cursor takes the pad along; who draws changes the end that the cursor is on, or leaves the way."""
        was, self._led = self._led, self._leading()
        if self._putting or self.sweep not in ("morph", HAND) or self.cursor is None:
            return
        moved = {name for name, value in self._led.items() if value != was.get(name)} - {"network"}
        if moved == {"drawing"}:
            if self.sweep == HAND:
                self.param.update(end=self.drawing, cursor=1.0)
            elif self.cursor in (0, 1) and (end := "end" if self.cursor else "start") not in self.locked:
                self.param.update({end: self.drawing})
            else:
                self.cursor = None
        elif moved and self.timeline is not None:
            with suppress(InputError):
                self.drawing = self.timeline.frame(self.way, self.cursor) or self.drawing
        self._led = self._leading()

    def _leading(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _LEADING}

    def _name_layers(self) -> None:
        self.param["into"].objects = [ALL_LAYERS, *(layer.name for layer in self.net.layers[1:])]

    # Drawing

    def pen(self, stroke: int, start: int, points: Floats, width: float, erase: bool) -> None:
        """Add points float32[n, 2] to the live stroke, from its point `start` on; a new `stroke` id begins one.

        Points that continue a stroke which is not the live one are dropped. Repeating a message changes nothing,
        so a lost answer may be asked for again.

        Raises:
            InputError: if the points are not usable or the drawing is full; the drawing stays as it was.
        """
        drawing = self.drawing
        begins = stroke != self._live
        if begins and start:
            return  # late points of a stroke that was undone or replaced meanwhile
        kept: tuple[Stroke, ...] = () if drawing.sample else drawing.strokes
        before = np.empty((0, 2), np.float32) if begins else kept[-1].points[: max(0, start)]
        added = clean_strokes([{"points": points, "width": width, "erase": erase}]) if len(points) else []
        if not added and begins:
            return
        grown = np.concatenate([before, *(s.points for s in added)])
        last = Stroke(grown, added[0].width if added else kept[-1].width, erase)
        strokes = (*kept, last) if begins else (*kept[:-1], last)
        if is_full(strokes):
            raise InputError("The drawing is full: undo some strokes or clear the pad to go on.")
        if begins:
            self._strokes_begun += 1
        # Everything that one movement draws is one step.
        with self._undo.called("eraser stroke" if erase else "stroke", ("stroke", self._strokes_begun)):
            self.drawing = Drawing(strokes, None if drawing.sample else drawing.image)
        self._live = stroke

    def draw(self, strokes: object, sample: bool = False) -> None:
        """Put strokes on the pad instead of what is there. Raises InputError."""
        self._show(Drawing(tuple(clean_strokes(strokes)), sample=sample), "drawing")

    def load_image(self, image: Floats) -> None:
        """Put an image float32[28, 28] in 0..1, 1 being ink, on the pad. Raises InputError."""
        array = np.asarray(image, np.float32)
        if array.shape != (28, 28) or not np.isfinite(array).all() or array.min() < 0 or array.max() > 1:
            raise InputError("An image must be 28×28 numbers from 0 to 1, 1 being ink.")
        self._show(Drawing(image=array), "image")

    def clear(self) -> None:
        if self.drawing.strokes or self.drawing.image is not None:
            self._show(Drawing(), "clear")

    def _show(self, drawing: Drawing, title: str) -> None:
        with self._undo.called(title):
            self.drawing = drawing

    @param.depends("drawing", watch=True)
    def _end_stroke(self) -> None:
        """Whatever else changes the drawing, late points of the pen do not go to it; `pen` itself goes on."""
        self._live = None

    # Sweeps

    def morph(self, start: Drawing | None = None, end: Drawing | None = None) -> None:
        """Put a morph on the timeline, from a 1 to a 2 unless other ends are given; the pad shows its start.

        An end that is not given stays what it is, where there is a morph already, and so does the cursor.
        """
        if self.sweep == "morph":
            with self._undo.called("end of the morph"):
                self.param.update(start=start or self.start, end=end or self.end)
        else:
            first, last = first_morph()
            self._sweep("morph", "morph", start=start or first, end=end or last, cursor=0.0)

    def record(self) -> None:
        """From here on what is drawn and erased is a way by hand, on the timeline."""
        here = Drawing(self.drawing.strokes, self.drawing.image)
        self._sweep("way by hand", HAND, start=here, end=here, drawing=here, cursor=1.0)

    def vary(self, name: str) -> None:
        """Put the drawing through a range, on the timeline; ValueError for a range of another name."""
        if name not in RANGES:
            raise ValueError(f"no range is called {name!r}; there are {', '.join(RANGES)}")
        self._sweep("range", name, start=None, end=None, cursor=RANGES[name].neutral)

    def move(self, **values: Any) -> None:
        """Set `cursor`, `across` or `way`. Who comes back to the way from a drawing of their own can undo that."""
        off = self.sweep in ("morph", HAND) and self.cursor is None and values.get("cursor") is not None
        with self._undo.called("back to the way") if off else nullcontext():
            self.param.update(**values)

    def leave_sweep(self) -> None:
        """Nothing is on the timeline any more; the pad stays as it is."""
        self._sweep("end of the sweep", None, start=None, end=None, cursor=None)

    def cross(self, second: str | None) -> None:
        """Cross the sweep with a second axis, beginning where that does nothing; None: with nothing any more."""
        with self._undo.called("crossed sweep"), param.parameterized.batch_call_watchers(self):
            self.crossed = second
            with held(self, _guarded=False):
                self.across = None

    def _sweep(self, title: str, kind: str | None, **values: Any) -> None:
        """The kind is what somebody chose, the rest follows from it."""
        with self._undo.called(title), param.parameterized.batch_call_watchers(self):
            self.sweep = kind
            with held(self, _guarded=False):
                self.param.update(crossed=None, across=None, **values)

    # The whole state: what was opened, what is undone, what is locked

    def restore(self, values: Mapping[str, Any], title: str | None = None) -> None:
        """Take over values of the state's table, all or none of them.

        title: of the step that undoes it; without one it is a new beginning, and nothing can be undone.

        Raises:
            ValueError, TypeError: if the parameters do not take them; everything is then as it was.
        """
        with self._undo.called(title or ""):
            self._put(values)
        if title is None:
            self._undo.forget()

    def undo(self) -> None:
        self._go(self._undo.history.undo(), back=True)

    def redo(self) -> None:
        self._go(self._undo.history.redo(), back=False)

    @property
    def undoable(self) -> str | None:
        """Title of what `undo` would take back, if anything."""
        return self._undo.history.undoable

    @property
    def redoable(self) -> str | None:
        return self._undo.history.redoable

    @property
    def can_undo(self) -> bool:
        return self.undoable is not None

    @property
    def can_redo(self) -> bool:
        return self.redoable is not None

    @contextmanager
    def by_person(self) -> Iterator[None]:
        """What is changed inside is changed by the person at the page: what is locked cannot be.

        What follows from a change, and what is undone, opened or set by a program, is not held up by locks.

        Raises:
            LockedError: if that was tried; everything is then as it was.
        """
        # To remember everything takes a tenth of what a movement of the pen does.
        state = {name: getattr(self, name) for name in ENTRIES} if self.locked else {}
        try:
            with held(self, _guarded=True):
                yield
        except LockedError:
            with self._undo.silent():
                self._put(state)
            raise

    @contextmanager
    def following(self) -> Iterator[None]:
        """What is changed inside follows from something else: no lock holds it up, and it is no step to undo."""
        with self._undo.silent(), held(self, _guarded=False):
            yield

    def __setattr__(self, name: str, value: Any) -> None:
        if self._guarded and name in self.locked:
            present = getattr(self, name)
            if value is not present and value != present:
                raise LockedError(f"This page has locks: {ENTRIES[name].words} cannot be changed here.")
        super().__setattr__(name, value)

    def _go(self, step: Step | None, back: bool) -> None:
        if step is not None:
            with self._undo.silent():
                self._put(step.before if back else step.after)

    def _put(self, values: Mapping[str, Any]) -> None:
        """Set parameters together, the network first; each keeps what it is given, whatever the network."""
        before = {name: getattr(self, name) for name in values}
        with held(self, _putting=True, _guarded=False), param.parameterized.batch_call_watchers(self):
            try:
                self._assign(values)
            except (ValueError, TypeError):
                self._assign(before)
                raise

    def _assign(self, values: Mapping[str, Any]) -> None:
        for name in (name for name in ENTRIES if name in values):
            # To param a drawing that is set again is another one.
            if getattr(self, name) is not values[name]:
                setattr(self, name, values[name])
            if name == "network":
                self._name_layers()
