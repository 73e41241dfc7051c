"""Which edges a session looks at, and what each of them shows: from the state to one pair of numbers per edge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.lenses import EdgeFactors, EdgeLens, edge_lens, follows_drawing, typical_flow
from vizapp.analysis.tracing import TraceBack, trace_back
from vizapp.explorer import ALL_LAYERS, Explorer
from vizapp.inputs.reference import reference
from vizapp.jit import plain
from vizapp.nets.layout import Layout
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace
from vizapp.raster import lines
from vizapp.raster.edges import EdgeSet, strongest

Floats = NDArray[np.float32]

TYPICAL_IMAGES = 64
"""Reference images that say what flows between two layers usually."""
_LEAST = 1e-6


@dataclass(frozen=True)
class Question:
    """What a session wants to know of its edges: a snapshot of its state, to be answered in any thread.

    `node` is the one that is traced back to the pixels, None for all edges; `k` the number of the strongest edges
    to show, 0 for all.
    """

    network: Network
    trace: Trace
    edges: EdgeSet
    lens: str
    classes: tuple[int, int]
    node: int | None
    kept: float
    k: int

    @classmethod
    def of(cls, explorer: Explorer) -> Question:
        tracing = explorer.tracing and bool(explorer.selection)
        return cls(
            explorer.net,
            explorer.trace,
            edges_shown(explorer),
            explorer.lens,
            explorer.contrast,
            explorer.selection[0] if tracing else None,
            explorer.kept if tracing else 0,
            explorer.strongest,
        )

    @property
    def whole(self) -> bool:
        """Whether all edges of the set are shown."""
        return self.node is None and not self.k

    def edge_lens(self) -> EdgeLens:
        return edge_lens(self.lens, self.network, self.trace, self.classes, typical(self.network))


@dataclass(frozen=True, eq=False)
class Answer:
    """Two numbers per edge, float32[edge], 0 or more: what goes into the first hue and what into the second.

    Those are the negative and the positive values, or what speaks for the first and for the second class; counts
    are all in the second. `strength` ranks the edges; 0 is not shown. `traced`: the paths, if any were asked for.
    """

    first: Floats
    second: Floats
    strength: Floats
    lens: EdgeLens
    traced: TraceBack | None = None


@lru_cache(maxsize=4)
def answer(question: Question) -> Answer:
    """The values of all edges, about 3 ms; the last few are remembered, for all sessions together."""
    edges, lens = question.edges, question.edge_lens()
    traced = None
    if question.node is not None:
        traced = trace_back(question.trace, question.node, question.kept)
        first, second = _signed(_traced(edges, traced))
    elif lens.second is not None:
        first = np.maximum(_products(edges, lens.first), 0)
        second = np.maximum(_products(edges, lens.second), 0)
    else:
        first, second = _signed(_products(edges, lens.first))
    strength = first + second
    if lens.counts and traced is None:
        first, second = np.zeros_like(first), np.ones_like(first)
    if question.k:
        weak = np.ones(len(edges), bool)
        weak[strongest(strength, question.k)] = False
        first[weak] = second[weak] = strength[weak] = 0
    return Answer(first, second, strength, lens, traced)


def _signed(values: Floats) -> tuple[Floats, Floats]:
    return np.maximum(-values, 0), np.maximum(values, 0)


def _products(edges: EdgeSet, factors: EdgeFactors) -> Floats:
    """As `EdgeFactors.values`, in a fifth of the time."""
    target = np.ones(edges.n_nodes, np.float32) if factors.target is None else factors.target
    out = np.empty(len(edges), np.float32)
    lines.products(edges.weight, edges.source, plain(factors.source), edges.target, plain(target), out)
    return out


def _traced(edges: EdgeSet, traced: TraceBack) -> Floats:
    """What the paths carry, as a share of the traced node's value; 0 for all other edges."""
    values = np.zeros(len(edges), np.float32)
    keys = edges.source.astype(np.int64) * edges.n_nodes + edges.target
    wanted = traced.source.astype(np.int64) * edges.n_nodes + traced.target
    if len(keys) and len(wanted):
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        found = keys[at] == wanted
        values[at[found]] = traced.value[found] / np.float32(max(abs(traced.relevance.start), _LEAST))
    return values


# What does not depend on the drawing


@lru_cache(maxsize=8)
def edge_set(network: Network, layout: Layout) -> EdgeSet:
    """All edges of a network on its flat layout; one per process."""
    return EdgeSet.of_network(network, layout.flat)


@lru_cache(maxsize=8)
def typical(network: Network) -> Floats:
    """What usually flows out of each layer, float32[layer]: over the first reference images."""
    images, _ = reference()
    return typical_flow(network, network.forward(images[:TYPICAL_IMAGES].astype(np.float32) / 255))


def edges_shown(explorer: Explorer) -> EdgeSet:
    """The edges that pass the filters which do not depend on the drawing."""
    touching = tuple(sorted(explorer.selection)) if explorer.touching else None
    if explorer.empty and (follows_drawing(explorer.lens) or explorer.tracing):
        # Nothing is drawn, so nothing flows: what biases alone bring about is not shown as an answer.
        touching = ()
    return _filtered(
        explorer.net,
        explorer.layout,
        explorer.into,
        explorer.sign,
        tuple(sorted(set(explorer.hidden))),
        touching,
    )


@lru_cache(maxsize=12)
def _filtered(
    network: Network,
    layout: Layout,
    into: str,
    sign: str,
    hidden: tuple[str, ...],
    touching: tuple[int, ...] | None,
) -> EdgeSet:
    edges = edge_set(network, layout)
    if into == ALL_LAYERS and sign == "both" and not hidden and touching is None:
        return edges
    span = None
    if into != ALL_LAYERS:
        layer = network.span(into)
        span = (layer.start, layer.stop)
    keep = edges.mask(into=span, sign=sign, touching=touching)  # type: ignore[arg-type]
    for name in hidden:
        layer = network.span(name)
        for ends in (edges.source, edges.target):
            keep &= (ends < layer.start) | (ends >= layer.stop)
    return edges.subset(keep)
