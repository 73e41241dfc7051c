"""The camera of the 3D scene on its way to a step and back, on a page with nothing else."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page
from scene_page import network, open_scene, scene_document

from vizapp.nets.network import Network

SIZE = (1000, 760)


@pytest.fixture(scope="module")
def cnn() -> Network:
    return network("cnn")


@pytest.fixture
def scene(page: Page, cnn: Network) -> Page:
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
    open_scene(page, scene_document(cnn))
    return page


def settle(page: Page, script: str) -> Any:
    """Run a script in the page and wait until the scene has come to rest."""
    result = page.evaluate(f"() => {{ {script} }}")
    page.evaluate("rest()")
    return result


def aim(page: Page, *runs: int, animate: bool = True) -> None:
    settle(page, f"scene.aim(Uint32Array.from({list(runs)}), {str(animate).lower()})")


def places(page: Page, nodes: Sequence[int] | slice) -> NDArray[np.float64]:
    """Where nodes are on the screen, float64[node, 2]."""
    return np.array(page.evaluate("Array.from(network.size, (_, node) => scene.project(node))"))[nodes]


def inside(points: NDArray[np.float64]) -> bool:
    return bool(((points > 0) & (points < SIZE)).all())


def run(cnn: Network, name: str) -> tuple[int, int]:
    span = cnn.span(name)
    return span.start, span.stop - span.start


def spread(points: NDArray[np.float64]) -> float:
    return float(np.ptp(points[:, 0]))


@pytest.mark.parametrize("name", ["input", "conv1", "pool2", "fc1", "output"])
def test_a_flight_brings_the_nodes_near_and_none_of_them_out_of_sight(
    scene: Page, cnn: Network, name: str
) -> None:
    before = places(scene, cnn.span(name))
    aim(scene, *run(cnn, name))
    after = places(scene, cnn.span(name))
    assert inside(after)
    assert spread(after) >= 0.99 * spread(before)
    # What is small is magnified, but not without bounds.
    if name in ("input", "output"):
        assert 1.5 * spread(before) < spread(after) < 4 * spread(before)


def test_a_flight_does_not_turn_the_network(scene: Page, cnn: Network) -> None:
    settle(scene, "scene.view('side', false)")
    layer = places(scene, cnn.span("output"))
    aim(scene, *run(cnn, "output"))
    after = places(scene, cnn.span("output"))
    before_slope, after_slope = ((p[-1] - p[0]) for p in (layer, after))
    angle = [np.degrees(np.arctan2(*slope[::-1])) for slope in (before_slope, after_slope)]
    # Perspective bends it a little; from the front it would be the other way around.
    assert abs(angle[0] - angle[1]) < 15


def test_the_way_back_is_the_way_it_came(scene: Page, cnn: Network) -> None:
    before = places(scene, slice(None))
    aim(scene, *run(cnn, "output"))
    aim(scene, *run(cnn, "input"))
    settle(scene, "scene.aim(null)")
    np.testing.assert_allclose(places(scene, slice(None)), before, atol=0.5)


def test_a_view_of_ones_own_comes_back(scene: Page, cnn: Network) -> None:
    scene.get_by_role("application").focus()
    for _ in range(6):
        scene.keyboard.press("ArrowLeft")
    scene.keyboard.press("+")
    scene.evaluate("rest()")
    before = places(scene, slice(None))
    aim(scene, *run(cnn, "output"))
    assert not np.allclose(places(scene, slice(None)), before, atol=5)
    settle(scene, "scene.aim(null)")
    np.testing.assert_allclose(places(scene, slice(None)), before, atol=0.5)


def test_whoever_moves_the_camera_has_it(scene: Page, cnn: Network) -> None:
    # In the middle of the flight, and for good: nothing flies on, and nothing flies back.
    scene.evaluate(f"scene.aim(Uint32Array.from({list(run(cnn, 'output'))}))")
    scene.get_by_role("application").focus()
    scene.keyboard.press("ArrowLeft")
    scene.evaluate("rest()")
    own = places(scene, slice(None))
    settle(scene, "scene.aim(null)")
    np.testing.assert_allclose(places(scene, slice(None)), own, atol=0.01)


def test_a_drag_in_the_middle_of_a_flight_ends_it(scene: Page, cnn: Network) -> None:
    aim(scene, *run(cnn, "output"))
    landed = places(scene, slice(None))
    settle(scene, "scene.aim(null); scene.reset(false)")
    scene.mouse.move(500, 600)
    scene.evaluate(f"scene.aim(Uint32Array.from({list(run(cnn, 'output'))}))")
    scene.mouse.down()
    scene.mouse.move(510, 600, steps=2)
    scene.mouse.up()
    scene.evaluate("rest()")
    assert not np.allclose(places(scene, slice(None)), landed, atol=5)


def test_without_motion_the_camera_stays_where_the_nodes_can_be_seen(scene: Page, cnn: Network) -> None:
    scene.emulate_media(reduced_motion="reduce")
    before = places(scene, slice(None))
    aim(scene, *run(cnn, "output"))
    np.testing.assert_array_equal(places(scene, slice(None)), before)
    # Zoomed in elsewhere they cannot: one cut, and no motion.
    settle(scene, f"scene.aim(Uint32Array.from({list(run(cnn, 'input'))}), false)")
    scene.get_by_role("application").focus()
    for _ in range(14):
        scene.keyboard.press("+")
    scene.evaluate("rest()")
    assert not inside(places(scene, cnn.span("output")))
    drawn = scene.evaluate("scene.frames")
    aim(scene, *run(cnn, "output"))
    assert inside(places(scene, cnn.span("output")))
    assert scene.evaluate("scene.frames") == drawn + 1


def test_a_resized_pane_keeps_what_was_flown_to_in_sight(scene: Page, cnn: Network) -> None:
    aim(scene, *run(cnn, "output"))
    scene.set_viewport_size({"width": 600, "height": 700})
    scene.wait_for_function("scene.canvas.clientWidth === 600")
    scene.evaluate("rest()")
    points = places(scene, cnn.span("output"))
    assert ((points > 0) & (points < (600, 700))).all()


def test_a_step_leaves_its_own_edges_and_fades_the_others(scene: Page, cnn: Network) -> None:
    """By how much the picture differs from the one without edges."""

    def picture() -> NDArray[np.float64]:
        style = scene.add_style_tag(content=".vz-labels { visibility: hidden }")
        image = Image.open(io.BytesIO(scene.screenshot())).convert("RGB")
        style.evaluate("(element) => element.remove()")
        return np.asarray(image, float)

    start, count = run(cnn, "fc2")
    output = cnn.span("output").start
    bare = picture()
    script = """([start, count, target]) => {
      const source = Uint32Array.from({ length: count }, (_, i) => start + i);
      const black = Uint8Array.from({ length: 4 * count }, (_, i) => (i % 4 === 3 ? 255 : 0));
      scene.setEdges(source, new Uint32Array(count).fill(target), black);
    }"""
    scene.evaluate(script, [start, count, output + 3])
    scene.evaluate("rest()")
    full = np.abs(picture() - bare).sum()
    settle(scene, "scene.setStep({ path: new Uint32Array(0), edges: null })")
    faded = np.abs(picture() - bare).sum()
    assert 0.05 * full < faded < 0.2 * full
    path = f"Uint32Array.from({[output + 9, start + 5]})"
    edges = f"{{ nodes: Uint32Array.from([{start}]), values: Float32Array.from([1]) }}"
    settle(scene, f"scene.setStep({{ path: {path}, edges: {edges} }})")
    assert np.abs(picture() - bare).sum() > 1.1 * faded
    settle(scene, "scene.setStep(null)")
    assert np.abs(picture() - bare).sum() == full
