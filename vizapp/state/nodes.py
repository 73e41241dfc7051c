"""Nodes in documents and links: ids of the state's own network, in the order in which they were selected."""

from __future__ import annotations

from typing import Any

import param

from vizapp.state.codecs import Codec, Place, Schema, Unfit
from vizapp.state.varints import CutShort, Reader, Writer


class Node(Codec):
    """One node, or none."""

    def from_json(self, raw: Any, place: Place) -> int | None:
        if raw is not None and not _is_node(raw, place):
            raise Unfit(f"null or a node from 0 to {place.net.n_nodes - 1}")
        return None if raw is None else int(raw)

    def schema(self, parameter: param.Parameter) -> Schema:
        return {"type": ["integer", "null"], "minimum": 0}


class Nodes(Codec):
    """Different nodes, the primary one first; no more than the parameter's bounds allow.

    In a link they are runs of consecutive ids: how far the run's first id is from the one that would have
    continued the run before it, and how many more there are. A box over whole rows of a map is a run a row.
    """

    def from_json(self, raw: Any, place: Place) -> list[int]:
        most = _most(place)
        if not isinstance(raw, list) or len(raw) > most or not all(_is_node(node, place) for node in raw):
            raise Unfit(self._needed(place))
        if len(set(raw)) < len(raw):
            raise Unfit(self._needed(place))
        return list(raw)

    def pack(self, value: list[int]) -> bytes:
        writer = Writer()
        for first, length in _runs(value):
            writer.signed(first)
            writer.count(length)
        return bytes(writer.data)

    def unpack(self, data: bytes, place: Place) -> list[int]:
        reader, most = Reader(data), _most(place)
        found: list[int] = []
        after = 0
        try:
            while reader.left:
                first = after + reader.signed()
                length = reader.count() + 1
                # Before it becomes a list: a byte can announce a billion nodes.
                if length > most - len(found):
                    raise Unfit(self._needed(place))
                found.extend(range(first, first + length))
                after = first + length
        except CutShort:
            raise Unfit("readable") from None
        return self.from_json(found, place)

    def schema(self, parameter: param.Parameter) -> Schema:
        schema: Schema = {"type": "array", "items": {"type": "integer", "minimum": 0}, "uniqueItems": True}
        bounds = parameter.bounds
        return schema if bounds is None or bounds[1] is None else schema | {"maxItems": bounds[1]}

    @staticmethod
    def _needed(place: Place) -> str:
        return f"a list of at most {_most(place):,} different nodes from 0 to {place.net.n_nodes - 1}"


def _runs(nodes: list[int]) -> list[tuple[int, int]]:
    """(first id minus the id after the run before, length minus one) of each run."""
    runs: list[tuple[int, int]] = []
    after = 0
    start = 0
    for end in range(1, len(nodes) + 1):
        if end < len(nodes) and nodes[end] == nodes[end - 1] + 1:
            continue
        runs.append((nodes[start] - after, end - start - 1))
        after, start = nodes[end - 1] + 1, end
    return runs


def _most(place: Place) -> int:
    bounds = place.parameter.bounds
    return place.net.n_nodes if bounds is None or bounds[1] is None else int(bounds[1])


def _is_node(raw: Any, place: Place) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < place.net.n_nodes
