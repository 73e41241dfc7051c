"""Parts of a network that have a name: layers, feature maps, single nodes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vizapp.nets.network import Network
from vizapp.search.words import NotFoundError, Words, is_layer
from vizapp.sentences import listed

Nodes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Place:
    """A part of a network: its name and its nodes, int64[n]."""

    name: str
    nodes: Nodes


def whole_layer(network: Network, name: str) -> Place:
    span = network.span(name)
    return Place(name, np.arange(span.start, span.stop))


def read_places(network: Network, words: Words) -> list[Place]:
    """What the next words name: one place, or the same in each layer whose name begins like that.

    Raises:
        NotFoundError: if the network has no such place.
    """
    words.take("layer")
    names = _layers(network, words)
    part = words.take("map", "unit")
    numbers = words.numbers(3)
    if part and not numbers:
        count = len(_grid(network, names[0]))
        raise NotFoundError(
            f"Which {part} of {names[0]}? {part.capitalize()}s are counted from 1 to {count}."
        )
    found: list[Place] = []
    problem = NotFoundError("There is no such place.")
    for name in names:
        try:
            found.append(_within(network, name, part, numbers))
        except NotFoundError as error:
            problem = error
    if not found:
        raise problem
    return found


def output_node(network: Network, digit: int) -> Place:
    """The node of a class; NotFoundError if the network does not have it."""
    return _unit(network, network.layers[-1].name, None, [digit])


def _layers(network: Network, words: Words) -> list[str]:
    names = [layer.name for layer in network.layers]
    word = words.peek()
    if word is None:
        raise NotFoundError("The name of a layer is missing.")
    if not is_layer(word):
        raise NotFoundError(f"Before “{word}” the name of a layer is needed.")
    words.next()
    number = words.peek()
    if word in names:
        return [word]
    matching = [name for name in names if name.startswith(word)]
    if number is not None and number.isdecimal() and len(matching) > 1:
        words.next()
        if word + number not in names:
            raise NotFoundError(f"The {network.name} has no layer {word}{number[:9]}, but {listed(names)}.")
        return [word + number]
    return matching


def _grid(network: Network, name: str) -> Nodes:
    return whole_layer(network, name).nodes.reshape(network.layer(name).shape)


def _within(network: Network, name: str, part: str | None, numbers: list[int]) -> Place:
    if not numbers:
        return whole_layer(network, name)
    if _grid(network, name).ndim == 1:
        return _unit(network, name, part, numbers)
    return _map(network, name, part, numbers)


def _unit(network: Network, name: str, part: str | None, numbers: list[int]) -> Place:
    nodes = _grid(network, name)
    output = name == network.layers[-1].name
    first = 0 if output else 1
    if part == "map" or len(numbers) > 1 or not first <= numbers[0] < len(nodes) + first:
        what = "digits" if output else "units"
        raise NotFoundError(f"{name} has {what} {first} to {len(nodes) + first - 1}, and no maps.")
    node = nodes[numbers[0] - first : numbers[0] - first + 1]
    return Place(network.node_name(int(node[0])), node)


def _map(network: Network, name: str, part: str | None, numbers: list[int]) -> Place:
    """A map, a node of it, or, where no map is named, the node at that place of every map."""
    nodes = _grid(network, name)
    maps, rows, cols = nodes.shape
    if part == "unit":
        raise NotFoundError(f"{name} has no units, but feature maps of {rows}×{cols} nodes.")
    number, cell = (None, numbers) if part is None and len(numbers) == 2 else (numbers[0], numbers[1:])
    if len(cell) == 1:
        raise NotFoundError(f"A node of a map has a row and a column, as in “{name} map 1 (0, 0)”.")
    if number is not None and not 1 <= number <= maps:
        raise NotFoundError(f"{name} has {f'maps 1 to {maps}' if maps > 1 else 'one map'}.")
    title = name if number is None or maps == 1 else f"{name} map {number}"
    chosen = nodes if number is None else nodes[number - 1 : number]
    if not cell:
        return Place(title, chosen.ravel())
    if cell[0] >= rows or cell[1] >= cols:
        raise NotFoundError(f"Rows of {name} go from 0 to {rows - 1}, columns from 0 to {cols - 1}.")
    return Place(f"{title} ({cell[0]}, {cell[1]})", chosen[:, cell[0], cell[1]])
