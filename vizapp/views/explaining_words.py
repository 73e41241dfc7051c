"""What is said of pictures of where the answer comes from: what they are and are not, and what a test comes to."""

from __future__ import annotations

from vizapp.analysis.attribution import METHODS, Deletion
from vizapp.nets.network import Network


def verdict(tested: Deletion) -> str:
    """What a deletion curve comes to, in a sentence."""
    orders, faster = len(tested.random), tested.beaten_by
    logits = f"{abs(tested.advantage):.2f} logits"
    if faster == 0:
        return (
            f"It passes: as the ink that it names first goes, the difference is {logits} lower, on average along the"
            f" way, than in random order, and it falls faster than in each of {orders} random orders."
        )
    if faster <= orders // 4 and tested.advantage > 0:
        return (
            f"It is better than chance, but not by much: {logits} lower on average than in random order, and"
            f" {faster} of {orders} random orders bring the difference down as fast."
        )
    return (
        f"It fails on this drawing: {faster} of {orders} random orders bring the difference down at least as fast."
        " What it shows is not the ink that the difference depends on."
    )


def about(method: str, network: Network) -> dict[str, str]:
    """What a picture is, what it is not, what its residual is, and where it comes from."""
    if method in METHODS:
        known = METHODS[method]
        return {
            "label": known.label,
            "what": known.what,
            "what_not": known.what_not,
            "rest": known.rest,
            "source": known.source,
        }
    texts = _FLIP if method == "flip" else _DECONVOLUTION
    if method != "flip" and all(layer.kind != "pool" for layer in network.layers):
        unmoved = (
            f" {network.name} has no pools: it is the same picture for every drawing, but for its strength."
        )
        return texts | {"what_not": texts["what_not"] + unmoved}
    return texts


_FLIP = {
    "label": "smallest flip",
    "what": "A change of ink, as small as could be found, after which the network gives the other answer.",
    "what_not": "Not proven to be the smallest, and no stroke of a pen: a little ink in many places, often less than"
    " an eye can see.",
    "rest": "",
    "source": "after Moosavi-Dezfooli et al. (2016), DeepFool, and Croce and Hein (2020), FAB",
}
_DECONVOLUTION = {
    "label": "deconvolution",
    "what": "From the node's output down to the pixels through the same weights: what a pool took goes back to where it"
    " came from, and what is negative on the way is dropped.",
    "what_not": "Not a part of the node's value: the drawing only decides which places won in the pools; below the last"
    " pool these are the node's filters, painted over each other.",
    "rest": "",
    "source": "Zeiler and Fergus (2014), Visualizing and Understanding Convolutional Networks",
}


def off(network: Network, node: int) -> str:
    name = network.node_name(node)
    return f"The output of {name} is 0 for this drawing, so that nothing comes down from it: take a node that is on."
