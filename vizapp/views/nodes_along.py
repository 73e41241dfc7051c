"""What the page is told of nodes along a sweep: their curves, the heat map of all, who decided, how many are active."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vizapp.analysis.deciding import split
from vizapp.analysis.sweep import Sweep
from vizapp.nets.network import Network
from vizapp.timeline import Timeline
from vizapp.views import node_map
from vizapp.views.inspection import flat
from vizapp.views.sweeping import ends_of

Message = dict[str, Any]

WHATS = ("output", "pre")
MAX_CURVES = 12


@dataclass(frozen=True)
class Along:
    """What is asked about: one way of what is on the timeline, and one network."""

    timeline: Timeline
    way: str
    network: Network

    @property
    def sweep(self) -> Sweep:
        """InputError if there is no way."""
        return self.timeline.kept(self.network, self.way)

    def message(self, kind: str, ack: int, **content: Any) -> Message:
        """`sweep` is the kind of the timeline, so that the page knows what was left meanwhile."""
        head = {"type": kind, "ack": ack, "sweep": self.timeline.kind}
        return {**head, "way": self.way, "network": self.network.name, **content}


def curves_message(along: Along, nodes: Sequence[int], what: str, ack: int = 0) -> Message:
    """Values of some nodes at the K positions of the sweep: `values` float32[n · K], node by node."""
    sweep = along.sweep
    values = sweep.trace.activation if what == "output" else sweep.trace.pre
    return along.message(
        "node_curves",
        ack,
        what=what,
        positions=sweep.positions.astype(np.float32),
        nodes=np.array(nodes, np.uint32),
        values=flat(values[:, list(nodes)].T),
    )


def map_message(
    along: Along,
    layer: str | None,
    order: str,
    scaling: str,
    aggregate: str,
    width: int,
    height: int,
    moving: bool = False,
    ack: int = 0,
) -> Message:
    """See `node_map`; `positions` are those of its columns, float32[K]."""
    sweep = along.sweep
    content = node_map.node_map(sweep, layer, order, scaling, aggregate, width, height, moving)
    return along.message("node_map", ack, positions=sweep.positions.astype(np.float32), **content)


def split_message(
    along: Along, start: float, end: float, pair: tuple[int, int] | None, ack: int = 0
) -> Message:
    """The change of z_a − z_b between two positions, shared out over the last hidden layer.

    `nodes` uint32[n], the largest share first; `shares`, and what they are products of: `weights` w_a − w_b, and the
    activations `before` and `after`, all float32[n]. Sums are made in double precision: `total` of the shares,
    `change` of the logits themselves, float32, and `residue` between them.
    """
    a, b = pair or ends_of(along.sweep)
    places = sorted({start, end})
    trace = along.timeline.along(along.network, along.way, places).trace
    before, after = places.index(start), places.index(end)
    found = split(trace, before, after, a, b)
    weight = along.network.layers[-1].weight
    assert weight is not None
    span = along.network.span(along.network.layers[-2].name)
    rows = found.nodes - span.start
    margins = trace.logits[:, a].astype(np.float64) - trace.logits[:, b]
    return along.message(
        "node_split",
        ack,
        a=a,
        b=b,
        start=start,
        end=end,
        layer=along.network.layers[-2].name,
        nodes=found.nodes.astype(np.uint32),
        shares=flat(found.shares),
        weights=flat(weight[a, rows] - weight[b, rows]),
        before=flat(trace.activation[before, found.nodes]),
        after=flat(trace.activation[after, found.nodes]),
        total=found.total,
        change=found.change,
        residue=found.change - found.total,
        margins=[float(margins[before]), float(margins[after])],
    )


def counts_message(along: Along, ack: int = 0) -> Message:
    """How many nodes of each layer are above zero, `active` uint16[K]; a softmax has all of them on, always."""
    sweep = along.sweep
    return along.message(
        "node_counts",
        ack,
        positions=sweep.positions.astype(np.float32),
        layers=[
            {"name": layer.name, "count": layer.n_nodes, "active": sweep.active(layer.name).astype(np.uint16)}
            for layer in along.network.layers
            if layer.activation != "softmax"
        ],
    )
