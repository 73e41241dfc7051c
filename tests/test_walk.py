"""Walks: their order, the nodes they show, and that the numbers in their sentences are the network's."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

from vizapp import nets
from vizapp.explorer import WALKS, Drawing, Explorer
from vizapp.inputs import SAMPLES, Stroke
from vizapp.walk import KINDS, Walk, forward_walk, make_walk, walk_to

BAR = np.array([[0.3, 0.5], [0.7, 0.5]], np.float32)
SPOT = np.zeros((28, 28), np.float32)
SPOT[10:14, 5:9] = 0.75
DRAWINGS = {
    "sample": Drawing(tuple(SAMPLES[0].strokes)),
    "empty": Drawing(),
    "image": Drawing(image=SPOT),
    "rubbed out": Drawing((Stroke(BAR), Stroke(BAR, width=8.0, erase=True))),
}
STATES = [(name, drawing) for name in nets.names() for drawing in DRAWINGS]


def explorer_of(name: str, drawing: str = "sample") -> Explorer:
    return Explorer(network=name, drawing=DRAWINGS[drawing])


def some_nodes(explorer: Explorer) -> list[int]:
    """The strongest, the weakest, the first and the last node of every layer."""
    found = []
    for layer in explorer.net.layers:
        span = explorer.net.span(layer.name)
        pre = explorer.trace.pre[0, span]
        picks = (int(pre.argmax()), int(pre.argmin()), 0, layer.n_nodes - 1)
        found += [span.start + pick for pick in dict.fromkeys(picks)]
    return found


def walks(explorer: Explorer) -> list[Walk]:
    return [forward_walk(explorer), *(walk_to(explorer, node) for node in some_nodes(explorer))]


# Numbers in sentences

NUMBER = r"(−?\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?)"


def numbers(pattern: str, sentence: str) -> list[str]:
    """What stands at each # of the pattern; the rest must be there to the letter."""
    found = re.fullmatch(re.escape(pattern).replace(r"\#", NUMBER).replace(r"\*", ".*?"), sentence)
    assert found, f"{sentence!r} is not of the form {pattern!r}"
    return list(found.groups())


def same(text: str, value: float, tolerance: float = 1e-6) -> None:
    """The text is the value, rounded to the digits that it shows."""
    plain = text.replace("−", "-").replace(",", "")
    mantissa, _, exponent = plain.partition("e")
    digits = len(mantissa.partition(".")[2]) - int(exponent or 0)
    assert abs(float(plain) - value) <= 0.5 * 10**-digits + tolerance * max(1, abs(value)), (
        f"{text} is not {value}"
    )


def position(explorer: Explorer, node: int, frame: int = 0) -> list[int]:
    """Row and column of a node, less a frame."""
    layer = explorer.net.layers[explorer.net.layer_index_of(node)]
    local = node - explorer.net.span(layer.name).start
    return [int(i) - frame for i in np.unravel_index(local, layer.shape)[1:]]


# The whole forward pass


def test_the_forward_pass_goes_through_everything_in_order() -> None:
    before = ["Drawing", "Fit and centre", "Pixels"]
    after = ["Logits", "Softmax", "Answer"]
    cnn = ["Frame", "conv1", "pool1", "conv2", "pool2", "fc1", "fc2"]
    assert forward_walk(explorer_of("cnn")).titles == [*before, *cnn, *after]
    assert forward_walk(explorer_of("mlp")).titles == [*before, "fc1", "fc2", *after]


@pytest.mark.parametrize(("name", "drawing"), STATES)
def test_every_step_is_whole(name: str, drawing: str) -> None:
    explorer = explorer_of(name, drawing)
    layers = [None, *(layer.name for layer in explorer.net.layers)]
    for walk in walks(explorer):
        steps = list(walk)
        assert [step.title for step in steps] == walk.titles
        assert len(steps) == len(walk)
        order = [layers.index(step.layer) for step in steps]
        assert order == sorted(order)
        for step in steps:
            assert re.fullmatch(r"[A-Z0-9−].+\.", step.sentence) or step.sentence[0].islower()
            assert "  " not in step.sentence
            assert len(step.sentence.split()) < 36
            assert (np.diff(step.lit) > 0).all()
            assert set(step.nodes) <= set(step.lit.tolist())
            assert all(0 <= node < explorer.net.n_nodes for node in step.lit)
            for node in step.nodes[:1]:
                assert explorer.net.layers[explorer.net.layer_index_of(node)].name == step.layer


@pytest.mark.parametrize(("name", "drawing"), STATES)
def test_layers_are_told_at_their_strongest_node_with_its_numbers(name: str, drawing: str) -> None:
    explorer = explorer_of(name, drawing)
    network, trace = explorer.net, explorer.trace
    for step in forward_walk(explorer):
        if step.title not in [layer.name for layer in network.layers]:
            continue
        layer = network.layer(step.title)
        (node, *others), span = step.nodes, network.span(step.title)
        pre, value = float(trace.pre[0, node]), float(trace.activation[0, node])
        assert pre == trace.pre_of(step.title).max()
        local = node - span.start
        if layer.kind == "conv":
            kernel = "×".join("#" * (3 if layer.below[0] > 1 else 2))
            found = numbers(
                f"Each of the # maps slides its own {kernel} kernel over *; "
                "map # answers most, at (#, #): sum #, relu #.",
                step.sentence,
            )
            plane, row, column = (int(i) for i in np.unravel_index(local, layer.shape))
            maps, *sizes, at_map, at_row, at_column, summed, activated = found
            assert [int(i) for i in (maps, at_map, at_row, at_column)] == [
                layer.shape[0],
                plane + 1,
                row,
                column,
            ]
            assert [int(i) for i in sizes] == [size for size in layer.weight.shape[1:] if size > 1]
        elif layer.kind == "pool":
            found = numbers(
                "Each map keeps the largest of every #×#: map # (#, #) takes # from (#, #) and leaves #, # and #.",
                step.sentence,
            )
            plane, row, column = (int(i) for i in np.unravel_index(local, layer.shape))
            below = trace.layer(network.layers[network.layer_index_of(node) - 1].name)[0, plane]
            square = below[2 * row : 2 * row + 2, 2 * column : 2 * column + 2].ravel()
            assert [int(i) for i in found[:5]] == [2, 2, plane + 1, row, column]
            taken, at_row, at_column, *left = found[5:]
            for text, expected in zip((taken, *left), sorted(square, reverse=True), strict=True):
                same(text, expected)
            assert [int(at_row), int(at_column)] == position(explorer, others[0])
            assert trace.activation[0, others[0]] == square.max()
            continue
        else:
            found = numbers(
                "Each of the # units weighs all # *; unit # answers most: sum #, relu #.", step.sentence
            )
            units, inputs, unit, summed, activated = found
            counts = [int(i.replace(",", "")) for i in (units, inputs, unit)]
            assert counts == [*layer.weight.shape, local + 1]
        same(summed, pre)
        same(activated, value)


@pytest.mark.parametrize(("name", "drawing"), STATES)
def test_the_end_is_the_answer(name: str, drawing: str) -> None:
    explorer = explorer_of(name, drawing)
    trace = explorer.trace
    *_, logits, softmax, answer = forward_walk(explorer)
    order = np.argsort(-trace.logits[0], kind="stable")
    first, second = order[:2]
    start = explorer.net.span("output").start
    assert logits.nodes == softmax.nodes == (start + first, start + second)
    assert answer.nodes == (start + first,)
    _, inputs, one, digit, other, rival = numbers(
        "Each of the # outputs weighs all # nodes of *; their sums are the logits: # for #, then # for #.",
        logits.sentence,
    )
    assert (int(inputs), int(digit), int(rival)) == (100, first, second)
    same(one, trace.logits[0, first])
    same(other, trace.logits[0, second])
    shares = trace.probabilities[0].astype(float)
    expected = [shares[first], shares[second], 1 - shares[first] - shares[second]]
    parts = re.findall(r"([\d.]+|under 0.1) %", softmax.sentence)
    for text, share in zip(parts, expected, strict=True):
        if text == "under 0.1":
            assert share < 0.001
        else:
            same(text, 100 * share)
    if explorer.empty:
        assert "no answer" in answer.sentence
        return
    digit, share, rival, lead = numbers(
        "The answer is # with # %: * times as likely as #, its logit being # larger.", answer.sentence
    )
    assert (int(digit), int(rival)) == (explorer.prediction, second)
    same(share, 100 * shares[first])
    same(lead, trace.logits[0, first] - trace.logits[0, second])
    if times := re.search(rf"{NUMBER} times", answer.sentence):
        same(times[1], shares[first] / shares[second])


@pytest.mark.parametrize("name", nets.names())
def test_the_drawing_is_told_as_it_is(name: str) -> None:
    explorer = explorer_of(name)
    pad, fit, pixels, *_ = forward_walk(explorer)
    assert pad.sentence == "The pad holds 1 stroke of the pen through 89 points."
    assert pad.layer is None
    assert pad.nodes == ()
    (scale, *_) = numbers(
        "Scaled by # the drawing fits #×# pixels; its centre of mass moves to the middle, pixel (#, #).",
        fit.sentence,
    )
    # Independently: how much larger the longer side of the ink's path is in the picture than on the pad.
    points = np.concatenate([stroke.points for stroke in explorer.drawing.strokes])
    longer = float(np.ptp(points, axis=0).max()) * 28
    assert float(scale) == pytest.approx((20 - explorer.drawing.strokes[0].width) / longer, rel=0.02)
    rows, columns, inked, row, column, most = numbers(
        "Each of the #×# pixels is the mean of the ink that lies on it: # hold some, (#, #) the most, #.",
        pixels.sentence,
    )
    image = explorer.image
    assert (int(rows), int(columns), int(inked)) == (28, 28, int((image > 0).sum()))
    assert image[int(row), int(column)] == image.max()
    same(most, float(image.max()))
    frame = explorer.net.layers[0].pad
    assert position(explorer, pixels.nodes[0], frame) == [int(row), int(column)]
    assert explorer.trace.activation[0, pixels.nodes[0]] == image.max()


def test_what_else_may_be_on_the_pad() -> None:
    def told(explorer: Explorer) -> list[str]:
        return [step.sentence for step, _ in zip(forward_walk(explorer), range(3), strict=False)]

    assert "is empty" in told(explorer_of("cnn", "empty"))[0]
    assert "nothing to fit" in told(explorer_of("cnn", "empty"))[1]
    assert told(explorer_of("cnn", "image"))[0] == "The pad holds an image of 28×28 pixels."
    pad, fit, pixels = told(explorer_of("mlp", "rubbed out"))
    assert pad == "The pad holds 1 stroke of the pen through 2 points and 1 stroke of the eraser."
    assert "nothing to fit" in fit
    assert "all are 0" in pixels
    off = Explorer(drawing=DRAWINGS["sample"], normalise=False)
    assert "is off" in told(off)[1]


def test_the_sentence_follows_the_drawing() -> None:
    explorer = explorer_of("cnn")
    before = [step.sentence for step in forward_walk(explorer)]
    explorer.pen(1, 0, BAR, 2.4, False)
    after = [step.sentence for step in forward_walk(explorer)]
    changed = [a != b for a, b in zip(before, after, strict=True)]
    assert sum(changed) >= 10


# To one node


@pytest.mark.parametrize(("name", "drawing"), STATES)
def test_a_walk_to_a_node_ends_there_and_each_step_feeds_the_next(name: str, drawing: str) -> None:
    explorer = explorer_of(name, drawing)
    network = explorer.net
    for node in some_nodes(explorer):
        walk = walk_to(explorer, node)
        steps = list(walk)
        assert walk.node == node
        assert network.node_name(node) in walk.title
        assert steps[-1].nodes[0] == node
        assert steps[-1].layer == network.layers[network.layer_index_of(node)].name
        if network.layer_index_of(node) == 0:
            continue
        assert [step.layer for step in steps] == [
            layer.name for layer in network.layers[: network.layer_index_of(node) + 1]
        ]
        for earlier, later in pairwise(steps):
            sources = network.edges_into(later.nodes[0]).source
            assert earlier.nodes[0] in sources
            assert set(sources.tolist()) <= set(later.lit.tolist())
            # The way that was gone stays selected.
            assert later.nodes[1:] == earlier.nodes


@pytest.mark.parametrize(("name", "drawing"), STATES)
def test_the_last_step_adds_up_to_the_node(name: str, drawing: str) -> None:
    explorer = explorer_of(name, drawing)
    network, trace = explorer.net, explorer.trace
    for node in some_nodes(explorer):
        layer = network.layers[network.layer_index_of(node)]
        last = list(walk_to(explorer, node))[-1]
        sentence = last.sentence
        pre, value = float(trace.pre[0, node]), float(trace.activation[0, node])
        if layer.kind == "input":
            continue
        if layer.kind == "pool":
            count, taken, _, _, *left = numbers(
                "Of its # inputs it takes # from (#, #) and leaves #, # and #.", sentence
            )
            values = trace.activation[0, network.edges_into(node).source]
            assert int(count) == len(values)
            for text, expected in zip((taken, *left), sorted(values, reverse=True), strict=True):
                same(text, expected)
            continue
        end = "logit #, softmax *" if layer.activation == "softmax" else "sum #, relu #"
        strongest, rest, others, bias, summed, *activated = numbers(
            f"# from *, # from the other # inputs, and the bias #: {end}.", sentence
        )
        sources = network.edges_into(node)
        products = sources.weight.astype(float) * trace.activation[0, sources.source]
        local = node - network.span(layer.name).start
        own_bias = float(layer.bias[local // (layer.n_nodes // len(layer.bias))])
        strong = float(products[sources.source == last.nodes[1]][0])
        same(strongest, strong)
        same(bias, own_bias)
        assert int(others.replace(",", "")) == len(products) - 1
        same(rest, products.sum() - strong, 1e-5 * float(np.abs(products).sum()) + 1e-6)
        same(summed, pre)
        for text in activated:
            same(text, value)


@pytest.mark.parametrize(("name", "drawing"), STATES)
def test_what_a_node_on_the_way_gives_is_its_product(name: str, drawing: str) -> None:
    explorer = explorer_of(name, drawing)
    network, trace = explorer.net, explorer.trace
    for node in some_nodes(explorer):
        steps = list(walk_to(explorer, node))
        if network.layer_index_of(node) == 0:
            continue
        for earlier, later in pairwise(steps[1:]):
            here, next_ = earlier.nodes[0], later.nodes[0]
            assert network.node_name(next_) in earlier.sentence
            found = re.search(rf"weight {NUMBER} × {NUMBER} = {NUMBER}\.", earlier.sentence)
            if found is None:
                assert network.layers[network.layer_index_of(next_)].kind == "pool"
                continue
            edges = network.edges_into(next_)
            weight = float(edges.weight[edges.source == here][0])
            same(found[1], weight)
            same(found[2], float(trace.activation[0, here]))
            same(found[3], weight * float(trace.activation[0, here]))
            assert ("takes most away" in earlier.sentence) == (weight * trace.activation[0, here] < 0)


@pytest.mark.parametrize("name", nets.names())
def test_the_pixels_that_a_node_sees(name: str) -> None:
    explorer = explorer_of(name)
    network = explorer.net
    for node in some_nodes(explorer):
        if network.layer_index_of(node) == 0:
            continue
        first = walk_to(explorer, node)[0]
        high, wide = numbers("* sees *#×# pixels*", first.sentence)
        # Brute force: whatever pixels lie below, layer by layer.
        reached = {node}
        while min(reached) >= network.offsets[1]:
            reached = {int(source) for target in reached for source in network.edges_into(target).source}
            if len(reached) == network.layers[network.layer_index_of(min(reached))].n_nodes:
                reached = set(range(network.layers[0].n_nodes))
        frame = network.layers[0].pad
        inside = [position(explorer, pixel, frame) for pixel in reached]
        inside = [place for place in inside if min(place) >= 0 and max(place) < 28]
        assert len(inside) == int(high) * int(wide)
        assert f" {sum(explorer.image[r, c] > 0 for r, c in inside) or 'none'} with ink" in first.sentence
        lit = [position(explorer, int(pixel), frame) for pixel in first.lit]
        assert {tuple(place) for place in inside} <= {tuple(place) for place in lit}


def test_pixels_themselves() -> None:
    explorer = explorer_of("cnn")
    inked = int(explorer.trace.activation[0, :1024].argmax())
    assert walk_to(explorer, inked).titles == ["Drawing", "Fit and centre", explorer.net.node_name(inked)]
    assert "is the mean of the ink" in walk_to(explorer, inked)[2].sentence
    assert "always empty" in walk_to(explorer, 0)[2].sentence


# Kinds


def test_there_is_a_maker_for_every_kind_that_the_state_can_name() -> None:
    assert tuple(KINDS) == WALKS
    explorer = explorer_of("cnn")
    for kind in WALKS:
        walk = make_walk(explorer, kind, None)
        assert walk is not None
        assert (walk.kind, walk.node) == (kind, None)
        to = make_walk(explorer, kind, 9000)
        assert to is not None
        assert (to.kind, to.node) == (kind, 9000)


def test_no_walk_and_unknown_nodes() -> None:
    explorer = explorer_of("mlp")
    assert make_walk(explorer, None, 3) is None
    beyond = make_walk(explorer, "forward", 99_999)
    assert beyond is not None
    assert beyond.node is None
    with pytest.raises(ValueError, match="no node"):
        walk_to(explorer, 99_999)
    with pytest.raises(IndexError):
        forward_walk(explorer)[99]
