"""A set of edges with the places of their nodes, and the subsets that filters make of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from vizapp.nets import Network

Kind = Literal["magnitude", "signed", "count"]
Sign = Literal["both", "positive", "negative"]
S = TypeVar("S", bound=np.generic)


@dataclass(frozen=True, eq=False)
class EdgeSet:
    """Edges ordered by source node; read-only and meant to be shared between sessions.

    `source`, `target` int32[E] node ids; `weight` float32[E]; `positions` float32[N, 2] places of all nodes
    on the flat plot; `index` int32[E] the place of each edge in the arrays it was made from. Arrays "per
    edge" elsewhere in this package follow this order. Make one with `EdgeSet.of`.
    """

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    weight: NDArray[np.float32]
    positions: NDArray[np.float32]
    index: NDArray[np.int32] = field(repr=False)

    @classmethod
    def of(cls, source: ArrayLike, target: ArrayLike, weight: ArrayLike, positions: ArrayLike) -> EdgeSet:
        """Check, order by source (then target) and freeze. Raises ValueError for what does not fit."""
        places = np.ascontiguousarray(positions, dtype=np.float32)
        ends = [np.asarray(a) for a in (source, target)]
        weights = np.asarray(weight, dtype=np.float32)
        if places.ndim != 2 or places.shape[1] != 2 or not np.isfinite(places).all():
            raise ValueError("positions must be finite and of shape [node, 2]")
        if any(a.ndim != 1 or a.shape != weights.shape for a in ends):
            raise ValueError("source, target and weight must be one-dimensional and equally long")
        if any(a.size and (a.min() < 0 or a.max() >= len(places)) for a in ends):
            raise ValueError("an edge ends in a node that has no position")
        if not np.isfinite(weights).all():
            raise ValueError("weights must be finite")
        order = np.lexsort((ends[1], ends[0]))
        source_of, target_of = (_frozen(a[order].astype(np.int32)) for a in ends)
        index = _frozen(order.astype(np.int32))
        return cls(source_of, target_of, _frozen(weights[order]), _frozen(places.copy()), index)

    @classmethod
    def of_network(cls, network: Network, positions: NDArray[np.floating]) -> EdgeSet:
        """All edges of a network whose nodes stand at `positions` [N, 2] (Layout.flat)."""
        parts = [network.edges_of(layer.name) for layer in network.layers[1:]]
        source, target, weight = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("source", "target", "weight")
        )
        return cls.of(source, target, weight, positions)

    def __len__(self) -> int:
        return self.source.size

    @property
    def n_nodes(self) -> int:
        return len(self.positions)

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """int64[N + 1]: the edges out of node n are first[n]..first[n + 1]."""
        return _frozen(np.searchsorted(self.source, np.arange(self.n_nodes + 1)))

    @cached_property
    def key(self) -> str:
        """Digest of the content: equal sets share operators, and an edited weight makes another key."""
        digest = hashlib.blake2b(digest_size=16)
        for array in (self.source, self.target, self.weight, self.positions):
            digest.update(array.tobytes())
        return digest.hexdigest()

    def weights_for(self, kind: Kind) -> NDArray[np.float32]:
        """What a unit of source value adds to each pixel of an edge: |w|, w or 1."""
        if kind == "magnitude":
            return self._magnitude
        if kind == "signed":
            return self.weight
        if kind == "count":
            return self._ones
        raise ValueError(f"kind must be magnitude, signed or count, not {kind!r}")

    @cached_property
    def _magnitude(self) -> NDArray[np.float32]:
        return _frozen(np.abs(self.weight))

    @cached_property
    def _ones(self) -> NDArray[np.float32]:
        return _frozen(np.ones_like(self.weight))

    def subset(self, keep: NDArray[np.bool_] | NDArray[np.integer]) -> EdgeSet:
        """The edges that `keep` (bool[E] or indices) names; `index` still points to the original arrays."""
        chosen = np.flatnonzero(keep) if keep.dtype == bool else np.sort(keep)
        source, target = _frozen(self.source[chosen]), _frozen(self.target[chosen])
        weight, index = _frozen(self.weight[chosen]), _frozen(self.index[chosen])
        return EdgeSet(source, target, weight, self.positions, index)

    def mask(
        self,
        *,
        into: tuple[int, int] | None = None,
        sign: Sign = "both",
        touching: Collection[int] | None = None,
    ) -> NDArray[np.bool_]:
        """bool[E] of edges that end in node ids into[0]..into[1] (a layer), of one sign of weight, and that
        start or end in one of the nodes `touching`; conditions not given let everything pass."""
        keep = np.ones(len(self), dtype=bool)
        if into is not None:
            keep &= (self.target >= into[0]) & (self.target < into[1])
        if sign == "positive":
            keep &= self.weight > 0
        elif sign == "negative":
            keep &= self.weight < 0
        elif sign != "both":
            raise ValueError(f"sign must be both, positive or negative, not {sign!r}")
        if touching is not None:
            chosen = np.zeros(self.n_nodes, dtype=bool)
            chosen[[node for node in touching if 0 <= node < self.n_nodes]] = True
            keep &= chosen[self.source] | chosen[self.target]
        return keep


def strongest(values: NDArray[np.floating], k: int) -> NDArray[np.int64]:
    """Indices of the `k` values of greatest magnitude, strongest first; zeros never count."""
    # First of all the zeros, which are many: among equals partitioning takes ten times as long.
    some = np.flatnonzero(values)
    size = np.abs(values[some])
    k = min(max(int(k), 0), size.size)
    if k == 0:
        return np.empty(0, dtype=np.int64)
    top = np.argpartition(size, size.size - k)[size.size - k :] if k < size.size else np.arange(size.size)
    ranked: NDArray[np.int64] = some[top[np.argsort(-size[top], kind="stable")]]
    return ranked


def _frozen(array: NDArray[S]) -> NDArray[S]:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
