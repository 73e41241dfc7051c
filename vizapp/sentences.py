"""What happens at a node, at a layer, to the drawing: one sentence each, with the numbers of the moment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.inspection import incoming
from vizapp.analysis.paths import Flow
from vizapp.analysis.receptive import Field, receptive_field
from vizapp.inputs import Rendered, Stroke
from vizapp.nets.layers import Conv, Input, Pool
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace


def figure(value: float) -> str:
    """ "1.84", "−0.043", "0": two decimals, or two digits of what is below 0.1."""
    if value == 0:
        return "0"
    size = abs(value)
    text = f"{size:.2f}" if size >= 0.0995 else f"{size:.2g}" if size >= 1e-4 else f"{size:.1e}"
    return f"−{text}" if value < 0 else text


def percentage(share: float) -> str:
    """0.981 as "98.1 %"."""
    return f"{100 * share:.1f} %" if share >= 0.0005 or share == 0 else "under 0.1 %"


def listed(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


# The drawing


def drawing(strokes: Sequence[Stroke], image: bool) -> str:
    """What is on the pad: so many strokes, over an image if one was loaded."""
    pens = [stroke for stroke in strokes if not stroke.erase]
    points = sum(len(stroke.points) for stroke in pens)
    parts = ["an image of 28×28 pixels"] if image else []
    if pens:
        parts.append(f"{counted(len(pens), 'stroke')} of the pen through {counted(points, 'point')}")
    if len(strokes) > len(pens):
        parts.append(f"{counted(len(strokes) - len(pens), 'stroke')} of the eraser")
    if not parts:
        return "The pad is empty; the network answers to that too, and this is how."
    return f"The pad holds {listed(parts)}."


def fitting(seen: Rendered, normalised: bool) -> str:
    """How the drawing is brought into the frame of 28×28 pixels."""
    if not normalised:
        return "Fit and centre is off: the network gets the drawing as large as it is, where it stands on the pad."
    if seen.view is None:
        return "Without ink there is nothing to fit and centre."
    scale = figure(seen.view.magnification)
    return f"Scaled by {scale} the drawing fits 20×20 pixels; its centre of mass moves to the middle, pixel (14, 14)."


def pixels(image: NDArray[np.float32]) -> str:
    """The downsampled picture, float32[rows, columns]."""
    rows, columns = image.shape
    each = f"Each of the {rows}×{columns} pixels is the mean of the ink that lies on it"
    inked = np.count_nonzero(image)
    if not inked:
        return f"{each}: all are 0."
    row, column = divmod(int(image.argmax()), columns)
    return f"{each}: {inked} hold some, ({row}, {column}) the most, {figure(float(image.max()))}."


def frame(network: Network, node: int) -> str:
    """The empty pixels around the picture; what one of its pixels is called in there."""
    source = network.layers[0]
    assert isinstance(source, Input)
    _, rows, columns = source.shape
    row, column = divmod(node, columns)
    return (
        f"A frame of {source.pad} empty pixels makes {rows}×{columns}, so that kernels reach the border too: "
        f"({row - source.pad}, {column - source.pad}) becomes {network.node_name(node)}."
    )


# Layers


def layer(trace: Trace, position: int, node: int) -> str:
    """What the layer at `position` does, told at the node that answers most."""
    network = trace.network
    here, below = network.layers[position], network.layers[position - 1]
    subject, place = called(network, node)
    own = subject.removeprefix(f"{here.name} ")
    if isinstance(here, Pool):
        each = f"Each map keeps the largest of every {here.size}×{here.size}"
        return f"{each}: {own} {place} {pooled(trace, node)}."
    if isinstance(here, Conv):
        maps, kernel = here.below[0], f"{here.size}×{here.size}"
        over = "the input" if position == 1 else f"the maps of {below.name}"
        each = f"Each of the {here.shape[0]} maps slides its own {f'{maps}×' * (maps > 1)}{kernel} kernel over {over}"
        return f"{each}; {own} answers most, at {place}: {outcome(trace, node)}."
    inputs = "pixels" if position == 1 else f"nodes of {below.name}"
    each = f"Each of the {here.n_nodes:,} units weighs all {below.n_nodes:,} {inputs}"
    return f"{each}; {own} answers most: {outcome(trace, node)}."


def logits(trace: Trace) -> str:
    """The two largest logits."""
    below, values = trace.network.layers[-2], trace.logits[0]
    first, second = ranked(trace)[:2]
    return (
        f"Each of the {len(values)} outputs weighs all {below.n_nodes:,} nodes of {below.name}; their sums are the "
        f"logits: {figure(values[first])} for {first}, then {figure(values[second])} for {second}."
    )


def softmax(trace: Trace) -> str:
    """The two largest probabilities, and the rest."""
    shares = trace.probabilities[0].astype(np.float64)
    first, second, *others = ranked(trace)
    return (
        f"Softmax turns the logits into probabilities: {percentage(shares[first])} for {first}, "
        f"{percentage(shares[second])} for {second}, {percentage(shares[others].sum())} for all others."
    )


def answer(trace: Trace, empty: bool) -> str:
    """The first guess, and how far it is ahead."""
    first, second = ranked(trace)[:2]
    share = percentage(trace.probabilities[0, first])
    if empty:
        return f"To no ink the network would say {first}, with {share}; but the pad is empty, so that is no answer."
    lead = float(trace.logits[0, first]) - float(trace.logits[0, second])
    times = "over a million" if lead > 13.8 else f"{np.exp(lead):,.{1 if lead < 4.6 else 0}f}"
    return (
        f"The answer is {first} with {share}: {times} times as likely as {second}, "
        f"its logit being {figure(lead)} larger."
    )


# Single nodes


def outcome(trace: Trace, node: int) -> str:
    """ "sum 1.84, relu 1.84"; of a node that has no sum, its value."""
    here = trace.network.layers[trace.network.layer_index_of(node)]
    pre, value = float(trace.pre[0, node]), float(trace.activation[0, node])
    if here.kind in ("input", "pool"):
        return figure(value)
    if here.activation == "softmax":
        return f"logit {figure(pre)}, softmax {percentage(value)}"
    return f"sum {figure(pre)}, {here.activation} {figure(value)}"


def pooled(trace: Trace, node: int) -> str:
    """What a pooling node takes, and what it leaves."""
    edges = trace.network.edges_into(node, trace)
    assert edges.won is not None
    values = trace.activation[0, edges.source]
    left = sorted(values[~edges.won].tolist(), reverse=True)
    _, place = called(trace.network, int(edges.source[edges.won][0]))
    return f"takes {figure(values.max())} from {place} and leaves {listed([figure(value) for value in left])}"


def beginning(trace: Trace, node: int, pixel: int) -> str:
    """What a node sees of the picture, and the pixel where its strongest path begins."""
    network = trace.network
    rows, columns = network.image_shape
    field = receptive_field(network, node) or Field(0, 0, 0, 0)
    height, width = field.row1 - field.row0, field.col1 - field.col0
    inked = np.count_nonzero(trace.activation[0, pixels_of(network, field)])
    return (
        f"{network.node_name(node)} sees {'all ' * (height == rows and width == columns)}{height}×{width} pixels, "
        f"{inked or 'none'} with ink; its strongest inputs, followed back, "
        f"begin at {network.node_name(pixel)}: {outcome(trace, pixel)}."
    )


def passing(trace: Trace, flow: Flow) -> str:
    """What a node on the way has got, and what it gives to the next."""
    network = trace.network
    here = network.layers[network.layer_index_of(flow.source)]
    above = network.layers[network.layer_index_of(flow.target)]
    target = network.node_name(flow.target)
    got = _capital(outcome(trace, flow.source))
    if here.kind == "pool":
        got = f"Takes over the largest of its {here.fan_in} inputs, {got}"
    if above.kind == "pool":
        return f"{got}: the largest of the {above.fan_in} inputs of {target}."
    if flow.product == 0:
        return f"{got}; nothing comes into {target}, which would listen most to this one: weight {figure(flow.weight)}."
    most = f"adds most to {target}" if flow.product > 0 else f"takes most away from {target}"
    product = f"weight {figure(flow.weight)} × {figure(flow.value)} = {figure(flow.product)}"
    return f"{got}; of {above.fan_in:,} inputs this one {most}: {product}."


def arriving(trace: Trace, flow: Flow) -> str:
    """The whole calculation of the node that a walk leads to."""
    network, node = trace.network, flow.target
    here = network.layers[network.layer_index_of(node)]
    bias = incoming(trace, node).bias
    if bias is None:
        return f"Of its {here.fan_in} inputs it {pooled(trace, node)}."
    rest = float(trace.pre[0, node]) - bias - flow.product
    return (
        f"{figure(flow.product)} from {network.node_name(flow.source)}, {figure(rest)} from the other "
        f"{here.fan_in - 1:,} inputs, and the bias {figure(bias)}: {outcome(trace, node)}."
    )


def pixel(trace: Trace, node: int) -> str:
    """An input node by itself."""
    if receptive_field(trace.network, node) is None:
        return "It belongs to the frame around the picture, which is always empty: 0."
    return f"It is the mean of the ink that lies on it: {outcome(trace, node)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# Names


def called(network: Network, node: int) -> tuple[str, str]:
    """("conv2 map 7", "(3, 4)"), ("fc1 unit 31", "")."""
    name, _, place = network.node_name(node).partition(" (")
    return name, f"({place}" if place else ""


def pixels_of(network: Network, field: Field) -> NDArray[np.int64]:
    """int64[n]: ids of the input nodes in a field of the picture, ascending."""
    source = network.layers[0]
    assert isinstance(source, Input)
    rows = np.arange(field.row0, field.row1) + source.pad
    columns = np.arange(field.col0, field.col1) + source.pad
    return (rows[:, None] * source.shape[2] + columns).ravel()


def ranked(trace: Trace) -> list[int]:
    """The classes, that of the largest logit first."""
    return [int(digit) for digit in np.argsort(-trace.logits[0], kind="stable")]
