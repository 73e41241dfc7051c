"""In a notebook: what goes in and comes out, and what a display carries."""

from __future__ import annotations

from typing import Any

import numpy as np
import panel as pn
import pytest
from bokeh.document import Document

import vizapp
from vizapp import nets, views
from vizapp.inputs import InputError, drawing_to_input, reference
from vizapp.inputs.strokes import Stroke
from vizapp.notebook import Explorer
from vizapp.views.alone import alone

SEVEN = np.array([[0.25, 0.2], [0.75, 0.2], [0.4, 0.85]], np.float32)


def test_the_package_has_it_without_loading_it_before() -> None:
    assert vizapp.Explorer is Explorer
    with pytest.raises(AttributeError):
        _ = vizapp.nothing


@pytest.mark.parametrize("given", [[SEVEN], SEVEN, [SEVEN.tolist()], [{"points": SEVEN, "width": 2.4}]])
def test_strokes_are_taken_as_they_come(given: Any) -> None:
    explorer = Explorer(given, network="mlp")
    np.testing.assert_array_equal(explorer.image, drawing_to_input([Stroke(SEVEN)]))
    assert explorer.undoable is None


def test_an_image_is_taken_and_answered() -> None:
    image = reference()[0][0].astype(np.float32) / 255
    explorer = Explorer(image, normalise=False)
    np.testing.assert_array_equal(explorer.image, image)
    expected = nets.load("cnn").forward(image).probabilities[0]
    np.testing.assert_array_equal(explorer.probabilities.to_numpy(), expected)
    assert explorer.probabilities.idxmax() == explorer.prediction


def test_what_is_no_drawing_is_refused() -> None:
    for given in (np.full((28, 28), 2.0), "text", [[["a", "b"]]], np.zeros((5, 3))):
        with pytest.raises(InputError):
            Explorer(given)


def test_selected_nodes_are_a_table() -> None:
    explorer = Explorer(SEVEN)
    explorer.select([9000, 5])
    table = explorer.table()
    assert list(table.index) == [9000, 5]
    np.testing.assert_array_equal(table["activation"], explorer.trace.activation[0, [9000, 5]])
    assert explorer.table([1]).loc[1, "name"] == explorer.net.node_name(1)


def test_a_display_carries_the_bundle_once() -> None:
    def modules(viewable: pn.viewable.Viewable) -> list[Any]:
        models = viewable._render_model(Document(), None).references()
        return [model for model in models if hasattr(model, "esm")]

    explorer = Explorer(SEVEN)
    for found in (modules(explorer.panel()), modules(alone(views.Scene(explorer)))):
        sizes = {model.class_name: len(model.esm) for model in found}
        assert sizes.pop("Link") > 300_000
        assert max(sizes.values()) < 1000
        # Each is a module of its own to Panel, and waits for the one that has it all.
        assert len({model.bundle for model in found}) == len({model.class_name for model in found})
