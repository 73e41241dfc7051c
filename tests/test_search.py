"""Searching: what a query finds is computed here once more, from the network, the trace and the relevance."""

from __future__ import annotations

import random
import re
import string
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp import nets
from vizapp.analysis import relevance
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import SAMPLES
from vizapp.search import LONGEST, MOST, Result, search, suggestions


@pytest.fixture
def explorer() -> Explorer:
    return Explorer(network="cnn", drawing=Drawing(tuple(SAMPLES[0].strokes)))


def nodes(explorer: Explorer, text: str) -> list[int]:
    """Of the first result."""
    found = search(explorer, text)
    assert found.results, f"{text!r}: {found.hint}"
    return found.results[0].nodes.tolist()


def hint(explorer: Explorer, text: str) -> str:
    found = search(explorer, text)
    assert not found.results, f"{text!r} found {found.results[0].title}"
    return found.hint


def activation(explorer: Explorer, layer: str) -> NDArray[Any]:
    return explorer.trace.activation[0, explorer.net.span(layer)]


# By name


@pytest.mark.parametrize("name", nets.names())
def test_every_node_is_found_by_its_name(name: str) -> None:
    explorer = Explorer(network=name)
    net = explorer.net
    for node in np.random.default_rng(3).choice(net.n_nodes, 300, replace=False).tolist():
        (result,) = search(explorer, net.node_name(node)).results
        assert (result.title, result.nodes.tolist()) == (net.node_name(node), [node])


@pytest.mark.parametrize("name", nets.names())
def test_every_layer_and_map_is_found(name: str) -> None:
    explorer = Explorer(network=name)
    for layer in explorer.net.layers:
        span = explorer.net.span(layer.name)
        all_nodes = np.arange(span.start, span.stop)
        for text in (layer.name, f"layer {layer.name}", f"all the nodes: layer {layer.name.upper()}"):
            assert nodes(explorer, text) == all_nodes.tolist()
        if len(layer.shape) == 3:
            for index, own in enumerate(all_nodes.reshape(layer.shape[0], -1)):
                assert nodes(explorer, f"{layer.name} map {index + 1}") == own.tolist()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Conv2 MAP 7 (3, 4)", "conv2 map 7 (3, 4)"),
        ("conv 2 map 7 3 4", "conv2 map 7 (3, 4)"),
        ("  conv2,map7 row 3 column 4 ", "conv2 map 7 (3, 4)"),
        ("convolution 2 feature map 7 (3,4)", "conv2 map 7 (3, 4)"),
        ("fc1 #31", "fc1 unit 31"),
        ("fc 1 neuron 31", "fc1 unit 31"),
        ("fully connected 1 unit 31", "fc1 unit 31"),
        ("fc1 31", "fc1 unit 31"),
        ("output 2", "output 2"),
        ("out 2", "output 2"),
        ("input (3, 4)", "input (3, 4)"),
    ],
)
def test_names_are_taken_as_they_are_typed(explorer: Explorer, text: str, name: str) -> None:
    assert [explorer.net.node_name(node) for node in nodes(explorer, text)] == [name]


def test_the_beginning_of_names_finds_all_of_them(explorer: Explorer) -> None:
    assert [result.title for result in search(explorer, "conv").results] == ["conv1", "conv2"]
    assert [result.title for result in search(explorer, "conv map 9").results] == ["conv2 map 9"]


def test_a_place_without_a_map_is_that_place_of_all_maps(explorer: Explorer) -> None:
    start = explorer.net.span("conv2").start
    assert nodes(explorer, "conv2 (3, 4)") == [start + 100 * index + 34 for index in range(16)]


def test_several_things_are_found_together_each_node_once(explorer: Explorer) -> None:
    found = nodes(explorer, "output 3 and fc1 unit 1 and output 3 + output 4")
    assert [explorer.net.node_name(node) for node in found] == ["output 3", "fc1 unit 1", "output 4"]


# By strength


@pytest.mark.parametrize("layer", ["conv1", "fc2", "output"])
@pytest.mark.parametrize("count", [1, 10])
def test_the_strongest_and_the_weakest(explorer: Explorer, layer: str, count: int) -> None:
    values, start = activation(explorer, layer), explorer.net.span(layer).start
    strongest = values[np.array(nodes(explorer, f"strongest {count} in {layer}")) - start]
    np.testing.assert_array_equal(strongest, np.sort(values)[::-1][:count])
    weakest = values[np.array(nodes(explorer, f"{count} weakest nodes of {layer}")) - start]
    # Those that say nothing at all are a kind of their own.
    np.testing.assert_array_equal(weakest, np.sort(values[values != 0])[:count])


def test_strength_without_a_place_is_that_of_every_layer(explorer: Explorer) -> None:
    results = search(explorer, "strongest 5").results
    assert [len(result.nodes) for result in results] == [5 * len(explorer.net.layers)] + [5] * len(
        explorer.net.layers
    )
    together = {node for result in results[1:] for node in result.nodes.tolist()}
    assert set(results[0].nodes.tolist()) == together


def test_silent_and_active_nodes_are_all_there_are(explorer: Explorer) -> None:
    values, start = activation(explorer, "fc1"), explorer.net.span("fc1").start
    silent, active = nodes(explorer, "silent in fc1"), nodes(explorer, "active in fc1")
    assert set(silent) == set((np.flatnonzero(values == 0) + start).tolist())
    assert set(active) == set((np.flatnonzero(values) + start).tolist())
    assert search(explorer, "silent in fc1").results[0].detail == f"{len(silent)} of 120 nodes"


def test_within_a_map(explorer: Explorer) -> None:
    span = explorer.net.span("conv2")
    own = np.arange(span.start + 600, span.start + 700)
    values = explorer.trace.activation[0]
    found = np.array(nodes(explorer, "strongest 3 in conv2 map 7"))
    assert set(found) <= set(own)
    np.testing.assert_array_equal(values[found], np.sort(values[own])[::-1][:3])


# By what they say


@pytest.mark.parametrize("digit", [1, 2])
def test_who_speaks_for_and_against_a_digit(explorer: Explorer, digit: int) -> None:
    evidence = relevance.of_class(explorer.trace, digit).node
    span = explorer.net.span("fc1")
    own = np.sort(evidence[span])
    speaking = evidence[nodes(explorer, f"nodes that say {digit} in fc1")]
    np.testing.assert_array_equal(speaking, own[::-1][:10][own[::-1][:10] > 0])
    opposed = evidence[nodes(explorer, f"6 against {digit} in fc1")]
    np.testing.assert_array_equal(opposed, own[:6][own[:6] < 0])


@pytest.mark.parametrize("text", ["nodes that say 2", "evidence for 2", "says 2", "all that speaks for 2"])
def test_there_are_many_ways_to_say_it(explorer: Explorer, text: str) -> None:
    assert nodes(explorer, text) == nodes(explorer, "say 2")
    assert len(nodes(explorer, text)) == 10 * (len(explorer.net.layers) - 1)


def test_a_digit_alone_is_its_output_and_what_is_said_of_it(explorer: Explorer) -> None:
    titles = [result.title for result in search(explorer, "2").results]
    assert titles == ["output 2", "Say 2: 10 in each layer", "Against 2: 10 in each layer"]
    assert nodes(explorer, "2") == nodes(explorer, "output 2")


# The state it looks at


def test_what_is_selected_can_be_found(explorer: Explorer) -> None:
    assert "Nothing is selected" in hint(explorer, "selected")
    explorer.select([7, 3, 5])
    assert nodes(explorer, "selected") == [7, 3, 5]


def test_another_drawing_is_another_answer(explorer: Explorer) -> None:
    before = nodes(explorer, "strongest 10 in fc1")
    explorer.draw(SAMPLES[3].strokes)
    assert nodes(explorer, "strongest 10 in fc1") != before
    explorer.clear()
    assert len(nodes(explorer, "silent in input")) == 1024
    assert "No node there is active" in hint(explorer, "active in input")


# What is not understood


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Nothing is asked for."),
        ("blah", "“blah” is not known here; the layers are called input, conv1"),
        ("conv3", "no layer conv3"),
        ("conv2 map 17", "conv2 has maps 1 to 16."),
        ("conv2 map 0", "conv2 has maps 1 to 16."),
        ("conv2 map", "Which map of conv2?"),
        ("conv2 unit 3", "conv2 has no units"),
        ("conv2 map 7 (10, 0)", "Rows of conv2 go from 0 to 9"),
        ("conv2 map 7 3", "a row and a column"),
        ("fc1 unit 121", "fc1 has units 1 to 120"),
        ("fc1 unit 0", "fc1 has units 1 to 120"),
        ("fc1 map 1", "no maps"),
        ("output 10", "output has digits 0 to 9"),
        ("12", "output has digits 0 to 9"),
        ("say", "a digit from 0 to 9 is needed"),
        ("say 12", "a digit from 0 to 9 is needed"),
        ("strongest 0", "Nought"),
        ("strongest 5 in", "The name of a layer is missing."),
        ("map 3", "the name of a layer is needed"),
        ("fc1 and", "The name of a layer is missing."),
        ("2 2", "not understood"),
        (" and ".join(["fc1"] * 20), "At most 8"),
        ("x" * (LONGEST + 1), f"at most {LONGEST} characters"),
    ],
)
def test_what_is_wrong_is_said_with_examples_that_work(explorer: Explorer, text: str, said: str) -> None:
    sentence = hint(explorer, text)
    assert said in sentence
    for example in re.findall("“(.+?)”", sentence.partition(" Try ")[2]):
        assert search(explorer, example).results


def test_a_layer_of_the_other_network_is_not_known() -> None:
    assert "conv" in hint(Explorer(network="mlp"), "conv2 map 7")


@pytest.mark.parametrize("name", nets.names())
def test_suggestions_find_something(name: str) -> None:
    results = suggestions(Explorer(network=name)).results
    assert len(results) == 4
    assert all(len(result.nodes) for result in results)


def test_no_text_breaks_it(explorer: Explorer) -> None:
    generator = random.Random(5)
    words = re.split(
        " ",
        "conv2 map 7 fc1 unit # strongest silent say against in and output ( , ) 99999999999999999999 ² ٣ İ",
    )
    for _ in range(600):
        text = " ".join(generator.choices(words, k=generator.randrange(8)))
        text += "".join(generator.choices(string.printable, k=generator.randrange(4)))
        check(explorer, search(explorer, text).results)
    for text in ("9" * LONGEST, "(" * LONGEST, "\x00", "conv2 map " + "9" * 150, "\ud800"):
        check(explorer, search(explorer, text).results)


def check(explorer: Explorer, results: tuple[Result, ...]) -> None:
    assert len(results) <= MOST
    for result in results:
        assert len(result.nodes)
        assert len(set(result.nodes.tolist())) == len(result.nodes)
        assert 0 <= result.nodes.min() <= result.nodes.max() < explorer.net.n_nodes
