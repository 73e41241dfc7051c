"""Walks: an ordered list of steps through what a network does, for a player that knows nothing of their meaning.

A step names what it shows and says one sentence about it, with the numbers of the moment; the views and the
inspector follow. A kind of walk (the forward pass; later a backward pass, the time steps of a recurrent network,
a sweep) is an entry of `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from vizapp import sentences as say
from vizapp.analysis.paths import strongest_input, strongest_path
from vizapp.analysis.receptive import receptive_field
from vizapp.explorer import Explorer
from vizapp.inputs import rendered
from vizapp.nets.layers import Input

Nodes = NDArray[np.int64]
_NOTHING: Nodes = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Step:
    """One stop of a walk.

    Attributes:
        title: two or three words.
        sentence: what happens here, with numbers.
        layer: name of the layer that the views go to; None for what happens on the pad.
        nodes: what is selected, the primary node first; each feeds the one before it, or is of the same layer.
        lit: int64[n], ids of all nodes that take part, ascending; the views fade the others.
    """

    title: str
    sentence: str
    layer: str | None = None
    nodes: tuple[int, ...] = ()
    lit: Nodes = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True)
class Stop:
    """A step that is made when somebody comes to it: sentences cost more than titles."""

    title: str
    make: Callable[[], Step]


class Walk:
    """Steps in their order, made from the state that the Explorer is in when they are asked for."""

    def __init__(self, kind: str, title: str, stops: list[Stop], node: int | None = None) -> None:
        """`title`: what is walked through; `node`: what it leads to, where it is entered at a node."""
        self.kind = kind
        self.title = title
        self.node = node
        self._stops = stops

    def __len__(self) -> int:
        return len(self._stops)

    def __getitem__(self, index: int) -> Step:
        """IndexError beyond the last step."""
        return self._stops[index].make()

    def __iter__(self) -> Iterator[Step]:
        return (stop.make() for stop in self._stops)

    @property
    def titles(self) -> list[str]:
        return [stop.title for stop in self._stops]


def forward_walk(explorer: Explorer) -> Walk:
    """The whole forward pass: pad, fitting, pixels, layer by layer, logits, softmax, the answer."""
    network, trace = explorer.net, explorer.trace
    source, last = network.layers[0], network.layers[-1]
    assert isinstance(source, Input)
    row, column = divmod(int(explorer.image.argmax()), explorer.image.shape[1])
    fullest = (row + source.pad) * source.shape[2] + column + source.pad
    at_input = partial(_stop, layer=source.name, nodes=(fullest,), lit=np.arange(source.n_nodes))
    stops = _drawing_stops(explorer)
    stops.append(at_input("Pixels", lambda: say.pixels(explorer.image)))
    if source.pad:
        stops.append(at_input("Frame", lambda: say.frame(network, fullest)))
    softmax = last.activation == "softmax"
    for position, layer in enumerate(network.layers):
        if position > 0 and not (layer is last and softmax):
            stops.append(Stop(layer.name, partial(_layer_step, explorer, position)))
    first, second = (network.span(last.name).start + digit for digit in say.ranked(trace)[:2])
    at_output = partial(_stop, layer=last.name, lit=np.arange(network.span(last.name).start, network.n_nodes))
    if softmax:
        summed = np.arange(network.offsets[-3], network.n_nodes)
        stops.append(at_output("Logits", partial(say.logits, trace), nodes=(first, second), lit=summed))
        stops.append(at_output("Softmax", partial(say.softmax, trace), nodes=(first, second)))
    stops.append(at_output("Answer", partial(say.answer, trace, explorer.empty), nodes=(first,)))
    return Walk("forward", "The forward pass", stops)


def walk_to(explorer: Explorer, node: int) -> Walk:
    """How a node came about: from the pixels it sees, along the strongest contributions, to its calculation.

    Raises:
        ValueError: if the network has no such node.
    """
    network, trace = explorer.net, explorer.trace
    title = f"How {network.node_name(node)} came about"
    source = network.layers[0].name
    flows = strongest_path(trace, node)
    if not flows:
        own = _stop(
            network.node_name(node), partial(say.pixel, trace, node), source, (node,), np.array([node])
        )
        return Walk("forward", title, [*_drawing_stops(explorer), own], node)
    path = (*(flow.source for flow in flows), node)

    def begin() -> Step:
        field = receptive_field(network, node)
        lit = np.union1d(_NOTHING if field is None else say.pixels_of(network, field), path[:1])
        return Step("Pixels", say.beginning(trace, node, path[0]), source, path[:1], lit)

    def come(index: int) -> Step:
        here = path[index]
        last = index == len(flows)
        sentence = say.arriving(trace, flows[-1]) if last else say.passing(trace, flows[index])
        layer = network.layers[network.layer_index_of(here)].name
        lit = np.union1d(network.edges_into(here).source, path[: index + 1])
        return Step(network.node_name(here), sentence, layer, path[index::-1], lit)

    stops = [Stop(network.node_name(path[i]), partial(come, i)) for i in range(1, len(path))]
    return Walk("forward", title, [Stop("Pixels", begin), *stops], node)


def _forward(explorer: Explorer, node: int | None) -> Walk:
    return forward_walk(explorer) if node is None else walk_to(explorer, node)


KINDS: dict[str, Callable[[Explorer, int | None], Walk]] = {"forward": _forward}
"""Kind of walk → what makes it, through everything or up to one node. `Explorer.walk` has these names."""


def make_walk(explorer: Explorer, kind: str | None, node: int | None) -> Walk | None:
    """A walk of that kind, or None. A node that the network does not have counts as none."""
    if kind is None:
        return None
    known = node is not None and 0 <= node < explorer.net.n_nodes
    return KINDS[kind](explorer, node if known else None)


def _drawing_stops(explorer: Explorer) -> list[Stop]:
    """What happens before the network."""
    drawing = explorer.drawing
    source = explorer.net.layers[0]

    def fit() -> str:
        return say.fitting(rendered(drawing.strokes, explorer.normalise, drawing.image), explorer.normalise)

    return [
        _stop("Drawing", lambda: say.drawing(drawing.strokes, drawing.image is not None)),
        _stop("Fit and centre", fit, layer=source.name, lit=np.arange(source.n_nodes)),
    ]


def _layer_step(explorer: Explorer, position: int) -> Step:
    """A layer, told at the node whose sum is the largest; what a pooling node takes is selected with it."""
    network, trace = explorer.net, explorer.trace
    name = network.layers[position].name
    span = network.span(name)
    nodes: tuple[int, ...] = (span.start + int(trace.pre[0, span].argmax()),)
    if network.layers[position].kind == "pool":
        nodes += (strongest_input(trace, nodes[0]).source,)
    lit = np.arange(network.offsets[position - 1], span.stop)
    return Step(name, say.layer(trace, position, nodes[0]), name, nodes, lit)


def _stop(
    title: str,
    sentence: Callable[[], str],
    layer: str | None = None,
    nodes: tuple[int, ...] = (),
    lit: Nodes = _NOTHING,
) -> Stop:
    return Stop(title, lambda: Step(title, sentence(), layer, nodes, lit))
