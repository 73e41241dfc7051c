"""Networks, and what they compute: `Network`, `Trace`, `Edges`; training; weights on disk. NumPy only."""

from vizapp.nets.edges import Edges
from vizapp.nets.layers import Layer
from vizapp.nets.network import Network
from vizapp.nets.store import NetworkError
from vizapp.nets.trace import Trace
from vizapp.nets.zoo import checkpoints, load, names

__all__ = ["Edges", "Layer", "Network", "NetworkError", "Trace", "checkpoints", "load", "names"]
