"""The audit: what the page is told about a node is what the node computes.

For every node of both networks the inspector's message is taken at its word: from the inputs, weights and bias in it
the node is computed again, by formulas written out here, and compared with the pre-activation and output in the same
message, with `Network.forward`, with ONNX Runtime, and with the parameters as the layer's definition indexes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp import nets, onnx_engine
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import SAMPLES, Stroke, reference
from vizapp.nets import Network
from vizapp.views import wire
from vizapp.views.edges import warm
from vizapp.views.inspection import inspection_message
from vizapp.views.link import Link

Array = NDArray[Any]
Message = dict[str, Any]

CLOSE = {"rtol": 2e-5, "atol": 2e-5}
"""Of sums of up to 1024 products in float32, against float64."""
WHOLE = Drawing(tuple(SAMPLES[0].strokes))
PHOTO = reference()[0][4].astype(np.float32) / np.float32(255)
BAR = Stroke(np.array([[0.2, 0.85], [0.8, 0.8]], np.float32), 4.0)
SAMPLED = {
    "loaded image": Drawing(image=PHOTO),
    "strokes over an image": Drawing((BAR,), np.roll(PHOTO, 4, 1)),
}
PER_LAYER = 60


@dataclass(frozen=True, repr=False)
class Told:
    """A session, and what its page was told about nodes: node → message."""

    explorer: Explorer
    messages: dict[int, Message]

    @property
    def net(self) -> Network:
        return self.explorer.net

    def of_layer(self, name: str) -> list[Message]:
        span = self.net.span(name)
        return [self.messages[node] for node in range(span.start, span.stop) if node in self.messages]


@cache
def every_node(name: str) -> Told:
    explorer = Explorer(network=name, drawing=WHOLE)
    return Told(explorer, {n: inspection_message(explorer, n) for n in range(explorer.net.n_nodes)})


@cache
def some_nodes(name: str, drawing: str, normalise: bool) -> Told:
    explorer = Explorer(network=name, drawing=SAMPLED[drawing], normalise=normalise)
    rng, nodes = np.random.default_rng(7), set()
    for layer in explorer.net.layers:
        span = explorer.net.span(layer.name)
        nodes |= {span.start, span.stop - 1, *rng.integers(span.start, span.stop, PER_LAYER).tolist()}
        if layer.n_nodes <= 10:
            nodes |= set(range(span.start, span.stop))
    return Told(explorer, {n: inspection_message(explorer, n) for n in sorted(nodes)})


CASES = [(name, "every node", True) for name in nets.names()] + [
    (name, drawing, normalise)
    for name in nets.names()
    for drawing, normalise in (("loaded image", True), ("strokes over an image", False))
]


@pytest.fixture(params=CASES, ids=lambda case: "-".join(case[:2]))
def told(request: pytest.FixtureRequest) -> Told:
    name, drawing, normalise = request.param
    return every_node(name) if drawing == "every node" else some_nodes(name, drawing, normalise)


# The sources and weights of a node by definition, written out.


def by_definition(network: Network, node: int) -> tuple[Array, Array, float | None]:
    """Source ids, weights and bias of a node: y[m, r, c] = Σ k[m, a, i, j] x[a, r + i, c + j] + b[m], y = W x + b."""
    at = next(i for i, layer in enumerate(network.layers) if node < network.offsets[i + 1])
    layer, local = network.layers[at], node - int(network.offsets[at])
    if at == 0:
        return np.empty(0, int), np.empty(0), None
    below = np.arange(network.offsets[at - 1], network.offsets[at]).reshape(network.layers[at - 1].shape)
    if layer.kind == "dense":
        return below.ravel(), layer.weight[local], float(layer.bias[local])
    _, rows, columns = layer.shape
    m, r, c = local // (rows * columns), local // columns % rows, local % columns
    if layer.kind == "pool":
        patch = below[m, 2 * r : 2 * r + 2, 2 * c : 2 * c + 2]
        return patch.ravel(), np.ones(4), None
    patch = below[:, r : r + 5, c : c + 5]
    return patch.ravel(), layer.weight[m].ravel(), float(layer.bias[m])


def recomputed(message: Message) -> float:
    """The pre-activation, from what the message says alone."""
    inputs, weights = message["inputs"].astype(np.float64), message["weights"].astype(np.float64)
    return float(inputs.max()) if message["kind"] == "pool" else float(inputs @ weights) + message["bias"]


def test_a_node_is_told_with_its_own_sources_weights_and_bias(told: Told) -> None:
    for node, message in told.messages.items():
        sources, weights, bias = by_definition(told.net, node)
        np.testing.assert_array_equal(message["sources"], sources, message["name"])
        np.testing.assert_array_equal(message["weights"], weights.astype(np.float32), message["name"])
        assert message["bias"] == bias
        assert message["node"] == node
        assert message["name"] == told.net.node_name(node)
        assert message["network"] == told.net.name


def test_its_inputs_are_the_outputs_of_its_sources(told: Told) -> None:
    output = told.net.forward(told.explorer.image).activation[0]
    for node, message in told.messages.items():
        assert message["output"] == output[node]
        np.testing.assert_array_equal(message["inputs"], output[message["sources"]])


def test_inputs_times_weights_and_the_bias_make_the_pre_activation(told: Told) -> None:
    pre = told.net.forward(told.explorer.image).pre[0]
    for node, message in told.messages.items():
        assert message["pre"] == pre[node]
        if message["kind"] != "input":
            np.testing.assert_allclose(message["pre"], recomputed(message), **CLOSE, err_msg=message["name"])


def test_the_activation_function_makes_the_output(told: Told) -> None:
    logits = [recomputed(message) for message in told.of_layer("output")]
    for message in told.messages.values():
        if message["kind"] == "input":
            continue
        value, name = recomputed(message), message["activation"]
        if name == "relu":
            expected = value if value > 0 else 0.0
        elif name == "softmax":
            expected = np.exp(value) / sum(np.exp(logit) for logit in logits)
        else:
            assert name == "identity"
            expected = value
        np.testing.assert_allclose(message["output"], expected, **CLOSE, err_msg=message["name"])


def test_another_engine_computes_the_same(told: Told) -> None:
    values = onnx_engine.run(told.net, told.explorer.image[None])
    frame = (told.net.layers[0].shape[1] - 28) // 2
    values["input"] = np.pad(told.explorer.image, frame)
    for layer in told.net.layers:
        output = values[layer.name].ravel()
        pre = values.get(f"{layer.name}.pre", output).ravel()
        first = told.net.span(layer.name).start
        messages = told.of_layer(layer.name)
        at = [message["node"] - first for message in messages]
        np.testing.assert_allclose([m["pre"] for m in messages], pre[at], **CLOSE)
        np.testing.assert_allclose([m["output"] for m in messages], output[at], **CLOSE)


def test_the_listed_terms_and_the_rest_are_the_whole_sum(told: Told) -> None:
    for message in told.messages.values():
        terms, rest = message["terms"], message["rest"]
        if message["bias"] is None:
            assert (terms, rest) == ([], {"count": 0, "sum": 0.0})
            continue
        place = {source: i for i, source in enumerate(message["sources"].tolist())}
        products = message["inputs"].astype(np.float64) * message["weights"].astype(np.float64)
        listed = [place[term["source"]] for term in terms]
        for i, term in zip(listed, terms, strict=True):
            assert (term["input"], term["weight"]) == (message["inputs"][i], message["weights"][i])
            assert term["product"] == products[i] == term["input"] * term["weight"]
        sizes = [abs(term["product"]) for term in terms]
        assert sizes == sorted(sizes, reverse=True)
        others = np.delete(products, listed)
        assert len(terms) <= 12
        assert not len(terms) or np.abs(others).max(initial=0) <= sizes[-1]
        assert rest["count"] == len(others)
        total = sum(term["product"] for term in terms) + rest["sum"] + message["bias"]
        assert total == pytest.approx(recomputed(message), abs=1e-9)


def test_a_pool_tells_the_first_of_its_largest_inputs(told: Told) -> None:
    for message in told.messages.values():
        if message["kind"] != "pool":
            assert message["winner"] is None
            continue
        inputs = message["inputs"].tolist()
        assert message["winner"] == inputs.index(max(inputs))
        assert message["output"] == inputs[message["winner"]]


def test_a_kernel_and_a_map_are_told_as_their_nodes_are(told: Told) -> None:
    trace = told.explorer.trace
    for node, message in told.messages.items():
        shown, kernel = message["map"], message["kernel"]
        if message["kind"] in ("dense", "output"):
            assert (shown, kernel) == (None, None)
            continue
        place = message["place"]
        assert shown["first"] + place["row"] * shown["cols"] + place["col"] == node
        for key, values in (("pre", trace.pre[0]), ("output", trace.activation[0])):
            assert shown[key][node - shown["first"]] == message[key]
            stop = shown["first"] + shown["rows"] * shown["cols"]
            np.testing.assert_array_equal(shown[key], values[shown["first"] : stop])
        if message["kind"] == "conv":
            np.testing.assert_array_equal(kernel["weights"], message["weights"])
            assert [kernel["maps"], kernel["size"], kernel["size"]] == message["shape"]
        else:
            assert kernel is None


@pytest.mark.parametrize("name", nets.names())
def test_weights_that_go_out_are_those_that_come_in_above(name: str) -> None:
    told = every_node(name)
    for message in told.messages.values():
        out = message["out"]
        if out is None:
            continue
        targets = told.of_layer(out["layer"])
        assert targets[0]["node"] == out["first"]
        local = message["node"] - int(targets[0]["sources"][0])
        np.testing.assert_array_equal(out["weights"], [target["weights"][local] for target in targets])
    layers = [layer.name for layer in told.net.layers]
    below_dense = {layers[i] for i, layer in enumerate(told.net.layers[1:]) if layer.kind == "dense"}
    assert {m["layer"] for m in told.messages.values() if m["out"]} == below_dense


@pytest.mark.parametrize("name", nets.names())
def test_effects_follow_from_the_weights_that_go_out_and_the_effects_above(name: str) -> None:
    """The chain rule, with nothing but what is told: of silent targets nothing passes on."""
    told = every_node(name)
    for message in told.messages.values():
        out = message["out"]
        if out is None:
            continue
        targets = told.of_layer(out["layer"])
        if targets[0]["kind"] == "output":
            expected = out["weights"]
        else:
            active = [
                weight * (target["pre"] > 0) for weight, target in zip(out["weights"], targets, strict=True)
            ]
            expected = np.array(active) @ np.array([target["effect"] for target in targets])
        np.testing.assert_allclose(message["effect"], expected, **CLOSE, err_msg=message["name"])
    assert all(m["effect"] is None for m in told.of_layer("output"))


def test_outputs_are_told_with_all_logits_and_what_the_other_guess_lacks(told: Told) -> None:
    outputs = told.of_layer("output")
    logits = np.array([message["pre"] for message in outputs])
    for digit, message in enumerate(outputs):
        np.testing.assert_array_equal(message["logits"], logits.astype(np.float32))
        np.testing.assert_array_equal(
            message["probabilities"], np.float32([other["output"] for other in outputs])
        )
        rival = message["rival"]
        other = max((k for k in range(10) if k != digit), key=lambda k: logits[k])
        theirs = outputs[other]
        assert (rival["node"], rival["name"]) == (theirs["node"], theirs["name"])
        assert rival["gap"] == pytest.approx(logits[digit] - logits[other], abs=1e-12)
        assert rival["bias"] == pytest.approx(message["bias"] - theirs["bias"], abs=1e-12)
        place = {source: i for i, source in enumerate(message["sources"].tolist())}
        for term in rival["terms"]:
            i = place[term["source"]]
            value = float(message["inputs"][i])
            assert term["mine"] == pytest.approx(value * float(message["weights"][i]), abs=1e-12)
            assert term["theirs"] == pytest.approx(value * float(theirs["weights"][i]), abs=1e-12)
            assert term["difference"] == pytest.approx(term["mine"] - term["theirs"], abs=1e-12)
        total = sum(term["difference"] for term in rival["terms"]) + rival["rest"]["sum"] + rival["bias"]
        assert total == pytest.approx(rival["gap"], abs=2e-5)
        assert len(rival["terms"]) + rival["rest"]["count"] == len(message["sources"])
    for message in told.messages.values():
        if message["kind"] != "output":
            assert (message["rival"], message["logits"], message["probabilities"]) == (None, None, None)


def test_an_input_pixel_is_the_mean_of_the_ink_that_is_told_for_it(told: Told) -> None:
    inked = 0
    for message in told.messages.values():
        ink = message["ink"]
        if message["kind"] != "input" or message["field"] is None:
            assert ink is None
            continue
        total = float(ink["values"].astype(np.float64) @ ink["weights"].astype(np.float64))
        assert total == pytest.approx(message["output"], abs=1e-6)
        assert ink["value"] == message["output"]
        assert len(ink["values"]) == ink["rows"] * ink["cols"]
        np.testing.assert_array_equal(ink["pixels"], np.rint(ink["values"] * 255))
        field, place = message["field"], message["place"]
        frame = (told.net.layers[0].shape[1] - 28) // 2
        assert (field["row0"], field["col0"]) == (place["row"] - frame, place["col"] - frame)
        inked += message["output"] > 0
    assert inked > 5


def test_the_same_node_is_told_for_the_reference_drawing() -> None:
    for name in nets.names():
        explorer = Explorer(network=name, drawing=WHOLE, reference=SAMPLED["loaded image"])
        alone = Explorer(network=name, drawing=SAMPLED["loaded image"])
        for node in range(0, explorer.net.n_nodes, 97):
            told = inspection_message(explorer, node)
            expected = inspection_message(alone, node)
            assert told["reference"] == {key: expected[key] for key in ("pre", "output")}


# The edge views


def test_the_parameters_that_the_page_computes_edges_from_are_the_networks() -> None:
    for name in nets.names():
        network = nets.load(name)
        parameters = wire.network_message(network, Explorer(network=name).layout)["parameters"]
        assert list(parameters) == list(network.parameters)
        for key, value in network.parameters.items():
            np.testing.assert_array_equal(parameters[key], value.ravel())


class Page(Link):
    """A Link whose page is this test."""

    def __init__(self, explorer: Explorer) -> None:
        super().__init__(explorer)
        self.heard: list[Message] = []
        self.say({"type": "ready", "state": None})

    def _send_msg(self, data: Any) -> None:
        self.heard.append(data)

    def say(self, message: Message) -> list[Message]:
        self.heard.clear()
        self._handle_msg(message)
        return list(self.heard)


@pytest.mark.parametrize("name", nets.names())
def test_edges_at_the_pointer_are_told_with_their_own_weights(name: str) -> None:
    warm().result()
    explorer = Explorer(network=name, drawing=WHOLE)
    page, network, flat = Page(explorer), explorer.net, explorer.layout.flat
    rng = np.random.default_rng(3)
    layers_seen: set[str] = set()
    found = 0
    for layer in network.layers[1:]:
        span = network.span(layer.name)
        for target in rng.integers(span.start, span.stop, 6).tolist():
            edges = network.edges_into(target)
            # The strongest edge: some flow nothing, and are not shown.
            flow = np.abs(explorer.trace.activation[0, edges.source] * edges.weight)
            x, y = (flat[target] * 0.45 + flat[edges.source[flow.argmax()]] * 0.55).tolist()
            near = {"x0": x - 0.5, "x1": x + 0.5, "y0": y - 0.5, "y1": y + 0.5, "width": 400, "height": 400}
            page.say({"type": "viewport", "seq": 1, **near})
            (probe,) = page.say({"type": "probe", "seq": 2, "x": x, "y": y})
            for edge in probe["edges"]:
                sources, weights, _ = by_definition(network, edge["target"])
                assert edge["weight"] == np.float32(weights[sources.tolist().index(edge["source"])])
                assert edge["to"] == network.node_name(edge["target"])
                assert edge["from"] == network.node_name(edge["source"])
                layers_seen.add(edge["to"].split()[0])
                found += 1
    assert layers_seen == {layer.name for layer in network.layers[1:]}
    assert found > 30
