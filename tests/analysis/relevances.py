"""Networks and digits to split, and relevance computed the slow way, node by node and edge by edge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp import inputs, nets
from vizapp.nets import Edges, Network, Trace, layers, zoo

Array = NDArray[Any]


def digits(count: int = 6) -> Array:
    """The first images of the reference set, 0 to 1."""
    return inputs.reference()[0][:count] / np.float32(255)


@cache
def untrained(name: str, biases: bool = True) -> Network:
    """In float64, so that what has to add up adds up to 12 digits."""
    network = zoo.random(name, seed=3, dtype=np.float64)
    if not biases:
        return network
    rng = np.random.default_rng(4)
    drawn = {key: 0.1 * rng.standard_normal(value.shape) for key, value in network.parameters.items()}
    return network.with_parameters({key: value for key, value in drawn.items() if key.endswith("bias")})


@cache
def trace_of(name: str, trained: bool = True) -> Trace:
    return (nets.load(name) if trained else untrained(name)).forward(digits())


@cache
def all_edges(network: Network) -> Edges:
    parts = [network.edges_of(layer.name) for layer in network.layers[1:]]
    return Edges(
        *(np.concatenate([getattr(part, of) for part in parts]) for of in ("source", "target", "weight"))
    )


def linear(*weights: Any) -> Network:
    """Layers of sums, without biases or activation functions, on an image of one row."""
    found: list[layers.Layer] = [layers.image("input", 1, np.shape(weights[0])[1])]
    for number, values in enumerate(weights, 1):
        layer = layers.dense(f"fc{number}", found[-1].shape, len(values), "identity")
        found.append(layer.with_parameters(np.array(values, np.float64), np.zeros(len(values))))
    return Network("linear", found)


@dataclass
class Slow:
    """`node` [N]; `edge` (source, target) → relevance; what bias and ε absorbed in all."""

    node: Array
    edge: dict[tuple[int, int], float]
    bias: float = 0.0
    epsilon: float = 0.0


def slow(trace: Trace, row: int, start: dict[int, float], epsilon: float) -> Slow:
    """The epsilon rule as the paper has it; `start` maps node ids to their relevance."""
    network = trace.network
    pre, activation = (values[row].astype(float) for values in (trace.pre, trace.activation))
    found = Slow(np.zeros(network.n_nodes), {})
    for node, relevance in start.items():
        found.node[node] = relevance
    bias = {layer.name: layer.bias for layer in network.layers}
    for node in range(network.n_nodes - 1, network.layers[0].n_nodes - 1, -1):
        relevance = found.node[node]
        if relevance == 0:
            continue
        edges = network.edges_into(node, trace, row)
        if edges.won is not None:
            messages = np.where(edges.won, relevance, 0.0)
        else:
            sign = 1 if pre[node] >= 0 else -1
            factor = relevance / (pre[node] + sign * epsilon)
            messages = activation[edges.source] * edges.weight * factor
            layer = network.layers[network.layer_index_of(node)]
            local = node - network.offsets[network.layer_index_of(node)]
            own = bias[layer.name].repeat(layer.n_nodes // len(bias[layer.name]))[local]
            found.bias += own * factor
            found.epsilon += sign * epsilon * factor
        np.add.at(found.node, edges.source, messages)
        found.edge.update(
            ((int(s), node), float(m)) for s, m in zip(edges.source, messages, strict=True) if m
        )
    return found
